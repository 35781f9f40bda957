import assert from 'node:assert/strict';
import {test} from 'node:test';
import {flashOf, userOf} from './recorded-user.js';

test('n and N go from match to match of the search, in the feed, and say where there is none', () => {
	const user = userOf();
	user.press('n');
	assert.match(flashOf(user), /no search/);
	user.type('Sbin=/usr/bin/head');
	user.press('enter');
	assert.equal(user.picture.feed.shown, 78, 'a search hides nothing');
	user.press('n');
	assert.match(flashOf(user), /no match below/);
	const seen: number[] = [];
	for (;;) {
		const before = user.ui;
		user.press('N');
		if (user.ui.flash?.text === 'no match above') {
			break;
		}

		assert.notEqual(user.ui.cursors.events, before.cursors.events);
		seen.push(Number(user.ui.cursors.events?.id ?? -1));
	}

	assert.ok(seen.length >= 3);
	assert.deepEqual(
		seen,
		seen.toSorted((a, b) => b - a),
	);
	assert.equal(user.ui.events.follow, false);
	assert.equal(user.ui.events.stoppedAtEvents, 78);
	user.press('n');
	assert.equal(user.ui.cursors.events?.id, seen.at(-2));
	assert.equal(user.ui.focus, 'events');
});

test('n says which match of how many it is, and a search sees what a filter sees', () => {
	const user = userOf();
	user.type('Stracingpolicy');
	user.press('enter');
	const hits = user.picture.search?.hits ?? 0;
	assert.ok(hits >= 3);
	user.press('N');
	assert.equal(flashOf(user), `match ${hits} of ${hits}`);
	user.press('N');
	assert.equal(flashOf(user), `match ${hits - 1} of ${hits}`);
	user.press('n');
	assert.equal(flashOf(user), `match ${hits} of ${hits}`);
	user.type('/tracingpolicy');
	user.press('enter');
	assert.equal(user.picture.feed.shown, hits);
});
