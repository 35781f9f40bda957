import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {PolicyPoll} from '../../source/fleet/policy-poll.js';

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) {
		await Promise.resolve();
	}
}

function polling(t: TestContext, periodMs: number) {
	t.mock.timers.enable({apis: ['setTimeout']});
	const stop = new AbortController();
	const poll = new PolicyPoll(periodMs);
	let lists = 0;
	void poll.run(stop.signal, async () => {
		lists++;
	});
	t.after(() => stop.abort());
	return {
		poll,
		lists: () => lists,
		async pass(ms: number) {
			for (let at = 0; at < ms; at += 100) {
				t.mock.timers.tick(100);
				await settle();
			}
		},
	};
}

test('policies are listed every period', async t => {
	const {lists, pass} = polling(t, 10_000);
	await pass(9900);
	assert.equal(lists(), 0);
	await pass(100);
	assert.equal(lists(), 1);
	await pass(30_000);
	assert.equal(lists(), 4);
});

test('an enforcement has them listed at once, but no more than once a second', async t => {
	const {poll, lists, pass} = polling(t, 10_000);
	await pass(3000);
	poll.hurry();
	await pass(100);
	assert.equal(lists(), 1);
	for (let tenth = 0; tenth < 50; tenth++) {
		poll.hurry();
		await pass(100);
	}

	assert.ok(lists() >= 5 && lists() <= 6, `${lists()} lists in five seconds of enforcements`);
	await pass(1000);
	const after = lists();
	await pass(8000);
	assert.equal(lists(), after, 'then the period holds again');
});
