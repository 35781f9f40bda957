import assert from 'node:assert/strict';
import {type ChildProcess, execFile} from 'node:child_process';
import {existsSync, readdirSync, statSync, utimesSync} from 'node:fs';
import test, {type TestContext} from 'node:test';
import {fileURLToPath} from 'node:url';
import {type Demo, startDemo} from '../../source/demo/agent.js';
import {removeStale} from '../../source/demo/folder.js';
import {Fleet} from '../../source/fleet/fleet.js';
import {Store} from '../../source/store/store.js';
import {type Event, kindOf, type ProcessMessage} from '../../source/tetragon/event/event.js';
import {buildRequest} from '../../source/tetragon/filter/filter.js';
import {decodeEvent} from '../../source/tetragon/wire/decode.js';
import {patchedTsx} from '../program/patched.js';

type Stage = {
	readonly demo: Demo;
	readonly store: Store;
	readonly fleet: Fleet;
	readonly events: Event[];
	readonly lateMs: number[];
};

async function perform(t: TestContext, speed: number, request = {}): Promise<Stage> {
	const demo = await startDemo({speed});
	const store = new Store();
	const events: Event[] = [];
	const lateMs: number[] = [];
	const tap = {
		frame(bytes: Uint8Array) {
			const event = decodeEvent(bytes);
			events.push(event);
			lateMs.push(Date.now() - Date.parse(event.time ?? ''));
		},
		policies() {},
		line: () => assert.fail(),
	};
	const fleet = new Fleet({store, request, tap: () => tap});
	t.after(async () => {
		await fleet.close();
		await demo.close();
	});
	for (const link of demo.links) {
		fleet.add(link);
	}

	return {demo, store, fleet, events, lateMs};
}

async function until<T>(what: string, ms: number, look: () => T | undefined | false): Promise<T> {
	for (const from = performance.now(); ; ) {
		const seen = look();
		if (seen) {
			return seen;
		}

		assert.ok(performance.now() - from < ms, `not seen in ${ms} ms: ${what}`);
		await new Promise(resolve => setTimeout(resolve, 10));
	}
}

test('within three seconds the tutorial’s kill is there: KILLED, with policy and the whole chain of parents', async t => {
	const {store, events} = await perform(t, 1);
	const group = await until('the kill', 30_000, () => store.kills().groups.find(({state}) => state === 'KILLED'));
	assert.deepEqual(
		[group.namespace, group.pod, group.binary, group.policy],
		['default', 'xwing', '/usr/bin/cat', 'file-monitoring-filtered'],
	);
	const [kill] = group.kills;
	assert.deepEqual(
		kill?.chain.map(({binary}) => binary),
		['/usr/bin/cat', '/usr/bin/bash', '/usr/bin/runc', '/usr/bin/containerd-shim-runc-v2', '/usr/lib/systemd/systemd'],
	);
	const event = decodeEvent(kill?.frame ?? Buffer.alloc(0));
	assert.match(JSON.stringify(event), /"path":"\/etc\/shadow"/);
	assert.ok(Date.parse(event.time ?? '') - Date.parse(events[0]?.time ?? '') < 3000, 'seconds after the first event');
	await until(
		'three nodes',
		30_000,
		() => store.nodes(Date.now()).filter(({state}) => state === 'streaming').length === 3,
	);
	assert.deepEqual(
		store.nodes(Date.now()).map(({name, lostServer}) => [name, lostServer]),
		[
			['worker-1', 0],
			['worker-2', 0],
			['worker-3', 0],
		],
	);
});

test('a whole loop and the next: kills, quiet, noise, new ids, whole families, times of now', {
	timeout: 180_000,
}, async t => {
	const {store, events, lateMs} = await perform(t, 16);
	await until('the beginning of the second loop', 120_000, () => events.length > 7200);

	const execIds = events
		.filter(event => kindOf(event) === 'process_exec')
		.map(event => event.process_exec?.process?.exec_id);
	assert.equal(new Set(execIds).size, execIds.length, 'no id starts twice, in no loop');

	const known = new Set(store.nodes(Date.now()).map(({name}) => name));
	assert.deepEqual([...known].sort(), ['worker-1', 'worker-2', 'worker-3']);
	assert.ok(events.every(({node_name: name}) => known.has(name ?? '')));

	const families = events.filter(event => familyOf(event).process !== undefined);
	for (const event of families) {
		const {process, parent} = familyOf(event);
		assert.equal(process?.parent_exec_id, parent?.exec_id ?? process?.parent_exec_id);
		assert.doesNotMatch(
			`${process?.binary} ${parent?.binary}`,
			/podrun|vmagent|vminit|unshare/,
			'the lab is not shown',
		);
		const node = Buffer.from(process?.exec_id ?? '', 'base64')
			.toString()
			.split(':')[0];
		assert.equal(node, event.node_name);
	}

	// At 16 times the speed a tick of 20 ms is a third of a second of recording; the clock of the frames is ours.
	assert.ok(Math.min(...lateMs) > -1100, `${Math.min(...lateMs)} ms`);
	// A busy machine delays some frames; the least late of a loop shows whether the loop has the times of now.
	for (const late of [Math.min(...lateMs.slice(0, 1000)), Math.min(...lateMs.slice(-1000))]) {
		assert.ok(late < 3000, `${late} ms`);
	}

	const states = new Map(store.kills().groups.map(({state, binary}) => [`${state} ${binary}`, true]));
	for (const expected of ['KILLED /usr/bin/cat', 'KILLED /usr/bin/python3', 'WOULD-KILL /usr/bin/head']) {
		assert.ok(states.has(expected), `${expected} in ${[...states.keys()].join(', ')}`);
	}

	assert.equal(store.totals(Date.now()).malformed, 0);
	assert.equal(store.totals(Date.now()).lostServer, 0);
});

