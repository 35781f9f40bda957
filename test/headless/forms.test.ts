import assert from 'node:assert/strict';
import test from 'node:test';
import {compactForm} from '../../source/headless/compact.js';
import {forTerminal, jsonForm} from '../../source/headless/json.js';
import {parseLine} from '../../source/tetragon/json/json-lines.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';

const nasty = 'a\u001b[31m\u009b2J\u202e\u200b\u2028\u007f\u{e0041}é😀';
const event = {process_exec: {process: {binary: '/b', arguments: nasty}}, node_name: 'n'};
const bytes = encodeMessage('GetEventsResponse', event);

test('JSON to a terminal is the same JSON, without anything that a terminal obeys, reorders or hides', () => {
	for (const text of [
		jsonForm({terminal: true}).frame(bytes),
		jsonForm({terminal: true}).event(Buffer.alloc(0), parseLine(JSON.stringify(event)) ?? {}),
	]) {
		assert.deepEqual(JSON.parse(text), event);
		assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
		assert.match(text, /é😀/);
	}
});

test('JSON to a pipe is as tetra writes it', () => {
	assert.equal(jsonForm({terminal: false}).frame(bytes), JSON.stringify(event));
});

test('plain lines pass as they are', () => {
	assert.equal(forTerminal('{"a":"b"}'), '{"a":"b"}');
});

test('a compact line holds no control or bidi character, whatever the arguments hold', () => {
	const line = compactForm({}).frame(bytes);
	assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
	assert.equal(line, compactForm({}).event(Buffer.alloc(0), event));
});
