import assert from 'node:assert/strict';
import {test} from 'node:test';
import {User} from '../user.js';
import {chipsOf, chooseRow, command, set, userOf} from './recorded-user.js';

test('Tab goes through the panes on screen and the timeline, and back', () => {
	const user = userOf();
	const stops: string[] = [];
	for (let press = 0; press < 4; press++) {
		user.press('tab');
		stops.push(user.ui.timeline.active ? 'timeline' : user.ui.focus);
	}

	assert.deepEqual(stops, ['kills', 'timeline', 'processes', 'events']);
	user.press('shift-tab');
	assert.equal(user.ui.focus, 'processes');
	user.press('f', 'tab');
	assert.equal(user.ui.focus, 'events', 'of a zoomed pane to the next one');
	user.press('2', 'g', 'enter', 'tab');
	assert.equal(user.ui.focus, 'processes', 'an open detail is a stop');
});

test('the numbers go to panes and views, and a view again to the panes', () => {
	const user = userOf();
	for (const [key, view, focus] of [
		['1', 'main', 'processes'],
		['3', 'main', 'kills'],
		['4', 'policies', 'kills'],
		['5', 'nodes', 'kills'],
		['5', 'main', 'kills'],
		['2', 'main', 'events'],
	] as const) {
		user.press(key);
		assert.deepEqual([user.ui.view, user.ui.focus], [view, focus], key);
	}
});

test('Esc closes the innermost thing first, then takes away what limits the panes, and never quits', () => {
	const user = userOf();
	command(user, 'pod xwing');
	user.type('Sbin=bash');
	user.press('enter', 'a');
	chooseRow(user, ({type}) => type === 'process').press('F');
	set(user, {focus: 'detail', detail: {...user.ui.detail, open: true}}).press('4', 'enter');
	user.press('?');
	assert.ok(user.ui.overlay && user.ui.policies.openRow && user.ui.zoom === false);
	const steps: ReadonlyArray<readonly [string, () => boolean]> = [
		['overlay', () => user.ui.overlay === undefined],
		['policy', () => user.ui.policies.openRow === undefined],
		['view', () => user.ui.view === 'main'],
		['detail', () => !user.ui.detail.open && user.ui.focus !== 'detail'],
		['followed process', () => user.ui.tree.followProcess === undefined],
		['only alerts', () => !user.ui.kills.only],
		['search', () => user.ui.highlight === undefined],
		['filter', () => user.ui.chips.length === 0],
	];
	for (const [name, isClosed] of steps) {
		assert.equal(isClosed(), false, name);
		user.press('esc');
		assert.equal(isClosed(), true, name);
	}

	const before = user.ui;
	user.press('esc');
	assert.equal(user.ui, before);
	assert.deepEqual(user.effects, []);
	user.press('q');
	assert.deepEqual(user.effects, [{type: 'quit'}]);
});

test('Esc closes the connect list, the timeline and the zoom; q does the same before it quits', () => {
	for (const key of ['esc', 'q']) {
		const user = set(userOf(), {connecting: [], zoom: true});
		user.press(key);
		assert.deepEqual([user.ui.connecting, user.ui.isConnectHidden], [undefined, true]);
		set(user, {timeline: {...user.ui.timeline, active: true, cursorMs: 1, rangeMs: 1}}).press(key);
		assert.deepEqual(
			[user.ui.timeline.active, user.ui.timeline.cursorMs, user.ui.timeline.rangeMs],
			[false, undefined, undefined],
		);
		user.press(key);
		assert.equal(user.ui.zoom, false);
		assert.deepEqual(user.effects, []);
	}
});

test('the detail goes back to where it was opened', () => {
	const user = userOf();
	for (const [open, pane] of [
		[() => user.press('2', 'g', 'enter'), 'events'],
		[() => user.press('3', 'enter'), 'kills'],
		[() => chooseRow(user, ({binary}) => binary === '/usr/bin/head').press('enter'), 'processes'],
	] as const) {
		open();
		assert.equal(user.ui.focus, 'detail');
		user.press('esc');
		assert.equal(user.ui.focus, pane);
	}
});

