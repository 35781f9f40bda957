import assert from 'node:assert/strict';
import test from 'node:test';
import {parseLine} from '../../../source/tetragon/json/json-lines.js';
import {eventJson} from '../../../source/tetragon/json/json-text.js';
import {decodeEvent} from '../../../source/tetragon/wire/decode.js';
import {frame, number, part} from '../build-frame.js';
import {framesOf, jsonLinesOf, withJson} from '../recorded.js';

for (const name of withJson()) {
	test(`the JSON of every frame of ${name} is tetra's, to the order of keys`, () => {
		const lines = jsonLinesOf(name);
		for (const [index, bytes] of framesOf(name).entries()) {
			assert.equal(eventJson(bytes), JSON.stringify(JSON.parse(lines[index] ?? '')));
		}
	});

	test(`a JSON line of ${name} passes with its content`, () => {
		for (const line of jsonLinesOf(name)) {
			assert.deepEqual(parseLine(Buffer.from(line)), JSON.parse(line));
		}
	});
}

test('all 58 032 frames of fork-storm say in JSON what the decoder reads', () => {
	const frames = framesOf('fork-storm');
	assert.equal(frames.length, 58_032);
	for (const bytes of frames) {
		assert.deepEqual(JSON.parse(eventJson(bytes)), decodeEvent(bytes));
	}
});

function same(bytes: Buffer) {
	return assert.deepEqual(JSON.parse(eventJson(bytes)), decodeEvent(bytes));
}

test('what Go would not write is said all the same: pieces, shuffled fields, repeated scalars, other wire types', () => {
	same(frame(part(1, part(1, part(1, 'a'))), part(1, part(1, part(5, 'b')))));
	same(frame(part(1, part(1, part(1, 'a'))), part(5, part(3, 'SIGKILL'))));
	same(frame(part(1, part(1, [...part(5, '/b'), ...part(1, 'a'), ...part(1, 'c')]))));
	same(frame(part(9, [...number(6, 99), ...part(3, 'f'), ...number(8, 5)])));
	same(frame(part(9, part(4, [...number(2, 0), ...part(1, 'last wins')]))));
	same(
		frame(
			part(1004, [...part(1, 'k'), ...part(2, '1')]),
			part(1000, 'n'),
			part(1004, [...part(1, 'k'), ...part(2, '2')]),
		),
	);
	same(frame(part(1, part(1, part(14, [...number(1, 5), ...number(1, 6), ...part(1, [1, 2])])))));
});

test('an ordered frame after a disordered one does not get its text', () => {
	function parent(cap: number[]) {
		return frame(part(1, part(2, part(14, cap))));
	}

	const shuffled = [...part(2, [1]), ...part(1, [2])];
	same(parent(shuffled));
	same(parent(shuffled));
	same(parent([...part(1, [1]), ...part(2, [2])]));
});

test('control characters, quotes, DEL and broken UTF-8 are valid JSON', () => {
	const bytes = frame(part(1, part(1, part(6, [0x1b, 0x22, 0x5c, 0x0a, 0x7f, 0xc2, 0x9b, 0xff, 0x00]))));
	assert.equal(JSON.parse(eventJson(bytes)).process_exec.process.arguments, '\u001b"\\\n\u007f\u009b\ufffd\0');
	assert.ok(
		[...eventJson(bytes)].every(character => character >= ' '),
		'one line',
	);
});

test('an event of a newer agent keeps its number, and unreadable bytes are kept as base64', () => {
	assert.equal(eventJson(frame(part(1000, 'n'), part(31, 'x'))), '{"node_name":"n","$unknown":[31]}');
	assert.equal(eventJson(frame(part(31, 'x'))), '{"$unknown":[31]}');
	assert.equal(eventJson(Buffer.from([0x0a, 0x09])), '{"$malformed":"Cgk="}');
});

test('camelCase comes out as snake_case, labels and unknown fields as they are', () => {
	const line =
		'{"processExec": {"process": {"execId": "x", "pod": {"podLabels": {"camelCase": "1"}}, "newThing": 1}}, "nodeName": "n"}';
	assert.equal(
		JSON.stringify(parseLine(Buffer.from(line))),
		'{"process_exec":{"process":{"exec_id":"x","pod":{"pod_labels":{"camelCase":"1"}},"newThing":1}},"node_name":"n"}',
	);
});
