import assert from 'node:assert/strict';
import test from 'node:test';
import {ByteText} from '../../source/runtime/byte-text.js';

test('a text that is longer than the buffer is made again in more room, after what was there', () => {
	const out = new ByteText(4);
	for (const text of ['ab', 'é漢😀', '', 'x'.repeat(5000)]) {
		out.add((to, value) => to.text(value), text);
	}

	assert.equal(out.toString(), `abé漢😀${'x'.repeat(5000)}`);
	assert.ok(out.at < out.bytes.length);
});

test('each way to write is the same in a buffer of any size', () => {
	for (let size = 0; size < 60; size++) {
		const out = new ByteText(size);
		out.add(to => {
			to.byte(0x61);
			to.piece(Buffer.from(',b:'), 1);
			to.ascii('cd');
			to.copy(Buffer.from('2345678'));
			to.integer(-1_234_567_890);
			to.digits(42, 6);
			to.text('é\ud800');
		}, undefined);
		assert.equal(out.toString(), 'ab:cd2345678-1234567890000042é\ufffd');
	}
});

test('an integer is as in JavaScript', () => {
	const values = [0, 1, 9, 10, 99, 100, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 53 - 1];
	for (const value of values.flatMap(each => [each, -each])) {
		const out = new ByteText(32);
		out.integer(value);
		assert.equal(out.toString(), String(value));
	}
});

test('a line that fails leaves nothing', () => {
	const out = new ByteText(8);
	out.add(to => to.text('a'), undefined);
	assert.throws(() =>
		out.add(to => {
			to.text('bcdefghijklmnop');
			throw new Error('half');
		}, undefined),
	);
	assert.equal(out.toString(), 'a');
});