test('in the detail left and right turn its tab, y shows the JSON, k and j scroll it', () => {
	const user = userOf();
	user.press('2', 'g', 'enter', 'right');
	assert.equal(user.ui.detail.tab, 'process');
	user.press('left', 'left');
	assert.equal(user.ui.detail.tab, 'raw');
	user.press('d', 'y');
	assert.equal(user.ui.detail.tab, 'raw');
	user.press('j', 'j', 'k');
	assert.equal(user.ui.detail.scroll, 1);
	user.press('right');
	assert.equal(user.ui.detail.scroll, 0);
});

test('on an empty list nothing opens', () => {
	const user = new User();
	user.press('enter', 'd', 'y', '3', 'enter', '1', 'd');
	assert.equal(user.ui.detail.open, false);
});

test('p pauses and resumes; in a replay it stops the replay', () => {
	const user = userOf();
	user.press('p');
	assert.deepEqual(user.ui.pause, {sinceMs: user.scene.nowMs, atEvents: 78});
	user.press('p');
	assert.equal(user.ui.pause, undefined);
	set(user, {replay: {speed: 1, paused: false, atMs: 0, done: false}}).press('p');
	assert.deepEqual(user.effects, [{type: 'replay', change: 'pause'}]);
	assert.equal(user.ui.pause, undefined);
});

test('s stops following where it is, and follows again', () => {
	const user = userOf();
	user.press('s');
	assert.equal(user.ui.events.follow, false);
	assert.equal(user.ui.cursors.events?.id, user.picture.feed.at(user.picture.feed.length - 1)?.seq);
	user.press('p', 's');
	assert.deepEqual([user.ui.events.follow, user.ui.pause], [true, undefined]);
});

test('w, t, P, i, f and the text that scrolls sideways', () => {
	const user = userOf();
	user.press('l', 'l', 'h');
	assert.equal(user.ui.events.shift, 8);
	user.press('w');
	assert.deepEqual([user.ui.events.wrap, user.ui.events.shift], [true, 0]);
	for (const format of ['date', 'relative', 'delta', 'utc', 'clock']) {
		user.press('t');
		assert.equal(user.ui.events.time, format);
	}

	user.press('P');
	assert.match(user.ui.flash?.text ?? '', /probes hidden/);
	user.press('P');
	assert.match(user.ui.flash?.text ?? '', /probes shown/);
	for (const size of ['big', 'off', 'small']) {
		user.press('i');
		assert.equal(user.ui.timeline.size, size);
	}

	user.press('1', 'l', 'h', 'h');
	assert.equal(user.ui.tree.shift, 0);
	user.press('f', 'f');
	assert.equal(user.ui.zoom, false);
});

test('[ goes back through views, filters and details, ] forward again, and both say where it ends', () => {
	const user = userOf();
	user.press('[');
	assert.match(user.ui.flash?.text ?? '', /nothing to go back to/);
	command(user, 'pod xwing');
	user.press('4', '[');
	assert.deepEqual([user.ui.view, chipsOf(user)], ['main', ['pod=xwing']]);
	user.press('backspace');
	assert.deepEqual(chipsOf(user), []);
	user.press(']', ']');
	assert.deepEqual([user.ui.view, chipsOf(user)], ['policies', ['pod=xwing']]);
	user.press(']');
	assert.match(user.ui.flash?.text ?? '', /nothing to go forward to/);
});

test('R, L, M, T, Ctrl-r and Ctrl-k ask for one effect each, or say that nothing is killed', () => {
	const user = userOf();
	user.press('R', 'L', 'M', 'T', 'm', 'ctrl-r', 'ctrl-k');
	assert.deepEqual(
		user.effects.map(({type}) => type),
		['record', 'plain-screen', 'mouse', 'theme', 'mark', 'reconnect'],
	);
	assert.match(user.ui.flash?.text ?? '', /read-only: it kills and deletes nothing/);
});
