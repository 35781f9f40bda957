import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import test from 'node:test';
import {Body, bodiesOf, type Decoder} from '../../source/patched/grpc-bodies.js';

// No patch changes the decoder.
const {StreamDecoder} = createRequire(import.meta.url)('@grpc/grpc-js/build/src/stream-decoder.js') as {
	StreamDecoder: new (maxLength: number) => Decoder;
};

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
		const decoder = new StreamDecoder(-1);
		const messages: Buffer[] = [];
		for (let at = 0; at < bytes.length; ) {
			const end = at + 1 + random([1, 7, 400][random(3)]!);
			messages.push(...(bodiesOf(decoder, bytes.subarray(at, end)) as Buffer[]));
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
	const [body] = bodiesOf(new StreamDecoder(-1), bytes);
	assert.equal(body?.buffer, bytes.buffer);
});

test('a message above the limit is an error, one at the limit is none', () => {
	assert.equal(bodiesOf(new StreamDecoder(10), framed(Buffer.alloc(10), false)).length, 1);
	assert.throws(() => bodiesOf(new StreamDecoder(10), framed(Buffer.alloc(11), false)), /larger than max \(11 vs 10\)/);
});
