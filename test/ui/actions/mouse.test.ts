import assert from 'node:assert/strict';
import {test} from 'node:test';
import {enforcing} from '../panes/scene.js';
import {User} from '../user.js';

function filled(columns = 120, rows = 40): User {
	const user = new User(columns, rows);
	const node = user.scene.node('a');
	user.scene.play(node, 'tutorial-exec');
	return user;
}

/** Line and column of the first row of the screen that holds the words. */
function find(user: User, words: string): {x: number; y: number} {
	const y = user.screen().findLastIndex(row => row.includes(words));
	return {x: user.screen()[y]?.indexOf(words) ?? -1, y};
}

function mouse(user: User, action: 'press' | 'wheel-up' | 'wheel-down', {x, y}: {x: number; y: number}): void {
	user.give({type: 'mouse', action, button: 0, x, y});
}

test('a click takes the focus and the row under it, at every size', () => {
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[200, 60],
	] as const) {
		const user = filled(columns, rows);
		const {feed} = user.picture;
		const third = feed.length - 3;
		mouse(user, 'press', {x: columns >> 1, y: -1});
		assert.equal(user.ui.events.follow, true, 'a click beside everything does nothing');
		const newest = user
			.screen()
			.findLastIndex(row => / \d\d:\d\d:\d\d\.\d{3}/.test(row) || /▸\d\d:\d\d:\d\d\.\d{3}/.test(row));
		mouse(user, 'press', {x: columns >> 1, y: newest - 2});
		assert.equal(user.ui.focus, 'events');
		assert.equal(user.ui.cursors.events?.id, feed.at(third)?.seq, `${columns}x${rows}`);
		const before = user.screen();
		mouse(user, 'press', {x: columns >> 1, y: newest - 2});
		assert.deepEqual(user.screen(), before, 'nothing moves below a click on the chosen row');
	}
});

test('a click on an alert chooses it, below the second line of the chosen one too', () => {
	const user = new User(80, 24);
	const node = user.scene.node('a');
	user.scene.store.takePolicies(node, [enforcing('file-monitoring-filtered')], 1);
	user.scene.play(node, 'file-enforce');
	const groups = user.picture.kills.groups.length;
	assert.ok(groups >= 2, 'the recording has two alerts');
	const title = find(user, '[3 KILLS]').y;
	mouse(user, 'press', {x: 10, y: title + 3});
	assert.equal(user.ui.cursors.kills?.id, user.picture.killRows.at(1)?.id);
	assert.equal(user.ui.focus, 'kills');
});

test('the wheel scrolls what it is over and leaves the focus', () => {
	const user = filled();
	mouse(user, 'wheel-up', {x: 100, y: 10});
	assert.equal(user.ui.events.follow, false);
	assert.equal(user.ui.focus, 'events');
	user.press('1');
	const cursor = user.ui.cursors.events;
	mouse(user, 'wheel-up', {x: 100, y: 10});
	assert.equal(user.ui.focus, 'processes');
	assert.notDeepEqual(user.ui.cursors.events, cursor);
});
