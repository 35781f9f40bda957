import assert from 'node:assert/strict';
import test from 'node:test';
import {interned, sameBytes} from '../../../source/tetragon/wire/intern.js';

function textOf(text: string): string {
	const bytes = Buffer.from(text);
	return interned(bytes, 0, bytes.length);
}

test('the text is that of the bytes, however many texts share the table', () => {
	for (let round = 0; round < 2; round++) {
		for (let index = 0; index < 5000; index++) {
			assert.equal(textOf(`name-${index}-é`), `name-${index}-é`);
		}
	}

	assert.equal(textOf(''), '');
});

test('a text outlives changes to the bytes that it was read from', () => {
	const bytes = Buffer.from('worker-1');
	assert.equal(interned(bytes, 0, 8), 'worker-1');
	bytes.fill('x');
	assert.equal(textOf('worker-1'), 'worker-1');
});

test('names of 96 bytes are kept, longer ones are read anew', () => {
	const reads: number[] = [];

	function read(length: number): void {
		const bytes = Buffer.alloc(length, 'n');
		const {utf8Slice} = bytes;
		bytes.utf8Slice = (start, end) => {
			reads.push(length);
			return utf8Slice.call(bytes, start, end);
		};
		assert.equal(interned(bytes, 0, length), 'n'.repeat(length));
	}

	for (const length of [96, 96, 97, 97]) {
		read(length);
	}

	assert.deepEqual(reads, [96, 97, 97]);
});

test('bytes are the same only in length and content', () => {
	const kept = Buffer.from('abc');
	assert.equal(sameBytes(kept, Buffer.from('xabcx'), 1, 4), true);
	assert.equal(sameBytes(kept, Buffer.from('xabcx'), 1, 5), false);
	assert.equal(sameBytes(kept, Buffer.from('abd'), 0, 3), false);
});
