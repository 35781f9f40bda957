/** A cluster: from the user's words to the agents on its nodes, for as long as the screen is open. */
import process from 'node:process';
import type {Api} from '../../kubernetes/api/api.js';
import type {Discovery, Progress} from '../../kubernetes/discover.js';
import type {Scope} from '../../kubernetes/target/target-scope.js';
import type {Options} from '../../options/options.js';
import {parseChips} from '../../query/parse.js';
import {safe} from '../../text/safe.js';
import type {UiState} from '../../ui/state/state.js';
import {runFleet} from '../fleet/mode.js';
import {isHeadless} from '../terminal/headless.js';
import {logInFirst} from './log-in.js';
import {kubernetesOptions} from './options.js';

function chipsOf(scope: Scope | undefined) {
	const parsed = parseChips(scope?.query ?? '');
	return 'error' in parsed ? [] : parsed.chips;
}

function clusterApi(discovery: Discovery | undefined): Api {
	if (!discovery) {
		throw new Error('the cluster is not reached yet');
	}

	return discovery.cluster.api;
}

/** Whose rights they are is part of where one looks. */
function targetNameOf({cluster}: Discovery): string {
	const {context, as} = cluster.access;
	return `${context || 'cluster'}${as === '' ? '' : ` (as: ${as})`}`;
}

const stepStates = {ok: 'done', busy: 'doing', bad: 'failed'} as const;

export async function runCluster(options: Options): Promise<number> {
	if (options.command === 'doctor') {
		const {examineInCluster} = await import('./doctor-cluster.js');
		return examineInCluster(options);
	}

	const clusterOptions = kubernetesOptions(options);
	const login = await logInFirst(clusterOptions);
	let discovery: Discovery | undefined;
	let scope: Scope | undefined;
	let shown: Scope | undefined;
	let offlineSinceMs: number | undefined;
	const steps = new Map<string, Progress>();

	/** The target's chips come first; those the user set stay. */
	function withScope(ui: UiState): UiState {
		if (scope === shown) {
			return ui;
		}

		const old = new Set(chipsOf(shown).map(({id}) => id));
		shown = scope;
		return {...ui, chips: [...chipsOf(scope), ...ui.chips.filter(({id}) => !old.has(id))]};
	}

	return runFleet({
		options,
		targetName: options.context ?? 'cluster',
		mode: 'live',
		isOwn(node, facts) {
			const own = discovery?.own;
			if (own === undefined || own.knows(node, facts.execId, facts.parentExecId)) {
				return own !== undefined;
			}

			// Reading a process costs more than the rest of an event: only while one of ours is still to be seen.
			const process = facts.kind === 'process_exec' && own.expects(node) ? facts.readProcess() : undefined;
			return process !== undefined && own.isOwn(node, process);
		},
		scope: () => scope?.filter,
		targetChips: () => chipsOf(scope),
		async connect(add, remove, ground) {
			// 400 ms of modules, after the first paint.
			const {discover} = await import('../../kubernetes/discover.js');

			function say(line: string): void {
				if (isHeadless(options)) {
					process.stderr.write(`${safe(line)}\n`);
					return;
				}

				ground.raise({
					id: 'login',
					severity: 'warning',
					what: 'the login program says',
					why: line,
					fix: 'log in, then Ctrl-r',
				});
			}

			login?.screenOpens(say);
			discovery = discover(
				clusterOptions,
				{
					add,
					remove,
					problem: ground.raise,
					solved: ground.settle,
					progress: line => {
						steps.set(line.id, line);
					},
					scope(next) {
						scope = next;
					},
					offline(sinceMs) {
						offlineSinceMs = sinceMs;
					},
					say,
				},
				login?.cluster,
			);
		},
		steps: () => [...steps.values()].map(({state, text}) => ({state: stepStates[state], text})),
		refresh: ui => ({
			...withScope(ui),
			offlineSinceMs,
			targetName: discovery ? targetNameOf(discovery) : ui.targetName,
		}),
		async policyYaml(name, namespace) {
			const {policyYaml} = await import('../../kubernetes/policy-and-log.js');
			return policyYaml(clusterApi(discovery), name, namespace);
		},
		async agentLog(node) {
			const {agentLog} = await import('../../kubernetes/policy-and-log.js');
			return agentLog(clusterApi(discovery), discovery?.agents.at(node));
		},
		async close() {
			discovery?.close();
		},
	});
}
