import assert from 'node:assert/strict';
import test from 'node:test';
import {compactForm} from '../../source/headless/compact.js';
import {jsonForm} from '../../source/headless/json.js';
import {parseLine} from '../../source/tetragon/json/json-lines.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';
import {inertJson, terminalJson} from '../../source/text/inert.js';
import {eventText, frameText} from './form-text.js';

const nasty = 'a\u001b[31m\u009b2J\u202e\u200b\u2028\u007f\u{e0041}é😀';
const event = {process_exec: {process: {binary: '/b', arguments: nasty}}, node_name: 'n'};
const bytes = encodeMessage('GetEventsResponse', event);

test('JSON to a terminal is the same JSON, without anything that a terminal obeys, reorders or hides', () => {
	for (const text of [
		frameText(jsonForm({terminal: true}), bytes),
		eventText(jsonForm({terminal: true}), parseLine(JSON.stringify(event)) ?? {}),
	]) {
		assert.deepEqual(JSON.parse(text), event);
		assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
		assert.match(text, /é😀/);
	}
});

test('JSON to a pipe is as tetra writes it, but for C1, bidi and line separators, which are escapes of the same JSON', () => {
	const acting = /[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
	for (let code = 0x20; code < 0x1_00_00; code++) {
		const character = String.fromCharCode(code);
		const json = JSON.stringify({a: character});
		const text = inertJson(json);
		assert.equal(text === json, !acting.test(character), code.toString(16));
		assert.deepEqual(JSON.parse(text), {a: character});
	}

	const text = frameText(jsonForm({terminal: false}), bytes);
	assert.equal(
		text,
		JSON.stringify(event).replace('\u009b', '\\u009b').replace('\u202e', '\\u202e').replace('\u2028', '\\u2028'),
	);
	assert.equal(eventText(jsonForm({terminal: false}), event), text);
});

test('compact to a terminal hides nothing and stacks nothing; to a pipe it is tetra to the byte', () => {
	const foreign = 'a\ufe0fb\u3164c\u2800d\u20e3e\u0301\u0301\u0301\u0301\u0301f\u{1f3fd}g\u{e0100}h\u034f';
	for (const color of [true, false]) {
		const hidden = {process_exec: {process: {binary: `/${foreign}`, arguments: foreign}}, node_name: foreign};
		const line = eventText(compactForm({terminal: true, color}), hidden);
		assert.doesNotMatch(line, /[\p{Default_Ignorable_Code_Point}\u2800\p{Me}\p{Emoji_Modifier}]|\p{M}{3}/u);
		assert.match(line, /\\ufe0f/);
		assert.equal(line.includes('\u001b[32m'), color);
	}

	const unknown = {process_usdt: {process: {binary: '/b'}}, test: {}, node_name: 'n'};
	const plain = {process_exec: {process: {binary: '/é漢'}}, node_name: 'n'};
	for (const each of [unknown, plain]) {
		assert.equal(
			eventText(compactForm({terminal: true, color: true, timestamps: true}), each),
			eventText(compactForm({color: true, timestamps: true}), each),
		);
	}
});

test('plain lines pass as they are', () => {
	assert.equal(terminalJson('{"a":"b"}'), '{"a":"b"}');
});

test('a compact line holds no control or bidi character, whatever the arguments hold', () => {
	const line = frameText(compactForm({}), bytes);
	assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
	assert.equal(line, eventText(compactForm({}), event));
});
