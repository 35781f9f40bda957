import assert from 'node:assert/strict';
import {test} from 'node:test';
import {actions} from '../../../source/ui/action-table.js';
import {timeOfClock} from '../../../source/ui/actions/timeline.js';
import {User} from '../user.js';
import {chipsOf, command, flashOf, menuOf, set, userOf} from './recorded-user.js';

test('v walks through the problems, worst first, and says when there is none', () => {
	const user = userOf();
	user.press('v');
	assert.match(flashOf(user), /nothing is wrong/);
	const {store} = user.scene;
	store.raise({id: 'small', severity: 'warning', what: 'a', why: 'b', fix: 'c'});
	store.raise({id: 'big', severity: 'error', what: 'a', why: 'b', fix: 'c'});
	user.press('v');
	assert.deepEqual(user.ui.overlay, {type: 'problem', id: user.picture.problems[0]?.id, scroll: 0});
	user.press('r');
	assert.deepEqual(user.effects, [{type: 'reconnect', node: undefined}]);
	assert.equal(user.ui.overlay, undefined);
});

test('L in the nodes asks for the log of the node; without a node, and without a policy, nothing is asked', () => {
	const user = userOf();
	user.press('5', 'L');
	assert.deepEqual(user.effects, [{type: 'show-log', node: 'minikube'}]);
	const empty = new User();
	empty.press('5', 'L', 'o', 'enter', '4', 'y', '=', 'enter');
	assert.deepEqual(empty.effects, []);
});

test('the settings show each switch with its state, and Enter turns the one under the cursor', () => {
	const user = userOf();
	user.press(',');
	const before = menuOf(user);
	assert.equal(before.get('host processes (H)'), 'off');
	assert.equal(before.get('health probes (P)'), 'on');
	user.press('enter');
	assert.equal(user.ui.tree.showHost, true);
	for (const label of before.keys()) {
		user.press(',');
		const at = [...before.keys()].indexOf(label);
		user.press(...Array.from({length: at}, () => 'down'), 'enter');
		assert.equal(user.ui.overlay, undefined, label);
	}

	user.press(',');
	const after = menuOf(user);
	for (const [label, value] of before) {
		assert.ok(value === '' || label.startsWith('host') || after.get(label) !== value, label);
	}

	assert.deepEqual(user.effects, [{type: 'theme'}, {type: 'mouse'}]);
});

test('an item of no kind, an empty menu and no menu do nothing', () => {
	const user = set(userOf(), {overlay: {type: 'menu', title: 't', items: [{id: 'what', label: 'x'}], cursor: 0}});
	user.press('enter');
	set(user, {overlay: {type: 'menu', title: 't', items: [], cursor: 0}}).press('enter');
	assert.deepEqual([user.effects, user.ui.overlay], [[], undefined]);
});

test('the time axis: cursor, zoom, a range that becomes a filter, a jump', () => {
	const user = userOf();
	user.press('i', 'i');
	set(user, {timeline: {...user.ui.timeline, size: 'off', active: true}}).press('left');
	assert.match(flashOf(user), /i shows the timeline/);
	set(user, {timeline: {...user.ui.timeline, size: 'small', active: true}}).press('v');
	assert.match(flashOf(user), /move the time cursor first/);
	const before = user.ui;
	user.press('enter');
	assert.equal(user.ui, before);
	user.press('right');
	const last = user.picture.timeline?.lastCellMs ?? 0;
	assert.equal(user.ui.timeline.cursorMs, last);
	user.press('left', 'left', 'v', 'left');
	assert.equal(user.ui.timeline.cursorMs, last - 3 * 5000);
	assert.equal(user.ui.timeline.rangeMs, last - 2 * 5000);
	user.press('z');
	assert.equal(user.ui.timeline.cellMs, 1000);
	user.press('z', 'Z', 'Z');
	assert.equal(user.ui.timeline.cellMs, 10_000);
	user.press('z', 'enter');
	assert.match(chipsOf(user)[0] ?? '', /^t:"20:35:\d\d-20:35:\d\d"$/);
	assert.equal(user.ui.timeline.active, false);
	user.press('esc');
	set(user, {timeline: {...user.ui.timeline, active: true, cursorMs: last - 10_000, rangeMs: undefined}});
	user.press('enter');
	const row = user.picture.feed.rowOf(Number(user.ui.cursors.events?.id ?? -1));
	assert.ok(row && row.timeMs >= last - 10_000);
	assert.deepEqual([user.ui.focus, user.ui.events.follow], ['events', false]);
	set(user, {timeline: {...user.ui.timeline, active: true}}).press('+', '-', 'v', 'v');
	assert.equal(user.ui.timeline.rangeMs, undefined);
	assert.deepEqual(user.effects, [
		{type: 'replay', change: 'faster'},
		{type: 'replay', change: 'slower'},
	]);
});

test('a jump in an empty feed says that there is no event', () => {
	const user = new User();
	user.press('i');
	set(user, {timeline: {...user.ui.timeline, active: true, cursorMs: 0}}).press('enter');
	assert.match(flashOf(user), /no event to jump to/);
});

test('a clock time is the last one live, the nearest one in a replay', () => {
	const noon = Date.parse('2026-03-01T12:00:00Z');

	function told(clock: string, isReplay: boolean): string {
		return new Date(timeOfClock(clock, noon, isReplay)).toISOString();
	}

	assert.equal(told('11:59:58.5', false), '2026-03-01T11:59:58.500Z');
	assert.equal(told('12:00:30', false), '2026-03-01T12:00:30.000Z');
	assert.equal(told('12:02', false), '2026-02-28T12:02:00.000Z');
	assert.equal(told('12:02', true), '2026-03-01T12:02:00.000Z');
	assert.equal(told('23:59', true), '2026-03-01T23:59:00.000Z');
	assert.equal(timeOfClock('-5m', noon, true), noon - 300_000);
	assert.equal(timeOfClock('2026-02-27T08:00Z', noon, true), Date.parse('2026-02-27T08:00:00Z'));
	assert.equal(timeOfClock('0:30', noon + 11 * 3_600_000 + 1_800_000, true), Date.parse('2026-03-01T00:30:00Z'));
});

test('an unknown line of the prompt says so', () => {
	const user = userOf();
	command(user, '');
	assert.equal(flashOf(user), '');
	command(user, 'nonsense');
	assert.match(flashOf(user), /no command nonsense: F1 lists them/);
});

test('the help opens, is searched by letters, and closes; the same actions without the help do nothing', () => {
	const user = userOf();
	user.press('?', '/', 'p', 'a', 'backspace', 'left');
	assert.deepEqual(user.ui.overlay, {type: 'help', scroll: 0, search: 'p'});
	user.press('esc', '?');
	assert.equal(user.ui.overlay, undefined);
	const {actionScene} = user;
	for (const id of ['help-find', 'help-find-end', 'help-find-erase'] as const) {
		assert.equal(actions[id](actionScene).ui, user.ui);
	}
});
