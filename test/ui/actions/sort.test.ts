import assert from 'node:assert/strict';
import {test} from 'node:test';
import {User} from '../user.js';

function quietAndBusy(): {user: User; busy: number; quiet: number; exec: (node: number, times: number) => void} {
	const user = new User(120, 40);
	const busy = user.scene.node('busy');
	const quiet = user.scene.node('quiet');
	let id = 0;

	function exec(node: number, times: number): void {
		for (let index = 0; index < times; index++) {
			id++;
			user.scene.take(node, {process_exec: {process: {exec_id: `${id}`, pid: id, binary: `/bin/${id}`}}});
		}
	}

	return {user, busy, quiet, exec};
}

function names(user: User): string[] {
	return user.picture.nodes.map(({name}) => name);
}

test('the sort menu sorts nodes by a value, I turns it round', () => {
	const {user, quiet, exec} = quietAndBusy();
	exec(quiet, 5);
	user.press('5', '>');
	assert.equal(user.ui.overlay?.type, 'menu');
	user.press('down', 'down', 'down', 'enter');
	assert.deepEqual(user.ui.sorts.nodes, {by: 'rate', isInverted: false});
	assert.deepEqual(names(user), ['quiet', 'busy']);
	assert.match(user.screen().join('\n'), /by events a second/);
	user.press('I');
	assert.deepEqual(names(user), ['busy', 'quiet']);
});

test('a value that moves does not move rows within 3 s of a key', () => {
	const {user, busy, quiet, exec} = quietAndBusy();
	exec(quiet, 5);
	user.press('5', '>', 'down', 'down', 'down', 'enter');
	assert.deepEqual(names(user), ['quiet', 'busy']);
	user.view.touch(user.scene.nowMs);
	exec(busy, 50);
	user.scene.nowMs += 2900;
	assert.deepEqual(names(user), ['quiet', 'busy']);
	user.scene.nowMs += 200;
	assert.deepEqual(names(user), ['busy', 'quiet']);
});

test('processes are sorted by the newest start, and the feed says that it cannot be sorted', () => {
	const user = new User(120, 40);
	const node = user.scene.node('a');
	for (const [id, start] of [
		['old', '2026-01-01T00:00:00Z'],
		['new', '2026-01-02T00:00:00Z'],
	] as const) {
		const pod = {namespace: 'default', name: 'xwing', container: {id: 'containerd://1', name: 'main'}};
		const process = {exec_id: id, pid: id.length, binary: `/bin/${id}`, start_time: start, pod};
		user.scene.take(node, {process_exec: {process}});
	}

	function binaries(): Array<string | undefined> {
		return Array.from(
			{length: user.picture.tree.length},
			(_, index) => user.picture.tree.at(index)?.process?.facts?.binary,
		).filter(Boolean);
	}

	assert.deepEqual(binaries(), ['/bin/old', '/bin/new']);
	user.press('2', '>');
	assert.equal(user.ui.overlay, undefined);
	assert.match(user.ui.flash?.text ?? '', /order in which its rows came/);
	user.press('1', '>', 'G', 'enter');
	assert.deepEqual(binaries(), ['/bin/new', '/bin/old']);
});
