/** Write access by construction: without --allow-write nothing that changes an agent is handed to anybody. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {fleetScreen} from '../../../source/modes/fleet/fleet-screen.js';
import {type FleetMode, permitted} from '../../../source/modes/fleet/mode.js';
import type {ScreenOptions} from '../../../source/modes/terminal/open-screen.js';
import type {Options} from '../../../source/options/options.js';
import {parseOptions} from '../../../source/options/parse.js';
import {agentLink} from '../../../source/tetragon/agent/client.js';
import type {Link} from '../../../source/tetragon/agent/link.js';
import type {PolicySwitch} from '../../../source/ui/effects.js';
import {initialState} from '../../../source/ui/state/initial.js';
import {TestAgent} from '../../agent/agent.js';
import {framesOf} from '../../tetragon/recorded.js';

const write = 'ConfigureTracingPolicy';

function optionsOf(words: readonly string[]): Options {
	const {options} = parseOptions(words, {});
	assert.ok(options);
	return options;
}

/** What runScreen would be given for a fleet of one real agent, and the links that the fleet has got. */
async function screenOver(
	agent: TestAgent,
	words: readonly string[],
	use: (screen: ScreenOptions, links: readonly Link[]) => Promise<void>,
): Promise<void> {
	const links: Link[] = [];
	const mode = permitted({
		options: optionsOf(words),
		targetName: 'test',
		mode: 'live',
		async connect(add) {
			add(agentLink(agent.client));
		},
	});
	const watched: FleetMode = {
		...mode,
		connect: (add, remove, ground) =>
			mode.connect(
				link => {
					links.push(link);
					add(link);
				},
				remove,
				ground,
			),
	};
	await fleetScreen(watched, async screen => {
		screen.onPainted?.();
		try {
			await until(
				() => screen.store.nodes().some(({state}) => state === 'streaming') && screen.store.policyRows().length > 0,
			);
			await use(screen, links);
		} finally {
			await screen.services.close();
		}
	});
}

async function until(isTrue: () => boolean): Promise<void> {
	while (!isTrue()) {
		await new Promise(resolve => setTimeout(resolve, 5));
	}
}

type Member = {readonly path: string; readonly call: (...values: unknown[]) => unknown};

/** Every function that can be reached from an object by its properties and those of its prototypes. */
function functionsIn(root: object): readonly Member[] {
	const seen = new Set<unknown>([Object.prototype, Function.prototype, Array.prototype]);
	const found: Member[] = [];

	function visit(value: unknown, path: string): void {
		if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) {
			return;
		}

		seen.add(value);
		if (typeof value === 'function') {
			found.push({path, call: value as Member['call']});
		}

		for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
			visit(property.value, `${path}.${name}`);
		}

		visit(Object.getPrototypeOf(value), path);
	}

	visit(root, 'screen');
	return found;
}

const enforce: PolicySwitch = {
	type: 'switch-policy',
	nodes: ['minikube'],
	name: 'file-monitoring-filtered',
	namespace: '',
	mode: 'TP_MODE_ENFORCE',
};

test('without --allow-write the screen is handed no function that switches a policy, and calling them all sends no write', async () => {
	await using agent = await TestAgent.start({frames: framesOf('file-enforce')});
	await screenOver(agent, [], async ({services, store, ...rest}, links) => {
		assert.equal('switchPolicy' in services, false);
		const functions = functionsIn({services, ...rest});
		assert.ok(functions.length > 5);
		assert.deepEqual(
			functions.filter(({path}) => /switch|configure/i.test(path)).map(({path}) => path),
			[],
		);
		assert.deepEqual(
			functionsIn(store)
				.filter(({path}) => /switchPolicy|configure/i.test(path))
				.map(({path}) => path),
			[],
		);
		const ui = initialState({columns: 80, rows: 24, targetName: '', mode: 'live', allowWrite: true, chips: []});
		for (const [name, service] of Object.entries(services)) {
			if (name === 'close' || name === 'record') {
				continue;
			}

			const call = service as (value: unknown) => unknown;
			await Promise.resolve(call(name === 'refresh' ? ui : enforce)).catch(() => undefined);
		}

		// Down to the connections: there is nothing to call.
		assert.equal(links.length, 1);
		for (const link of links) {
			const connection = await link.open(new AbortController().signal);
			assert.deepEqual(
				functionsIn({link, connection}).filter(({path}) => /configure/i.test(path)),
				[],
			);
			assert.match(await connection.version(), /^v1\.8/);
			connection.close();
		}
	});
	assert.equal(agent.calls.includes('ListTracingPolicies'), true);
	assert.equal(agent.calls.includes(write), false);
});

test('with --allow-write the same function is there, and its call reaches the agent', async () => {
	await using agent = await TestAgent.start({frames: framesOf('file-enforce')});
	await screenOver(agent, ['--allow-write'], async ({services, store}) => {
		assert.ok(services.switchPolicy);
		const [policy] = store.policyRows();
		assert.ok(policy);
		const said = await services.switchPolicy({
			...enforce,
			name: policy.name,
			namespace: policy.namespace,
			nodes: policy.perNode.map(({nodeName}) => nodeName),
		});
		assert.match(said, /is now enforced on 1 of 1 nodes/);
	});
	assert.equal(agent.calls.filter(name => name === write).length, 1);
});
