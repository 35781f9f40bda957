import assert from 'node:assert/strict';
import test from 'node:test';
import {Arrival} from '../../source/store/arrival.js';
import {Store} from '../../source/store/store.js';
import type {Event} from '../../source/tetragon/event/event.js';
import {framesOf, recordingNames, statsOf} from '../agent/recordings.js';
import {random} from './random.js';
import {type Actor, actor, at, counters, policy, Scene, startMs} from './scene.js';

for (const name of recordingNames()) {
	test(`${name}: no event is lost and every kind is counted as the recording says`, () => {
		const store = new Store();
		const node = store.openNode('minikube');
		const frames = framesOf(name);
		for (const [index, frame] of frames.entries()) {
			store.take(node, new Arrival().frame(frame), index);
		}

		const stats = statsOf(name);
		const {events, byKind} = store.totals();
		assert.equal(events, stats.events);
		assert.deepEqual({...byKind}, {...stats.kinds});
		// A throttled cgroup is drawn as a rule beside its events.
		const feed = store.openFeed();
		assert.equal(feed.length, stats.events + store.rules().length);
		let index = feed.length - 1;
		while (index > 0 && feed.at(index)?.type !== 'event') {
			index--;
		}

		const last = feed.at(index);
		assert.deepEqual(Buffer.from(store.frameOf(last!.seq)!.bytes), Buffer.from(frames[events - 1]!));
	});
}

test('the recorded policy kills are KILLED with their parents, where the agent enforced', () => {
	const store = new Store();
	const node = store.openNode('minikube');
	store.takePolicies(node, [policy('ENFORCE', {name: 'file-monitoring-filtered', namespace: 'default'})], 0);
	for (const frame of framesOf('file-enforce')) {
		store.take(node, new Arrival().frame(frame), 1);
	}

	const {groups} = store.kills();
	assert.deepEqual(groups.map(({state, pod, binary}) => `${state} ${pod} ${binary}`).sort(), [
		'KILLED tiefighter /usr/bin/head',
		'KILLED xwing /usr/bin/bash',
		'KILLED xwing /usr/bin/cat',
	]);
	const cat = groups.find(({binary}) => binary === '/usr/bin/cat')?.kills[0];
	assert.deepEqual(
		cat?.chain.slice(0, 2).map(({binary}) => binary),
		['/usr/bin/cat', '/usr/bin/bash'],
	);
	assert.equal(store.event(cat!.seq)?.process_kprobe?.function_name, 'security_file_permission');
});

test('the recorded NotifyEnforcer kill is KILLED, and each override is DENIED, not a kill', () => {
	const store = new Store();
	const node = store.openNode('minikube');
	store.takePolicies(
		node,
		['enforcer-rmdir', 'security-override'].map(name => policy('ENFORCE', {name})),
		0,
	);
	for (const frame of framesOf('override-usdt-enforcer')) {
		store.take(node, new Arrival().frame(frame), 1);
	}

	assert.deepEqual(
		store
			.kills()
			.groups.map(({state, binary, count}) => `${state} ${binary} ${count}`)
			.sort(),
		['DENIED /usr/bin/mkdir 1', 'DENIED /usr/bin/mkdir 2', 'KILLED /usr/bin/rmdir 1'],
	);
});

