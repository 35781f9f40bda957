import assert from 'node:assert/strict';
import test from 'node:test';
import {readAny} from '../../../source/tetragon/wire/any.js';
import {cursorOver} from '../../../source/tetragon/wire/wire.js';
import {frame, part} from '../build-frame.js';

/** google.protobuf.Any of a Value that is `depth` lists around the string "x". */
function nestedLists(depth: number): Buffer {
	let value = part(3, 'x');
	for (let list = 0; list < depth; list++) {
		value = part(6, part(1, value));
	}

	return frame(part(1, 'type.googleapis.com/google.protobuf.Value'), part(2, value));
}

function depthOf(value: unknown): number {
	return Array.isArray(value) ? 1 + depthOf(value[0]) : 0;
}

test('32 lists in each other are read, and deeper ones end in null', () => {
	const shallow = readAny(cursorOver(nestedLists(32)))['value'];
	assert.equal(depthOf(shallow), 32);
	assert.equal(JSON.stringify(shallow), `${'['.repeat(32)}"x"${']'.repeat(32)}`);
	for (const depth of [33, 2000]) {
		const deep = readAny(cursorOver(nestedLists(depth)))['value'];
		assert.equal(JSON.stringify(deep), `${'['.repeat(33)}null${']'.repeat(33)}`, String(depth));
	}
});