test('pods’ first processes are in the cache, under the shim that started them', async t => {
	const {demo} = await perform(t, 1);
	const connection = await demo.links[0]?.open(new AbortController().signal);
	const processes = (await connection?.dump()) ?? [];
	connection?.close();
	const web = processes.find(({process}) => process.pod?.name === 'xwing');
	assert.match(web?.process.arguments ?? '', /http\.server/);
	const shim = processes.find(({process}) => process.exec_id === web?.process.parent_exec_id);
	assert.match(shim?.process.binary ?? '', /containerd-shim/);
	assert.ok(processes.every(({alive, process}) => alive && Date.parse(process.start_time ?? '') < Date.now()));
});

test('policies are listed with counters that move, and can be switched', async t => {
	const {demo, store} = await perform(t, 1);
	await until('the kill', 30_000, () => store.kills().killed > 0);
	const connection = await demo.links[0]?.open(new AbortController().signal);

	async function list() {
		return (await connection?.policies())?.find(({name}) => name === 'file-monitoring-filtered');
	}

	const policy = await list();
	assert.deepEqual(
		[policy?.mode, policy?.state, policy?.stats?.action_counters],
		['TP_MODE_ENFORCE', 'TP_STATE_ENABLED', {post: '1', signal: '1'}],
	);
	const change = {name: 'file-monitoring-filtered', namespace: 'default', mode: 'TP_MODE_MONITOR'} as const;
	await assert.rejects(
		connection?.configurePolicy?.({...change, domain: undefined}) ?? Promise.resolve(),
		/does not exist/,
	);
	await connection?.configurePolicy?.({...change, domain: 'k8s'});
	assert.equal((await list())?.mode, 'TP_MODE_MONITOR');
	connection?.close();
});

test('its filters are an agent’s', async t => {
	const {events} = await perform(t, 16, buildRequest({pod: ['^xwing$'], deny: ['event-types=exit']}));
	await until('some', 60_000, () => events.length > 50);
	assert.ok(events.every(event => familyOf(event).process?.pod?.name === 'xwing' && event.process_exit === undefined));
});

test('CEL, which it cannot evaluate, is refused and not ignored', async t => {
	const {store} = await perform(t, 1, buildRequest({celExpression: ["process_exit.signal == 'SIGKILL'"]}));
	await until('blocked', 30_000, () => store.nodes(Date.now()).every(({state}) => state === 'blocked'));
	assert.match(store.problems()[0]?.why ?? '', /evaluate none/);
});

test('its sockets lie in a directory for this user alone, and go with it', async t => {
	const {demo, fleet} = await perform(t, 1);
	assert.equal(statSync(demo.folder).mode & 0o777, 0o700);
	assert.equal(readdirSync(demo.folder).filter(name => name.endsWith('.sock')).length, 3);
	await fleet.close();
	await demo.close();
	assert.equal(existsSync(demo.folder), false);
});

test('what a killed demo left is taken away by the next, what another uses is not', async t => {
	const script = fileURLToPath(new URL('../agent/demo-until-killed.ts', import.meta.url));

	async function start(): Promise<{child: ChildProcess; folder: string}> {
		const child = execFile(process.execPath, [patchedTsx, script]);
		const {promise, resolve} = Promise.withResolvers<string>();
		child.stdout?.once('data', resolve);
		const folder = String(await promise).trim();
		// As if it had been there for a while.
		utimesSync(folder, new Date(0), new Date(0));
		return {child, folder};
	}

	const [killed, running] = await Promise.all([start(), start()]);
	t.after(() => running.child.kill());
	const ended = new Promise(resolve => killed.child.once('exit', resolve));
	killed.child.kill('SIGKILL');
	await ended;
	assert.equal(existsSync(killed.folder), true);
	await removeStale();
	assert.deepEqual([existsSync(killed.folder), existsSync(running.folder)], [false, true]);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
	test(`${signal} takes the directory away, and still ends the process`, async () => {
		const script = fileURLToPath(new URL('../agent/demo-until-killed.ts', import.meta.url));
		const child = execFile(process.execPath, [patchedTsx, script]);
		const {promise, resolve} = Promise.withResolvers<string>();
		child.stdout?.once('data', resolve);
		const folder = String(await promise).trim();
		assert.equal(existsSync(folder), true);
		const ended = new Promise<NodeJS.Signals | null>(done => child.once('exit', (_code, by) => done(by)));
		child.kill(signal);
		assert.equal(await ended, signal);
		assert.equal(existsSync(folder), false);
	});
}

function familyOf(event: Event): {process: ProcessMessage | undefined; parent: ProcessMessage | undefined} {
	const kind = kindOf(event);
	const body = kind === 'unknown' ? undefined : event[kind];
	return {process: body?.process, parent: body?.parent};
}
