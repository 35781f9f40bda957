/** The bounds of an agent's words and of the wait for its events. */
import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import test from 'node:test';
import {Subscriber} from '../../../source/demo/server.js';
import {openAgent} from '../../../source/tetragon/agent/client.js';
import {plainDetails} from '../../../source/tetragon/agent/status-words.js';
import {argumentText} from '../../../source/tetragon/describe/argument-text.js';
import {shown} from '../../../source/tetragon/json/mistake.js';
import {TestAgent} from '../../agent/agent.js';
import {fakeClock} from '../../kubernetes/fake-clock.js';

test('400 characters of a status are shown, and 40 of a wrong value', () => {
	assert.equal(plainDetails('x'.repeat(400)), 'x'.repeat(400));
	assert.equal(plainDetails('x'.repeat(401)), `${'x'.repeat(400)}…`);
	// Two of them are quotes.
	assert.equal(shown('x'.repeat(38)), `"${'x'.repeat(38)}"`);
	assert.equal(shown('x'.repeat(39)), `"${'x'.repeat(39)}…`);
});

test('what answers no call but GetEvents is taken for an agent after 500 ms', async t => {
	await using agent = await TestAgent.start({frames: [], lacking: ['GetVersion', 'GetHealth']});
	const pass = fakeClock(t);
	let opened = false;
	const opening = openAgent(agent.client, new AbortController().signal).then(connection => {
		opened = true;
		return connection;
	});
	while (agent.subscribers === 0) {
		await new Promise(setImmediate);
	}
	await pass(499);
	assert.equal(opened, false);
	await pass(1);
	while (!opened) {
		await new Promise(setImmediate);
	}
	t.mock.timers.reset();
	(await opening).close();
});

test('the demo agent queues 10 000 events for a client that does not read, and loses later ones', () => {
	const stream = Object.assign(new EventEmitter(), {write: () => false, cancelled: false, destroyed: false});
	const subscriber = new Subscriber(stream as unknown as ConstructorParameters<typeof Subscriber>[0]);
	const frame = Buffer.alloc(1);
	// The first one is with the transport already.
	for (let event = 0; event < 10_001; event++) {
		assert.ok(subscriber.push(frame));
	}
	assert.equal(subscriber.push(frame), false);
	assert.deepEqual([subscriber.waiting, subscriber.dropped], [10_000, 1]);
});

test('32 bytes of an argument are shown, with their number', () => {
	assert.equal(argumentText({bytes_arg: Buffer.from('a'.repeat(32)).toString('base64')}), `"${'a'.repeat(32)}"`);
	assert.equal(
		argumentText({bytes_arg: Buffer.from('a'.repeat(33)).toString('base64')}),
		`"${'a'.repeat(32)}"... (33 B)`,
	);
});
