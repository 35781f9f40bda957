import assert from 'node:assert/strict';
import {test} from 'node:test';
import {User} from '../user.js';

function crowded(count = 200, columns = 120, rows = 40): User {
	const user = new User(columns, rows);
	const node = user.scene.node('a');
	const pod = {namespace: 'default', name: 'xwing', container: {id: 'containerd://1', name: 'main'}};
	for (let pid = 1; pid <= count; pid++) {
		user.scene.take(node, {process_exec: {process: {exec_id: `${pid}`, pid, binary: `/bin/number-${pid}`, pod}}});
	}
	return user;
}

function feedRows(user: User): string[] {
	return user.screen().filter(row => row.includes('/bin/number-'));
}

test('a pinned event stays at the top of the feed, through following and filters, until U', () => {
	const user = crowded();
	user.press('g', 'down', 'space', 'G');
	assert.match(feedRows(user)[0] ?? '', /◆.*number-2$|◆.*number-2 /);
	assert.match(feedRows(user).at(-1) ?? '', /number-200\b/);
	user.type('/bin=number-7');
	user.press('enter');
	const [pinned = '', only = '', ...more] = feedRows(user);
	assert.match(pinned, /number-2\b/);
	assert.match(only, /number-7\b/);
	assert.deepEqual(more, []);
	user.press('U');
	assert.deepEqual(feedRows(user).length, 1);
});

test('pins take a third of their pane at most, and the cursor keeps its row below them', () => {
	const user = crowded();
	user.press('g');
	for (let press = 0; press < 60; press++) {
		user.press('space', 'down');
	}
	const rows = user.screen().filter(row => row.includes('number-'));
	const pinned = rows.filter(row => row.includes('◆')).length;
	assert.ok(pinned > 0 && pinned <= rows.length / 3 + 1, `${pinned} of ${rows.length}`);
	assert.match(user.screen().find(row => row.includes('▸') && row.includes('/bin/number-')) ?? '', /number-61\b/);
	assert.equal(user.screen().length, 40);
});

test('Space on a pinned row lets it go; processes and alerts are pinned alike', () => {
	const user = crowded(5);
	user.press('1', 'G', 'space');
	assert.deepEqual(user.ui.pins.processes, ['5']);
	assert.ok(user.screen().some(row => /◆.*number-5/.test(row)));
	user.press('space');
	assert.deepEqual(user.ui.pins.processes, []);
	const kills = new User(120, 40);
	kills.scene.play(kills.scene.node('a'), 'file-enforce');
	kills.press('3', 'down', 'space', 'g');
	const id = kills.picture.killRows.at(1)?.id;
	assert.deepEqual(kills.ui.pins.kills, [id]);
	assert.ok(kills.screen().some(row => /◆ +\d\d:\d\d:\d\d/.test(row)));
});

test('Ctrl-w goes through the sets of columns: few, all, those that fit', () => {
	const user = crowded(3);
	user.press('f');

	function heading() {
		return user.screen().find(row => row.includes('DETAIL')) ?? '';
	}

	assert.match(heading(), /POD/);
	user.press('ctrl-w');
	assert.doesNotMatch(heading(), /POD|POLICY/);
	user.press('ctrl-w');
	assert.match(heading(), /NAMESPACE.*POD.*POLICY/);
	user.press('ctrl-w');
	assert.equal(user.ui.events.columns, 'fitting');
});
