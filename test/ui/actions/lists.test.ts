import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {User} from '../user.js';
import {flashOf, set, userOf} from './recorded-user.js';

function menuCursor({ui}: User): number | undefined {
	return ui.overlay?.type === 'menu' ? ui.overlay.cursor : undefined;
}

test('keys move the cursor of the focused list by lines, pages and to its ends', () => {
	const user = userOf();
	user.press('2', 'g');
	const first = Number(user.ui.cursors.events?.id ?? -1);
	assert.equal(user.picture.feed.indexOf(first), 0);

	function at(): number {
		return user.picture.feed.indexOf(Number(user.ui.cursors.events?.id ?? -1));
	}

	user.press('j', 'j', 'k');
	assert.equal(at(), 1);
	const rows = user.actionScene.rowsOf('events');
	user.press('pagedown');
	assert.equal(at(), rows);
	user.press('pageup');
	assert.equal(at(), 1);
	user.press('ctrl-d', 'ctrl-u');
	assert.equal(at(), 1);
	user.press('g', 'j', 'j', 'j', 'shift-down');
	assert.equal(at(), 3, 'the view moves, the selection stays');
	user.press('shift-up', 'G');
	assert.equal(user.ui.events.follow, true);
	const before = user.ui;
	user.press('j');
	assert.equal(user.ui, before, 'below the newest there is nothing');
});

test('each pane and view has a cursor of its own', () => {
	const user = userOf();
	user.scene.node('worker-2');
	user.press('1', 'G');
	assert.equal(user.picture.tree.indexOf(String(user.ui.cursors.processes?.id)), user.picture.tree.length - 1);
	user.press('3', 'j');
	assert.equal(user.picture.killRows.indexOf(String(user.ui.cursors.kills?.id)), 1);
	user.press('5', 'G');
	assert.equal(user.ui.cursors.nodes?.id, user.picture.nodes.at(-1)?.name);
	user.press('4', 'j');
	assert.equal(user.ui.cursors.policies?.id, user.picture.policies[0]?.id);
	user.press('4', '2');
	set(user, {focus: 'detail', detail: {...user.ui.detail, open: true}}).press('pagedown', 'g');
	assert.equal(user.ui.detail.scroll, 0);
});

test('an overlay scrolls, a menu and the list of filters move a cursor that stays inside', () => {
	const user = userOf();
	user.press('?', 'j', 'j', 'k');
	assert.deepEqual(user.ui.overlay, {type: 'help', scroll: 1, search: undefined});
	user.press('esc', ',', 'G');
	assert.equal(menuCursor(user), 9);
	user.press('pageup', 'g');
	assert.equal(menuCursor(user), 0);
	user.press('esc');
	for (const filter of ['pod=a', 'pod=b']) {
		user.type(`/${filter}`);
		user.press('enter');
	}

	user.type(':filter');
	user.press('enter', 'G', 'j');
	assert.deepEqual(user.ui.overlay, {type: 'chips', cursor: 1});
});

test('where the detail is on screen it goes with the cursor', () => {
	const user = userOf('file-enforce', 200, 50);
	user.press('2', 'g');
	const {subject} = user.ui.detail;
	assert.equal(subject?.type, 'event');
	user.press('j');
	assert.notDeepEqual(user.ui.detail.subject, subject);
	user.press('3', 'j');
	assert.equal(user.ui.detail.subject?.type, 'kill');
	user.press('1', 'j', 'j', 'j', 'j');
	assert.equal(user.ui.detail.subject?.type, 'process');
});

test('pins: only lists of the main view have them, and U takes all away', () => {
	const user = userOf();
	user.press('4', 'space');
	assert.match(flashOf(user), /can be pinned: Processes, Events, Kill alerts \(1, 2, 3\)/);
	user.press('1', 'g', 'space', '3', 'g', 'space', '2', 'g', 'space', 'space');
	assert.deepEqual(
		[user.ui.pins.processes?.length, user.ui.pins.kills?.length, user.ui.pins.events?.length],
		[1, 1, 0],
	);
	user.press('U');
	assert.deepEqual(user.ui.pins, {});
});

test('the wheel scrolls what it is over, a click takes the focus and the row', () => {
	const user = userOf();
	const y = user.screen().findIndex(row => row.includes('3 Kill alerts')) + 2;

	function mouse(action: 'press' | 'wheel-up' | 'wheel-down', x: number, line: number): void {
		user.give({type: 'mouse', action, button: 0, x, y: line});
	}

	mouse('press', 5, y + 1);
	assert.equal(user.ui.focus, 'kills');
	assert.equal(user.picture.killRows.indexOf(String(user.ui.cursors.kills?.id)), 1);
	mouse('press', 5, 5);
	assert.equal(user.ui.focus, 'processes');
	mouse('press', 60, 6);
	assert.deepEqual([user.ui.focus, user.ui.events.follow], ['events', false]);
	mouse('wheel-up', 60, 6);
	mouse('wheel-down', 5, 5);
	mouse('wheel-down', 5, y + 1);
	assert.equal(user.ui.focus, 'events');
	mouse('press', 60, y - 3);
	assert.equal(user.ui.timeline.active, true);
	mouse('wheel-down', 60, y - 3);
	user.press('2', 'g', 'enter');
	set(user, {columns: 200, rows: 50});
	mouse('wheel-down', 190, 10);
	mouse('press', 190, 10);
	assert.equal(user.ui.focus, 'detail');
	set(user, {columns: 120, rows: 40}).press('?');
	mouse('wheel-down', 5, 5);
	assert.deepEqual(user.ui.overlay, {type: 'help', scroll: 3, search: undefined});
	mouse('press', 5, 5);
	user.press('esc', '5');
	mouse(
		'press',
		5,
		user.screen().findIndex(row => row.includes('minikube') && row.includes('tcp')),
	);
	assert.equal(user.ui.cursors.nodes?.id, 'minikube');
	mouse('wheel-up', 5, 5);
	user.press('4');
	mouse(
		'press',
		5,
		user.screen().findIndex(row => row.includes('file-monitoring')),
	);
	assert.equal(user.ui.cursors.policies?.id, '/file-monitoring-filtered');
	mouse('press', 0, 0);
});

test('the sort menu chooses for the pane, I reverses, and events have one order', () => {
	const user = userOf();
	user.press('2', '>');
	assert.equal(user.ui.overlay, undefined);
	user.press('I');
	assert.equal(user.ui.overlay, undefined);
	for (const key of ['1', '3', '4', '5']) {
		user.press(key, '>');
		assert.equal(menuCursor(user), 0, key);
		user.press('j', 'enter', 'I');
	}

	const {processes, kills, policies, nodes} = user.ui.sorts;
	assert.deepEqual(
		[processes, kills, policies, nodes].map(sort => sort?.isInverted),
		[true, true, true, true],
	);
});