test('20 kills among 200 000 events are all listed, in their state, with their parents', () => {
	const scene = new Scene();
	const storm = scene.store.openNode('minikube');
	scene.policies(0, policy('ENFORCE'), policy('MONITOR', {name: 'watch'}));
	const frames = framesOf('fork-storm');
	const shells: Actor[] = [];
	for (let index = 0; index < 200_000; index++) {
		scene.store.take(storm, new Arrival().frame(frames[index % frames.length]!), startMs + index / 10);
		if (index % 10_000 === 5000) {
			const shell = actor({binary: `/shell-${shells.length}`});
			const victim = actor({binary: `/victim-${shells.length}`, parent: shell});
			shells.push(shell);
			scene.exec(index / 10_000, shell);
			scene.exec(index / 10_000, victim, shell);
			scene.hook(index / 10_000, victim, {policy: shells.length % 4 === 0 ? 'watch' : 'deny-shadow'});
			if (shells.length % 5 !== 0) {
				scene.exit(index / 10_000 + 0.01, victim, 'SIGKILL');
			}
		}

		if (index % 2500 === 0) {
			scene.store.tick(startMs + index / 10);
		}
	}

	const {groups, byState} = scene.store.kills();
	assert.deepEqual(byState, {'KILL-SENT': 3, KILLED: 12, 'WOULD-KILL': 5});
	assert.equal(groups.length, 20);
	for (const {binary, kills} of groups) {
		assert.equal(kills[0]?.chain[1]?.binary, binary.replace('victim', 'shell'));
	}
});

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one random run with its checks
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one random run with its checks
test('in whatever order events come, twice or not at all: nothing breaks and all sums agree', () => {
	// All in npm run test:fuzz.
	const seeds = process.env['TEST_LONG'] === undefined ? 4 : 40;
	for (let seed = 1; seed <= seeds; seed++) {
		const next = random(seed);
		const scene = new Scene({bufferBytes: 200_000, maxProcesses: 64, keepDeadMs: 2000});
		scene.form = seed % 2 === 0 ? 'lines' : 'frames';
		const other = scene.store.openNode('node-2');
		const actors = Array.from({length: 60}, (_, index) =>
			actor({pid: 1 + (index % 25), start: index / 10, pod: index % 3 === 0 ? '' : `pod-${index % 4}`}),
		);
		const people: Actor[] = actors.map((person, index) => ({
			...person,
			parent_exec_id: actors[Math.floor(next() * 60)]!.exec_id,
			...(index % 7 === 0 ? {exec_id: ''} : {}),
			flags: ['execve clone', 'execve', 'clone', 'procFS', 'unknown'][index % 5]!,
		}));
		let sent = 0;
		for (let round = 0; round < 3000; round++) {
			const process = people[Math.floor(next() * 60)]!;
			const parent = people[Math.floor(next() * 60)]!;
			const body = {
				...(next() < 0.95 ? {process} : {}),
				...(next() < 0.7 ? {parent} : {}),
				...(next() < 0.3 ? {signal: 'SIGKILL'} : {}),
				action: [0, 1, 3, 5, 10, 13, 99][Math.floor(next() * 7)],
				policy_name: ['', 'deny-shadow', 'other'][Math.floor(next() * 3)],
				function_name: 'f',
			};
			const kinds = [
				'process_exec',
				'process_exit',
				'process_kprobe',
				'process_lsm',
				'process_loader',
				'process_throttle',
				'test',
			] as const;
			const event: Event = {[kinds[Math.floor(next() * 7)]!]: body, time: at(round / 50 - next() * 35)};
			scene.send(round / 50, event, 0, next() < 0.5 ? scene.node : other);
			sent++;
			if (next() < 0.01) {
				scene.policies(
					round / 50,
					policy(['ENFORCE', 'MONITOR', 'UNKNOWN'][Math.floor(next() * 3)]!, {
						stats: counters({signal: round, post: round}),
					}),
				);
			}

			if (next() < 0.02) {
				scene.tick(round / 50);
			}

			if (next() < 0.01) {
				scene.store.acknowledge('all');
			}

			if (next() < 0.005) {
				const dump = people.slice(0, 30).map(process => ({process, alive: next() < 0.7}));
				scene.takeDump(round / 50, dump);
			}
		}

		const {store} = scene;
		const totals = store.totals();
		assert.equal(totals.events, sent);
		assert.equal(
			Object.values(totals.byKind).reduce((sum, count) => sum + (count ?? 0), 0),
			sent,
		);
		assert.equal(
			store.nodes().reduce((sum, {events}) => sum + events, 0),
			sent,
		);
		const kills = store.kills();
		const inGroups = kills.groups.reduce((sum, {count}) => sum + count, 0);
		assert.equal(
			Object.values(kills.byState ?? {}).reduce((sum, count) => sum + (count ?? 0), 0),
			inGroups,
		);
		assert.equal(
			store.nodes().reduce((sum, {kills}) => sum + kills, 0),
			kills.killed,
		);
		for (const flat of [true, false]) {
			const tree = store.tree({folded: new Map(), showHost: true, showInfra: true, flat, nowMs: 0});
			const rows = Array.from({length: tree.length}, (_, index) => tree.at(index)!);
			assert.equal(new Set(rows.map(({id, node}) => `${node} ${id}`)).size, rows.length, 'no row twice');
			const tops = rows.filter(({depth}) => depth === 0);
			const processes = rows.filter(({type}) => type === 'process').length;
			assert.equal(flat ? tops.length : tops.reduce((sum, row) => sum + row.processes, 0), processes);
		}

		scene.store.acknowledge('all');
		for (const process of people) {
			scene.exit(100, process);
			scene.send(100, {process_exit: {process, time: at(100)}}, 0, other);
		}

		scene.tick(200);
		const left = store.tree({folded: new Map(), showHost: true, showInfra: true, flat: true, nowMs: 0});
		const alive = Array.from({length: left.length}, (_, index) => left.at(index)!.process!).filter(
			({state}) => state !== 'exited',
		);
		assert.equal(left.length, alive.length, 'only the living are left');
	}
});

