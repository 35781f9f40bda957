import assert from 'node:assert/strict';
import test from 'node:test';
import {DialLimiter} from '../../source/fleet/dial-limiter.js';

const never = new AbortController().signal;

test('no more than the places are dialled at once', async () => {
	const gate = new DialLimiter(25, 60_000);
	let inside = 0;
	let most = 0;
	await Promise.all(
		Array.from({length: 200}, async () =>
			gate.pass(async () => {
				most = Math.max(most, ++inside);
				await new Promise(resolve => setTimeout(resolve, 1));
				inside--;
			}, never),
		),
	);
	assert.equal(most, 25);
});

test('dials that hang give their places away, so that the living go on', async () => {
	const gate = new DialLimiter(2, 20);
	const hanging = new AbortController();
	const dead = Array.from({length: 2}, async () =>
		gate.pass(
			async () =>
				new Promise((_resolve, reject) => {
					hanging.signal.addEventListener('abort', () => reject(new Error('hung')));
				}),
			never,
		),
	);
	assert.equal(await gate.pass(async () => 'alive', never), 'alive');
	hanging.abort();
	const results = await Promise.allSettled(dead);
	assert.ok(results.every(({status}) => status === 'rejected'));
	assert.equal(await gate.pass(async () => 'still', never), 'still');
});

test('one that is no longer wanted leaves the queue and takes no place', async () => {
	const gate = new DialLimiter(1, 60_000);
	const {promise, resolve} = Promise.withResolvers<void>();
	const first = gate.pass(async () => promise, never);
	const unwanted = new AbortController();
	let dialled = false;
	const second = gate.pass(async () => {
		dialled = true;
	}, unwanted.signal);
	unwanted.abort();
	await assert.rejects(second);
	resolve();
	await first;
	assert.equal(await gate.pass(async () => 'third', never), 'third');
	assert.equal(dialled, false);
});
