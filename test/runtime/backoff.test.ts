import assert from 'node:assert/strict';
import test from 'node:test';
import {Backoff} from '../../source/runtime/backoff.js';

test('waits double from half a second to thirty, with jitter down to half', () => {
	for (const [random, factor] of [
		[0, 0.5],
		[1, 1],
	] as const) {
		const backoff = new Backoff({random: () => random});
		const waits = Array.from({length: 9}, () => backoff.next());
		assert.deepEqual(
			waits,
			[500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000].map(wait => wait * factor),
		);
	}
});

test('a connection that held for thirty seconds starts it over, a shorter one does not', () => {
	const backoff = new Backoff({random: () => 1});
	backoff.next();
	backoff.next();
	backoff.ended(29_999);
	assert.equal(backoff.next(), 2000);
	backoff.ended(30_000);
	assert.deepEqual([backoff.attempt, backoff.next()], [0, 500]);
});

test('a reset starts it over at once', () => {
	const backoff = new Backoff({random: () => 1});
	backoff.next();
	backoff.next();
	backoff.reset();
	assert.deepEqual([backoff.attempt, backoff.next()], [0, 500]);
});

test('a node that failed for a week still waits thirty seconds', () => {
	const backoff = new Backoff({random: () => 1});
	for (let attempt = 0; attempt < 20_000; attempt++) {
		backoff.next();
	}

	assert.equal(backoff.next(), 30_000);
});
