import assert from 'node:assert/strict';
import {test} from 'node:test';
import {paint} from '../panes/scene.js';
import {User} from '../user.js';

test('the timeline shows the range from where it began to the cursor', () => {
	const user = new User(120, 40);
	const node = user.scene.node('a');
	user.scene.nowMs = 1_700_000_000_000;
	user.scene.take(node, {process_exec: {process: {exec_id: 'x', pid: 1, binary: '/bin/x'}}});
	user.press('tab', 'tab');
	assert.equal(user.ui.timeline.active, true);

	function reversed(): number {
		const context = {...user.scene.context(user.ui), picture: user.picture};
		const line = paint(context).find(({area}) => area === 'timeline')?.lines[0] ?? [];
		const inCursor = line.filter(({tone}) => tone === 'cursor');
		// The same cells in the row of all events and in that of the kills.
		return inCursor.reduce((cells, {text}) => cells + text.length, 0) / 2;
	}

	user.press('left');
	assert.equal(reversed(), 1);
	user.press('v', 'left', 'left', 'left');
	assert.equal(reversed(), 4);
	user.press('enter');
	assert.equal(reversed(), 1);
	assert.match(user.ui.chips[0]?.text ?? '', /^t:/);
});

test('a new day is a rule across the feed', () => {
	const user = new User(120, 40);
	user.scene.store.rule(-1, {type: 'day'}, Date.UTC(2026, 10, 24, 0, 0, 1));
	assert.match(user.screen().join('\n'), /─ 2026-11-24 00:00:01 a new day ──/);
});
