/** The nodes as a component. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Store} from '../../../source/store/store.js';
import {User} from '../user.js';
import {atEachSize, Mounted, type Size} from './mounted.js';
import {Scene} from './scene.js';

function threeNodes(size: Size): Mounted {
	const scene = new Scene();
	const busy = scene.node('worker-b');
	scene.node('worker-c', {state: 'retrying', attempt: 3, note: 'stream EOF'});
	scene.node('worker-a');
	for (let id = 1; id <= 20; id++) {
		scene.take(busy, {process_exec: {process: {exec_id: `${id}`, pid: id, binary: '/bin/x'}}});
	}
	return new Mounted(size, scene).press('5');
}

function names(pane: Mounted): readonly string[] {
	// The note below the list names the chosen node once more.
	return [...new Set([...pane.text('nodes').matchAll(/worker-\w/g)].map(([name]) => name))];
}

atEachSize('every node has a row with its version, state and what is wrong', size => {
	const pane = threeNodes(size);
	assert.match(pane.pane('nodes')[0] ?? '', /3: 2 streaming . 1 retry/);
	assert.deepEqual(names(pane), ['worker-b', 'worker-c', 'worker-a']);
	assert.match(pane.pane('nodes').find(row => row.includes('worker-a')) ?? '', /v1\.8\.0 +● streaming/);
	assert.match(pane.pane('nodes').find(row => row.includes('worker-c')) ?? '', /retry 3.*stream EOF/);
});

atEachSize('the cursor moves by rows, and the note below is of the chosen node', size => {
	const pane = threeNodes(size);
	assert.match(pane.chosen('nodes'), /worker-b/);
	assert.match(pane.press('j').chosen('nodes'), /worker-c/);
	assert.match(pane.text('nodes'), /worker-c .*stream EOF[\s\S]*worker-c .*stream EOF/);
	assert.match(pane.press('G').chosen('nodes'), /worker-a/);
	assert.match(pane.press('g').chosen('nodes'), /worker-b/);
});

atEachSize('sorted by name, by state and by rate', size => {
	const pane = threeNodes(size).press('>', 'j', 'enter');
	assert.deepEqual(names(pane), ['worker-a', 'worker-b', 'worker-c']);
	assert.deepEqual(names(pane.press('I')), ['worker-c', 'worker-b', 'worker-a']);
	pane.press('I', '>', 'j', 'enter');
	assert.equal(names(pane)[0], 'worker-c', 'worst first');
});

atEachSize('o limits all panes to the chosen node, q leads back', size => {
	const pane = threeNodes(size).press('o');
	assert.deepEqual(
		pane.user.ui.chips.map(({text}) => text),
		['node=worker-b'],
	);
	assert.ok(pane.press('5', 'q').has('events'));
});

atEachSize('without a node the pane says so', size => {
	assert.match(new Mounted(size).press('5').text('nodes'), /No node is known yet\./);
});

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
