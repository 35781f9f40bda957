import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {Body, BodyDecoder, limitOf, statusText} from '../../source/patched/grpc-bodies.js';

let seed = 3;
function random(below: number): number {
	seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
	return (seed >>> 8) % below;
}

function framed(body: Buffer, compressed: boolean): Buffer {
	const head = Buffer.alloc(5);
	head[0] = compressed ? 1 : 0;
	head.writeUInt32BE(body.length, 1);
	return Buffer.concat([head, body]);
}

test('the messages are those of the decoder, wherever the bytes are cut', () => {
	for (let round = 0; round < 300; round++) {
		const frames = Array.from({length: 1 + random(6)}, () =>
			framed(Buffer.alloc([0, 1, 4, 5, 6, 300][random(6)]!, random(256)), random(4) === 0),
		);
		const bytes = Buffer.concat(frames);
		const decoder = new BodyDecoder(-1);
		const messages: Buffer[] = [];
		for (let at = 0; at < bytes.length; ) {
			const end = at + 1 + random([1, 7, 400][random(3)]!);
			messages.push(...(decoder.write(bytes.subarray(at, end)) as Buffer[]));
			at = end;
		}

		assert.equal(messages.length, frames.length);
		for (const [index, frame] of frames.entries()) {
			const message = messages[index]!;
			const isCompressed = frame[0] === 1;
			assert.equal(message instanceof Body, !isCompressed);
			assert.ok(Buffer.isBuffer(message));
			assert.equal(message.toString('hex'), (isCompressed ? frame : frame.subarray(5)).toString('hex'));
		}
	}
});

test('a message that came whole is a view of the bytes and no copy', () => {
	const bytes = framed(Buffer.from('event'), false);
	const [body] = new BodyDecoder(-1).write(bytes);
	assert.equal(body?.buffer, bytes.buffer);
});

test('a message above the limit is an error, one at the limit is none', () => {
	assert.equal(new BodyDecoder(10).write(framed(Buffer.alloc(10), false)).length, 1);
	assert.throws(() => new BodyDecoder(10).write(framed(Buffer.alloc(11), false)), /larger than max \(11 vs 10\)/);
});

test('the limit is that of the method, else that of the channel', () => {
	const options = {'tetratop.max_receive_message_lengths': {'/a/Long': 100}};
	assert.equal(limitOf(options, '/a/Long', 10), 100);
	assert.equal(limitOf(options, '/a/Short', 10), 10);
	assert.equal(limitOf({}, '/a/Long', 10), 10);
});

test('the text of a status is decoded whatever it is, and cut', () => {
	assert.equal(statusText('no %25 of %2Fetc%2Fpasswd%0Ais %C3%A9 %'), 'no % of /etc/passwd\nis é %');
	assert.equal(statusText('%FF%41 %2541'), '\uFFFDA %41');
	assert.equal(statusText('x'.repeat(10_000)).length, 401);
	assert.equal(statusText('%C3%A9'.repeat(10_000)), `${'é'.repeat(400)}…`);
});

test('any status text is short and well formed, and one that is percent-encoded is what was encoded', () => {
	const anyHeader = fc.oneof(
		fc.string({unit: 'binary', maxLength: 12_000}),
		fc
			.array(fc.constantFrom('%', '%F0', '%9F', '%98', '%80', '%0A', '%1B', '%zz', '\uD83D', '\uDE00', 'é', 'a'), {
				maxLength: 6000,
			})
			.map(parts => parts.join('')),
		// The cut falls on each half of what is two units long.
		fc.nat(400).map(count => 'a'.repeat(count) + '\u{1F600}'.repeat(300)),
	);
	fc.assert(
		fc.property(anyHeader, header => {
			const text = statusText(header);
			assert.ok(text.length <= 401, `${text.length}`);
			assert.ok(text.isWellFormed());
		}),
		{numRuns: 500},
	);
	fc.assert(
		fc.property(fc.string({unit: 'binary', maxLength: 200}), text => {
			assert.equal(statusText(encodeURIComponent(text)), text);
		}),
		{numRuns: 500},
	);
});
