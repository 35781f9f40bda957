import assert from 'node:assert/strict';
import {test} from 'node:test';
import {command, flashOf, set, userOf} from './recorded-user.js';

test('e goes to the newest alert, then to the next, and round; E goes back; feed, tree and detail go with it', () => {
	const user = userOf();
	const seen: unknown[] = [];
	for (let press = 0; press < 4; press++) {
		user.press('e');
		const {cursors, detail, events} = user.ui;
		assert.deepEqual(detail.subject, {type: 'kill', groupId: cursors.kills?.id});
		assert.equal(detail.open, true);
		const kill = user.picture.killRows.at(user.picture.killRows.indexOf(String(cursors.kills?.id)))?.kills.at(-1);
		assert.equal(cursors.events?.id, kill?.seq);
		assert.equal(events.follow, false);
		assert.equal(cursors.processes?.id, kill?.process?.execId);
		assert.equal(events.stoppedAtEvents, 78);
		seen.push(cursors.kills?.id);
	}

	assert.equal(new Set(seen.slice(0, 3)).size, 3);
	assert.equal(seen[3], seen[0]);
	user.press('E');
	assert.equal(user.ui.cursors.kills?.id, seen[2]);
});

test('E goes to the newest alert first, too', () => {
	const user = userOf();
	user.press('E');
	assert.equal(user.ui.cursors.kills?.id, user.picture.killRows.at(0)?.id);
});

test('an alert opens the groups of the tree that hide its process', () => {
	const user = userOf();
	user.press('1', 'x');
	const folded = user.picture.tree.length;
	user.press('e');
	assert.ok(user.picture.tree.length > folded);
	assert.ok(user.picture.tree.indexOf(String(user.ui.cursors.processes?.id)) >= 0);
});

test('an alert whose event the filter hides leaves the feed where it is', () => {
	const user = userOf();
	command(user, 'filter ev:exit');
	const before = user.ui.cursors.events;
	if (user.picture.killRows.length > 0) {
		user.press('e');
		assert.equal(user.ui.cursors.events, before);
	}

	set(user, {chips: []});
	command(user, 'filter pod=nowhere');
	user.press('e');
	assert.match(flashOf(user), /the filter hides \d+ alerts?/);
});

test('a shows only alerts, A acknowledges, b rings', () => {
	const user = userOf();
	user.press('k', 'a');
	assert.deepEqual([user.ui.kills.only, user.ui.events.follow], [true, true]);
	user.press('esc');
	assert.equal(user.ui.kills.only, false);
	user.press('A');
	assert.deepEqual(user.effects, [{type: 'acknowledge', group: 'all'}]);
	user.press('b');
	assert.match(flashOf(user), /bell on: at most once in 10 s/);
	user.press('b');
	assert.match(flashOf(user), /bell off/);
});
