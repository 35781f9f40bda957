import assert from 'node:assert/strict';
import test from 'node:test';
import {decodeMessage} from '../../../source/tetragon/wire/decode.js';
import {encodeMessage, typeOf} from '../../../source/tetragon/wire/encode.js';
import {recordedBytes} from '../../agent/recordings.js';

test('a request arrives at protobufjs as it was meant', () => {
	const bytes = encodeMessage('GetEventsRequest', {
		allow_list: [{event_set: ['PROCESS_EXEC', 'PROCESS_EXIT'], health_check: false, pid: [1, 300], namespace: ['']}],
		deny_list: [{labels: ['a=b'], nonsense: 1}],
	});
	const type = typeOf('GetEventsRequest');
	assert.deepEqual(type.toObject(type.decode(bytes), {enums: String}), {
		allow_list: [
			{event_set: ['PROCESS_EXEC', 'PROCESS_EXIT'], health_check: {value: false}, pid: [1, 300], namespace: ['']},
		],
		deny_list: [{labels: ['a=b']}],
	});
});

test('the dump is always asked with its arguments, even when they say nothing: agents crash without', () => {
	const bytes = encodeMessage('GetDebugRequest', {flag: 'CONFIG_FLAG_DUMP_PROCESS_CACHE', dump: {}});
	assert.deepEqual([...bytes], [0x08, 0x01, 0x12, 0x00]);
});

test('an absent `enable` is not a `false` one', () => {
	assert.deepEqual(
		decodeMessage(
			'ConfigureTracingPolicyRequest',
			encodeMessage('ConfigureTracingPolicyRequest', {name: 'p', enable: false}),
		),
		{
			name: 'p',
			enable: false,
		},
	);
	assert.deepEqual(
		decodeMessage(
			'ConfigureTracingPolicyRequest',
			encodeMessage('ConfigureTracingPolicyRequest', {name: 'p', mode: 'TP_MODE_MONITOR'}),
		),
		{
			name: 'p',
			mode: 'TP_MODE_MONITOR',
		},
	);
});

test('the answers of an agent survive the way there and back, flags in an Any too', () => {
	for (const [file, type] of [
		['rpc/GetInfo', 'GetInfoResponse'],
		['rpc/GetDebug', 'GetDebugResponse'],
		['rpc/ListTracingPolicies', 'ListTracingPoliciesResponse'],
	] as const) {
		const read = decodeMessage(type, recordedBytes(`${file}.bin`));
		assert.deepEqual(decodeMessage(type, encodeMessage(type, read)), read);
	}
});
