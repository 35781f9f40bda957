import assert from 'node:assert/strict';
import test from 'node:test';
import {Turns} from '../../source/runtime/turns.js';

test('a loop whose turns end at once has few of them, whatever its peer answers', async () => {
	const stop = AbortSignal.timeout(1600);
	const turns = new Turns(stop, {random: () => 1});
	let count = 0;
	while (await turns.next()) {
		count++;
	}

	// At 0, 500 and 1500 ms.
	assert.equal(count, 3);
});

test('after a turn that held, and where a rhythm was asked for, nothing else is waited for', {
	timeout: 10_000,
}, async () => {
	const stop = new AbortController();
	const turns = new Turns(stop.signal, {heldMs: 20, firstMs: 60_000, maximumMs: 60_000});
	await turns.next();
	await new Promise(resolve => {
		setTimeout(resolve, 40);
	});
	await turns.next();
	turns.rest(1);
	await turns.next();
	const last = turns.next();
	stop.abort();
	assert.equal(await last, false);
});
