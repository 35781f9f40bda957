import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {gunzipSync} from 'node:zlib';
import {Arrival} from '../../../source/store/arrival.js';
import {Store} from '../../../source/store/store.js';
import {parseLine} from '../../../source/tetragon/json/json-lines.js';
import {actor, at, counters, policy, Scene, startMs} from '../scene.js';

function rulesOf(scene: Scene) {
	return scene.store.rules();
}

test('a rate limit says how many events are missing, in the feed at its time and in the count', () => {
	const scene = new Scene();
	scene.exec(1, actor());
	scene.send(2, {rate_limit_info: {number_of_dropped_process_events: '552'}});
	assert.deepEqual(rulesOf(scene), [
		{type: 'lost', where: 'server', count: 552, reason: 'its export file has a rate limit'},
	]);
	const {lostAnnounced} = scene.store.totals();
	assert.equal(lostAnnounced, 552);
	const {lost} = scene.store.timeline(1000, 3, startMs + 3000);
	assert.deepEqual(lost, [0, 552, 0]);
});

test('a throttled cgroup has a beginning and an end in the feed, without the padding of its name, and nobody knows the number', () => {
	const scene = new Scene();
	assert.equal(scene.store.totals().isLossUnknown, false);

	function throttle(seconds: number, type: string, cgroup = 'session-1.scope\0\0\0\0') {
		return scene.send(seconds, {process_throttle: {type, cgroup}});
	}

	throttle(1, 'THROTTLE_START');
	throttle(1.1, 'THROTTLE_START');
	throttle(2, 'THROTTLE_STOP', 'other\0');
	throttle(7, 'THROTTLE_STOP');
	const cgroup = 'session-1.scope';
	assert.deepEqual(rulesOf(scene), [
		{type: 'throttled', cgroup, fromMs: startMs + 1000, toMs: undefined},
		{type: 'throttled', cgroup: 'other', fromMs: undefined, toMs: startMs + 2000},
		{type: 'throttled', cgroup, fromMs: startMs + 1000, toMs: startMs + 7000},
	]);
	assert.equal(scene.store.totals().isLossUnknown, true);
	const {lost} = scene.store.timeline(1000, 8, startMs + 7500);
	assert.deepEqual(
		lost.map(count => count > 0),
		[false, true, true, true, true, true, true, false],
	);
});

test('the recorded throttling is drawn for both cgroups, begun and ended', () => {
	const scene = new Scene();
	const file = new URL('../../../demo/recordings/throttle/events.jsonl.gz', import.meta.url);
	for (const line of gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')) {
		const bytes = Buffer.from(line);
		const event = parseLine(bytes);
		if (event) {
			scene.store.take(scene.node, new Arrival().line(bytes, event), Date.parse(event.time ?? at(0)));
		}
	}

	const throttled = rulesOf(scene).filter(rule => rule.type === 'throttled');
	assert.deepEqual(
		throttled.map(({cgroup, fromMs, toMs}) => [cgroup.length, fromMs !== undefined, toMs !== undefined]),
		[
			[64, true, false],
			[64, true, false],
			[64, true, true],
			[64, true, true],
		],
	);
});

test('a gap makes the count incomplete', () => {
	const scene = new Scene();
	scene.store.setLostServer(scene.node, 0);
	assert.equal(scene.store.totals().isLossUnknown, false);
	scene.store.rule(scene.node, {type: 'gap', fromMs: startMs, toMs: startMs + 3000, reason: 'EOF'}, startMs + 3000);
	assert.equal(scene.store.totals().isLossUnknown, true);
});

test('a NoPost kill is an UNSEEN alert within 15 s: 10 s to the poll at the most, and 4 s for its event to come', () => {
	const scene = new Scene();
	scene.policies(0, policy('ENFORCE', {stats: counters({signal: 0})}));
	scene.tick(9.9);
	scene.policies(10, policy('ENFORCE', {stats: counters({signal: 2})}));
	scene.tick(12);
	assert.deepEqual(scene.states(), []);
	scene.tick(14);
	assert.deepEqual(scene.states(), ['UNSEEN×2']);
	scene.tick(15);
	scene.policies(20, policy('ENFORCE', {stats: counters({signal: 2})}));
	scene.tick(24);
	assert.deepEqual(scene.states(), ['UNSEEN×2'], 'said once');
});

test('a recording that is set back begins anew: nothing of its future is left', () => {
	const scene = new Scene();
	const {store, node} = scene;
	const shell = actor({binary: '/bin/sh'});

	function tell() {
		scene.policies(0, policy('ENFORCE'));
		scene.exec(1, shell);
		scene.hook(2, shell);
		scene.exit(2.1, shell, 'SIGKILL');
	}

	tell();
	store.rule(node, {type: 'gap', fromMs: startMs, toMs: startMs + 1000, reason: 'EOF'}, startMs + 3000);
	scene.tick(3);
	const {epoch} = store;
	store.reset();
	assert.notEqual(store.epoch, epoch);
	assert.deepEqual(scene.states(), []);
	assert.equal(store.totals().events, 0);
	assert.equal(store.totals().isLossUnknown, false);
	assert.equal(store.totals().processes, 0);
	assert.equal(store.process(shell.exec_id), undefined);
	assert.equal(store.nodes()[0]?.events, 0);
	assert.deepEqual(store.policyRows(), []);
	assert.equal(store.openFeed().total, 0);
	// And it can be told again, the clock running from where it is.
	tell();
	assert.deepEqual(scene.states(), ['KILLED×1']);
	assert.equal(store.totals(startMs + 3000).events, 3);
	assert.equal(store.timeline(1000, 3, startMs + 3000).all.join(' '), '1 2 0');
});

test('a store that was never fed has lost nothing that it knows of', () => {
	const {lostAnnounced, isLossUnknown, lostServer} = new Store().totals();
	assert.deepEqual(
		{lostAnnounced, isLossUnknown, lostServer},
		{lostAnnounced: 0, isLossUnknown: false, lostServer: undefined},
	);
});
