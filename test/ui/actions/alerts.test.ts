import assert from 'node:assert/strict';
import {test} from 'node:test';
import {command, flashOf, set, userOf} from './recorded-user.js';

test('e goes to the newest alert, then to the next, and round; E goes back; feed, tree and detail go with it', () => {
	const user = userOf();
	const seen: unknown[] = [];
	for (let press = 0; press < 4; press++) {
		user.press('e');
		const {kills, detail, events, tree} = user.ui;
		assert.deepEqual(detail.subject, {type: 'kill', groupId: kills.cursor.id});
		assert.equal(detail.open, true);
		const kill = user.picture.killRows.at(user.picture.killRows.indexOf(kills.cursor.id ?? ''))?.kills.at(-1);
		assert.equal(events.cursor.id, kill?.seq);
		assert.equal(events.follow, false);
		assert.equal(tree.cursor.id, kill?.process?.execId);
		assert.equal(events.stoppedAtEvents, 78);
		seen.push(kills.cursor.id);
	}

	assert.equal(new Set(seen.slice(0, 3)).size, 3);
	assert.equal(seen[3], seen[0]);
	user.press('E');
	assert.equal(user.ui.kills.cursor.id, seen[2]);
});

test('E goes to the newest alert first, too', () => {
	const user = userOf();
	user.press('E');
	assert.equal(user.ui.kills.cursor.id, user.picture.killRows.at(0)?.id);
});

test('an alert opens the groups of the tree that hide its process', () => {
	const user = userOf();
	user.press('1', 'x');
	const folded = user.picture.tree.length;
	user.press('e');
	assert.ok(user.picture.tree.length > folded);
	assert.ok(user.picture.tree.indexOf(user.ui.tree.cursor.id ?? '') >= 0);
});

test('an alert whose event the filter hides leaves the feed where it is', () => {
	const user = userOf();
	command(user, 'filter ev:exit');
	const before = user.ui.events;
	if (user.picture.killRows.length > 0) {
		user.press('e');
		assert.equal(user.ui.events.cursor, before.cursor);
	}

	set(user, {chips: []});
	command(user, 'filter pod=nowhere');
	user.press('e');
	assert.match(flashOf(user), /no kill yet/);
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
