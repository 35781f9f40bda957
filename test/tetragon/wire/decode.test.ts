import assert from 'node:assert/strict';
import test from 'node:test';
import {decodeFrame} from '../../../source/tetragon/decode-frame.js';
import {decodeEvent, decodeMessage} from '../../../source/tetragon/wire/decode.js';
import {encodeMessage, typeOf} from '../../../source/tetragon/wire/encode.js';
import {recordedBytes} from '../../agent/recordings.js';
import {frame, number, part} from '../build-frame.js';
import {framesOf, jsonLinesOf, recordingNames, withJson} from '../recorded.js';

for (const name of withJson()) {
	test(`every frame of ${name} decodes to what tetra says of it`, () => {
		const lines = jsonLinesOf(name);
		const frames = framesOf(name);
		assert.equal(frames.length, lines.length);
		for (const [index, bytes] of frames.entries()) {
			assert.deepEqual(decodeEvent(bytes), JSON.parse(lines[index] ?? ''));
		}
	});
}

test('every frame says to protobufjs what it says to the decoder', () => {
	const type = typeOf('GetEventsResponse');
	for (const name of recordingNames()) {
		for (const bytes of framesOf(name).slice(0, 600)) {
			const again = encodeMessage('GetEventsResponse', decodeEvent(bytes));
			const options = {longs: String, enums: String, bytes: String, defaults: true};
			assert.deepEqual(type.toObject(type.decode(again), options), type.toObject(type.decode(bytes), options));
		}
	}
});

for (const [file, type] of [
	['rpc/GetHealth', 'GetHealthStatusResponse'],
	['rpc/GetVersion', 'GetVersionResponse'],
	['rpc/ListTracingPolicies', 'ListTracingPoliciesResponse'],
	['rpc/ListDomains', 'ListDomainsResponse'],
	['rpc/GetDebug-skipzero', 'GetDebugResponse'],
	['rpc/GetDebug-loglevel', 'GetDebugResponse'],
	...Array.from(
		{length: 12},
		(_, index) => [`rpc-policy-states/ListTracingPolicies-${index + 1}`, 'ListTracingPoliciesResponse'] as const,
	),
] as const) {
	test(`the recorded answer ${file} reads as tetra's JSON of it`, () => {
		assert.deepEqual(
			decodeMessage(type, recordedBytes(`${file}.bin`)),
			JSON.parse(recordedBytes(`${file}.json`).toString()),
		);
	});
}

test('the flags of an agent are read out of their Any, lists among them', () => {
	const {conf} = decodeMessage('GetInfoResponse', recordedBytes('rpc/GetInfo.bin')) as {
		conf: ReadonlyArray<{key: string; value?: {'@type': string; value: unknown}}>;
	};
	assert.ok(conf.length > 50);
	const types = new Set(conf.map(({value}) => value?.['@type']));
	assert.ok(types.has('type.googleapis.com/google.protobuf.ListValue'));
	const list = conf.find(({value}) => value?.['@type'].endsWith('ListValue'));
	assert.ok(Array.isArray(list?.value?.value));
	assert.equal(conf.find(({key}) => key === 'server-address')?.value?.value, '0.0.0.0:54321');
});

test('a case of the oneof that an older client cannot know is kept by its number', () => {
	const event = decodeEvent(frame(part(1000, 'node'), part(31, part(1, '')), number(1099, 7)));
	assert.deepEqual(event, {node_name: 'node', $unknown: [31, 1099]});
});

test('an unknown enum number stays a number, an unknown field and a field of another wire type are passed over', () => {
	const kprobe = [...number(6, 99), ...part(3, 'f'), ...number(77, 1), ...number(8, 5)];
	assert.deepEqual(decodeEvent(frame(part(9, kprobe))), {process_kprobe: {action: 99, function_name: 'f'}});
});

test('labels of an agent v1.0, repeated where newer ones have the uid, do not break the pod', () => {
	const pod = [...part(1, 'default'), ...part(3, 'a=b'), ...part(3, 'c=d')];
	assert.deepEqual(decodeEvent(frame(part(1, part(1, part(10, pod))))), {
		process_exec: {process: {pod: {namespace: 'default', uid: 'c=d'}}},
	});
});

