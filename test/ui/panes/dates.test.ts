import assert from 'node:assert/strict';
import {test} from 'node:test';
import {widthOf} from '../../../source/text/width.js';
import {User} from '../user.js';
import {enforcing} from './scene.js';

const nowMs = Date.UTC(2026, 10, 24, 12);
const dayMs = 86_400_000;

/** A kill on each of the days before today, and one today. */
function killsOf(days: readonly number[], columns: number): User {
	const user = new User(columns, columns === 80 ? 24 : 40);
	const {scene} = user;
	scene.nowMs = nowMs;
	const node = scene.node('a');
	scene.store.takePolicies(node, [enforcing('deny')], nowMs);
	for (const day of days) {
		const time = new Date(nowMs - day * dayMs - 1000).toISOString();
		const process = {
			exec_id: `x${day}`,
			pid: 7 + day,
			binary: `/bin/cat${day}`,
			start_time: time,
			pod: {namespace: 'default', name: 'xwing', container: {id: 'containerd://1', name: 'main'}},
		};
		scene.take(node, {process_exec: {process}, time});
		scene.take(node, {
			process_kprobe: {process, action: 'KPROBE_ACTION_SIGKILL', policy_name: 'deny', function_name: 'f'},
			time,
		});
		scene.take(node, {process_exit: {process, signal: 'SIGKILL', time}, time});
	}
	scene.store.tick(nowMs);
	return user;
}

for (const columns of [80, 120, 200]) {
	test(`at ${columns} columns a day that is not today is shown in feed, alerts and detail`, () => {
		const user = killsOf([400, 2, 1, 0], columns);
		const screen = user.screen();
		for (const line of screen) {
			assert.ok(widthOf(line) <= columns, line);
		}
		const text = screen.join('\n');
		// A small screen has room for the newest rows only.
		for (const date of columns === 80 ? ['11-23'] : ['2025-10-20', '11-22', '11-23']) {
			assert.ok(text.split(date).length > 2, `${date} in feed and alerts`);
		}
		assert.doesNotMatch(text, /11-24 1/);
		user.press('3', 'G', 'enter');
		assert.match(user.screen().join('\n'), /(?:2025-10-20|11-2[23]) 11:59:59\.000 {2}a/);
	});
}

test('kills on three days are three times, and a feed of today has no dates', () => {
	const rows = killsOf([2, 1, 0], 120)
		.screen()
		.filter(row => /KILLED +1 /.test(row));
	const times = rows.map(row => /(?:\d\d-\d\d )?\d\d:\d\d:\d\d/.exec(row)?.[0]);
	assert.deepEqual(times.toSorted(), ['11-22 11:59:59', '11-23 11:59:59', '11:59:59']);
	assert.doesNotMatch(killsOf([0], 120).screen().join('\n'), /\d\d-\d\d \d\d:/);
});

test(':set time=date, and t in the feed, show the date in every pane', () => {
	for (const ask of [
		(user: User) => {
			user.type(':set time=date');
			user.press('enter');
		},
		(user: User) => user.press('2', 't'),
	]) {
		const user = killsOf([0], 200);
		ask(user);
		assert.equal(user.ui.events.time, 'date');
		user.press('e');
		const times =
			user
				.screen()
				.join('\n')
				.match(/2026-11-24 11:59:59/g) ?? [];
		assert.ok(times.length >= 5, 'three events, the alert, the detail');
	}
});

test('the age of a process that ended stands still', () => {
	const user = killsOf([0], 120);
	user.press('1', 't');
	function row(): string {
		return user.screen().find(line => /KILLED/.test(line) && line.includes('cat0')) ?? '';
	}
	const before = row();
	assert.match(before, /KILLED +0s/);
	user.scene.nowMs += 60_000;
	user.scene.store.tick(user.scene.nowMs);
	assert.equal(row().slice(0, 45), before.slice(0, 45));
});

test('an age of 100 to 364 days is in days, whole', () => {
	const user = new User(120, 40);
	const node = user.scene.node('a');
	user.scene.nowMs = nowMs;
	for (const days of [99, 100, 200, 364]) {
		const start = new Date(nowMs - days * dayMs - 1000).toISOString();
		const process = {exec_id: `d${days}`, pid: days, binary: '/bin/sleep', start_time: start};
		user.scene.take(node, {process_exec: {process}, time: new Date(nowMs).toISOString()});
	}
	user.press('1', 't', 'H', 'f');
	const screen = user.screen().join('\n');
	for (const days of [99, 100, 200, 364]) {
		assert.match(screen, new RegExp(`\\b${days}d\\b`));
	}
});
