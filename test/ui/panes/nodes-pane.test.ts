import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Store} from '../../../source/store/store.js';
import {User} from '../user.js';
import {Scene} from './scene.js';

test('what tetratop runs on the nodes is left out, and how many events that were is said', () => {
	const store = new Store();
	const user = new User(120, 40, new Scene(store));
	const node = user.scene.node('worker-1');
	store.hide(node);
	user.scene.take(node, {process_exec: {process: {exec_id: 'theirs', pid: 2, binary: '/usr/bin/cat'}}});
	assert.equal(user.picture.totals.events, 1);
	user.press('5');
	assert.match(user.screen().join('\n'), /5 NODES\] 1: 1 streaming · own execs hidden: 1 /);
});

test('a node that left is listed for a minute as ended, and is never one that lacks', () => {
	const store = new Store();
	const user = new User(120, 40, new Scene(store));
	const {scene} = user;
	scene.nowMs = Date.parse('2026-01-01T00:00:00Z');
	scene.node('stays');
	for (const name of ['left-1', 'left-2', 'left-3']) {
		scene.node(name, {state: 'ended', sinceMs: scene.nowMs, version: 'v1.0.0'});
	}

	user.press('5');
	const before = user.screen().join('\n');
	assert.match(before, /5 NODES\] 4: 1 streaming · 3 ended/);
	// After a scale-down all that is left streams: 1/1, with the version of what is left.
	assert.match(before, /nodes 1\/1 /);
	assert.doesNotMatch(before, /mixed/);
	scene.nowMs += 60_000;
	const after = user.screen().join('\n');
	assert.match(after, /5 NODES\] 1: 1 streaming/);
	assert.doesNotMatch(after, /left-1/);
});

test('it is called live while a node streams, and not before and not after', () => {
	const store = new Store();
	const user = new User(120, 40, new Scene(store));
	const node = user.scene.node('worker-1');
	for (const [state, word] of [
		['connecting', '○ NOT LIVE'],
		['streaming', '● LIVE'],
		['quiet', '● LIVE'],
		['retrying', '○ NOT LIVE'],
		['blocked', '○ NOT LIVE'],
		['ended', '○ NOT LIVE'],
	] as const) {
		store.setNode(node, {state});
		assert.ok(user.screen().join('\n').includes(word), state);
	}
});
