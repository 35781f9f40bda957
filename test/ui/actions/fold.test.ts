import assert from 'node:assert/strict';
import {test} from 'node:test';
import {savedLines} from '../../../source/ui/save/saved-lines.js';
import {User} from '../user.js';

const pod = {namespace: 'default', name: 'xwing', container: {id: 'containerd://1', name: 'main'}};
const start = Date.UTC(2026, 0, 1);

/** A process that opens files, one each 100 ms. */
function opening(...paths: string[]): User {
	const user = new User(120, 40);
	const node = user.scene.node('a');
	for (const [index, path] of paths.entries()) {
		user.scene.nowMs = start + index * 100;
		user.scene.take(node, {
			time: new Date(user.scene.nowMs).toISOString(),
			process_kprobe: {
				process: {exec_id: '1', pid: 1, binary: '/bin/ls', pod},
				function_name: 'fd_install',
				policy_name: 'files',
				args: [{int_arg: 3}, {file_arg: {path}}],
			},
		});
	}
	return user;
}

function rows(user: User): string[] {
	return user.screen().flatMap(row => (/open/.test(row) ? (/(?:×\d+ )?ls \S+/.exec(row) ?? []) : []));
}

test('equal events in a row are one row with a count; another object is another row', () => {
	const user = opening('/etc/a', '/etc/a', '/etc/a', '/etc/b', '/etc/a');
	assert.deepEqual(rows(user), ['×3 ls /etc/a', 'ls /etc/b', 'ls /etc/a']);
	assert.equal(user.picture.feed.shown, 5);
	assert.match(user.screen()[1] ?? '', /5 of 5 shown/);
	user.press('up', 'up');
	assert.equal(
		user.picture.feed.indexOf(Number(user.ui.cursors.events?.id ?? -1)),
		0,
		'a fold is one step for the cursor',
	);
});

test('a saved view has every event, folded on the screen or not', () => {
	const user = opening('/etc/a', '/etc/a', '/etc/b');
	assert.equal(user.picture.feed.length, 2);
	assert.equal([...savedLines(user.picture, 'jsonl')].length, 3);
});

test('Enter on a fold opens it, and :set fold=on folds again', () => {
	const user = opening('/etc/a', '/etc/a', '/etc/b');
	user.press('g', 'enter');
	assert.deepEqual(rows(user), ['ls /etc/a', 'ls /etc/a', 'ls /etc/b']);
	assert.equal(user.ui.detail.open, false);
	user.press('enter');
	assert.equal(user.ui.detail.open, true);
	user.type(':set fold=on');
	user.press('enter');
	assert.deepEqual(rows(user).slice(0, 2), ['×2 ls /etc/a', 'ls /etc/b']);
});

test('a fold grows under a selection that stays selected, and stands still in a pause', () => {
	const user = opening('/etc/a', '/etc/a');
	user.press('up', 'p');
	const id = Number(user.ui.cursors.events?.id);

	function more(): void {
		user.scene.nowMs += 100;
		user.scene.take(0, {
			time: new Date(user.scene.nowMs).toISOString(),
			process_kprobe: {
				process: {exec_id: '1', pid: 1, binary: '/bin/ls', pod},
				function_name: 'fd_install',
				policy_name: 'files',
				args: [{int_arg: 3}, {file_arg: {path: '/etc/a'}}],
			},
		});
	}

	assert.deepEqual(rows(user), ['×2 ls /etc/a']);
	more();
	assert.deepEqual(rows(user), ['×2 ls /etc/a']);
	user.press('p');
	assert.deepEqual(rows(user), ['×3 ls /etc/a']);
	assert.equal(user.ui.cursors.events?.id, id);
	assert.equal(user.picture.feed.indexOf(id ?? -1), 0);
});

test('probes of one pod are one row with a count, an enforcement always stands for itself', () => {
	const user = new User(120, 40);
	const node = user.scene.node('a');
	for (const id of ['1', '2', '3']) {
		const container = {...pod.container, maybe_exec_probe: true};
		const process = {exec_id: id, pid: Number(id), binary: `/bin/probe-${id}`, pod: {...pod, container}};
		user.scene.take(node, {process_exec: {process}});
	}
	assert.equal(user.picture.feed.length, 1);
	assert.equal(user.picture.feed.countAt(0), 3);
	const kills = new User(120, 40);
	kills.scene.play(kills.scene.node('a'), 'file-enforce');
	const {feed} = kills.picture;
	for (let index = 0; index < feed.length; index++) {
		const row = feed.at(index);
		if (row?.type === 'event' && row.process?.kills.some(({seq}) => seq === row.seq)) {
			assert.equal(feed.countAt(index), 1);
		}
	}
});