test('of a oneof the last case counts, and the pieces of one case are merged', () => {
	const exec = part(1, part(1, part(1, 'x')));
	const exit = part(5, part(3, 'SIGKILL'));
	assert.deepEqual(decodeEvent(frame(exec, exit)), {process_exit: {signal: 'SIGKILL'}});
	assert.deepEqual(decodeEvent(frame(exec, part(1, part(1, part(5, '/bin/x'))))), {
		process_exec: {process: {exec_id: 'x', binary: '/bin/x'}},
	});
});

test('integers keep all 64 bits, signed and unsigned', () => {
	function argument(...bytes: number[][]) {
		return frame(part(9, part(4, bytes.flat())));
	}

	function first(bytes: Buffer) {
		return (decodeEvent(bytes).process_kprobe?.args ?? [])[0];
	}

	assert.deepEqual(first(argument(number(4, 18_446_744_073_709_551_615n))), {size_arg: '18446744073709551615'});
	assert.deepEqual(first(argument(number(11, -1n))), {long_arg: '-1'});
	assert.deepEqual(first(argument(number(11, -9_223_372_036_854_775_808n))), {long_arg: '-9223372036854775808'});
	assert.deepEqual(first(argument(number(2, -5n))), {int_arg: -5});
	assert.deepEqual(first(argument(number(2, 0))), {int_arg: 0}, 'a zero in a oneof was sent');
});

test('times have as many digits as they need', () => {
	function at(seconds: number | bigint, nanos: number) {
		return decodeEvent(frame(part(1001, [...number(1, seconds), ...number(2, nanos)]))).time;
	}

	assert.equal(at(0, 0), '1970-01-01T00:00:00Z');
	assert.equal(at(1_790_000_000, 120_000_000), '2026-09-21T14:13:20.120Z');
	assert.equal(at(1_790_000_000, 120_500_000), '2026-09-21T14:13:20.120500Z');
	assert.equal(at(1_790_000_000, 1), '2026-09-21T14:13:20.000000001Z');
	assert.equal(at(-1n, 500_000_000), '1969-12-31T23:59:59.500Z');
	assert.equal(at(2 ** 50, 0), '1125899906842624s', 'beyond the year 9999 there is no RFC 3339');
});

test('invalid UTF-8 becomes U+FFFD, and a label may be called __proto__', () => {
	const labels = part(5, [...part(1, '__proto__'), ...part(2, [0xff, 0x61])]);
	const event = decodeEvent(frame(part(1, part(1, part(10, labels)))));
	const found = event.process_exec?.process?.pod?.pod_labels ?? {};
	assert.deepEqual(Object.entries(found), [['__proto__', '\ufffda']]);
});

test('bytes that are no protobuf are undefined as a frame, in either format', () => {
	for (const bytes of [
		[0x0a],
		[0x0a, 0x05, 0x01],
		[0xff],
		Array.from({length: 12}, () => 0x80),
		[0x0b, 0x14],
		[0x07],
	]) {
		assert.equal(decodeFrame(Buffer.from(bytes), 'protobuf'), undefined);
	}

	assert.equal(decodeFrame(Buffer.from('{"process_exec"'), 'json'), undefined);
	assert.equal(decodeFrame(Buffer.from('[1]'), 'json'), undefined);
});

test('groups, which no agent writes, are stepped over however deep they are', () => {
	const deep = [
		...Array.from({length: 100_000}, () => 0xfb07).flatMap(() => [0xf3, 0x07]),
		...Array.from({length: 100_000}).flatMap(() => [0xf4, 0x07]),
	];
	assert.deepEqual(decodeEvent(frame(deep, part(1000, 'n'))), {$unknown: [126], node_name: 'n'});
});

test('whatever is cut or overwritten, decoding ends with an event or with Malformed', () => {
	let state = 7;

	function random(below: number) {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
		return (state >>> 8) % below;
	}

	const frames = [...framesOf('realistic-mix').slice(0, 40), ...framesOf('tracepoint').slice(30, 50)];
	for (let round = 0; round < 3000; round++) {
		const bytes = Buffer.from(frames[random(frames.length)] ?? []);
		const cut = random(4) === 0 ? random(bytes.length) : bytes.length;
		for (let change = 0; change < 3; change++) {
			bytes[random(bytes.length)] = random(256);
		}

		assert.doesNotThrow(() => decodeFrame(bytes.subarray(0, cut), 'protobuf'));
	}
});