test('a policy’s row says mode, state, counters, what was seen, and where it is absent', () => {
	const scene = new Scene();
	const second = scene.store.openNode('node-2');
	const list = [
		policy('ENFORCE', {
			kernel_memory_bytes: '4096',
			stats: counters({signal: 7, override: 2, monitor_signal: 5, post: 9}),
			state: 'TP_STATE_PARTIALLY_ENABLED',
			hook_statuses: [
				{hook_description: 'a', state: 'STATUS_LOADED'},
				{hook_description: 'b', state: 'STATUS_FAILED'},
			],
		}),
		policy('MONITOR', {name: 'watch'}),
		{name: 'bad', state: 'TP_STATE_LOAD_ERROR', error: 'attach kprobe foo: not found', mode: 'TP_MODE_ENFORCE'},
	];
	scene.policies(0, ...list);
	scene.store.takePolicies(second, [policy('MONITOR_ONLY', {name: 'watch'})], startMs);
	const cat = actor({workload: 'api'});
	scene.exec(1, cat);
	for (let index = 0; index < 3; index++) {
		scene.hook(2, cat, {policy: 'watch'});
	}

	const [bad, deny, watch] = scene.store.policyRows();
	assert.equal(bad?.state, 'load_error');
	assert.match(bad?.note ?? '', /attach kprobe foo/);
	assert.deepEqual(
		[deny?.mode, deny?.state, deny?.nodes, deny?.ofNodes, deny?.enforced, deny?.would, deny?.kernelMemoryBytes],
		['enforce', 'partial', 1, 2, 9, 5, 4096],
	);
	assert.match(deny?.note ?? '', /1 of 2 hooks loaded; absent on 1 node/);
	assert.deepEqual([watch?.mode, watch?.seen, watch?.enforced], ['mixed', 3, undefined]);
	assert.deepEqual(watch?.blastRadius, [{namespace: 'default', workload: 'api', binary: '/usr/bin/cat', count: 3}]);
	assert.equal(watch?.share, 3 / 4);
});

test('what cannot be known is not called zero', () => {
	const scene = new Scene();
	assert.equal(scene.store.totals().lostServer, undefined);
	const second = scene.store.openNode('node-2');
	scene.store.setLostServer(scene.node, 3);
	assert.equal(scene.store.totals().lostServer, undefined);
	scene.store.setLostServer(second, 4);
	assert.equal(scene.store.totals().lostServer, 7);
	scene.store.shed('slow disk', 2);
	scene.store.shed('slow disk', 3);
	scene.store.malformed(1, 17);
	scene.store.malformed(1, 90);
	const {shed, malformed, malformedLine} = scene.store.totals();
	assert.deepEqual([shed, malformed, malformedLine], [{'slow disk': 5}, 2, 17]);
});

test('problems stand in order of weight, and the version changes only when one says something new', () => {
	const {store} = new Scene();
	const problem = {what: 'w', why: 'y', fix: 'f'};
	store.raise({id: 'a', severity: 'note', ...problem});
	store.raise({id: 'b', severity: 'error', ...problem});
	store.raise({id: 'c', severity: 'warning', ...problem});
	assert.deepEqual(
		store.problems().map(({id}) => id),
		['b', 'c', 'a'],
	);
	const {version} = store;
	store.raise({id: 'a', severity: 'note', ...problem});
	assert.equal(store.version, version);
	store.settle('b');
	assert.notEqual(store.version, version);
});

test('the same name is the same node, and an address that turns out to be a node keeps its id', () => {
	const store = new Store();
	const id = store.openNode('10.0.0.5:54321');
	assert.equal(store.openNode('10.0.0.5:54321'), id);
	store.renameNode(id, 'node-5');
	assert.equal(store.openNode('node-5'), id);
	assert.equal(store.nodes()[0]?.name, 'node-5');
});

test('rates count the last full seconds, and an idle store stands still', () => {
	const scene = new Scene();
	const process = actor();
	for (let index = 0; index < 100; index++) {
		scene.exec(index / 10, process);
	}

	assert.equal(scene.store.totals(startMs + 10_000).perSecond, 10);
	assert.equal(scene.store.totals(startMs + 10_000).peakPerSecond, 10);
	assert.equal(scene.store.totals(startMs + 60_000).perSecond, 0);
	scene.tick(60);
	const {version} = scene.store;
	scene.tick(61);
	assert.equal(scene.store.version, version);
});
