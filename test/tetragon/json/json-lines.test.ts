import assert from 'node:assert/strict';
import test from 'node:test';
import {gunzipSync} from 'node:zlib';
import {bodyOf, kindOf} from '../../../source/tetragon/event/event.js';
import {BadLine, parseLine, readLine} from '../../../source/tetragon/json/json-lines.js';
import {factsOfEvent} from '../../../source/tetragon/wire/facts-of-event.js';
import {newFacts} from '../../../source/tetragon/wire/new-facts.js';
import {scanFrame} from '../../../source/tetragon/wire/scan.js';
import {type Message, messageOf} from '../../../source/tetragon/wire/schema-table.js';
import {recordedBytes} from '../../agent/recordings.js';
import {framesOf, jsonLinesOf, withJson} from '../recorded.js';

const exportLog = gunzipSync(recordedBytes('export-log/tetragon.log.gz')).toString().trimEnd().split('\n');

test("every line of an agent's export file is an event, its rate limit too", () => {
	assert.equal(exportLog.length, 1500);
	const kinds = new Map<string, number>();
	for (const line of exportLog) {
		const kind = kindOf(parseLine(line) ?? {});
		kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
	}

	assert.equal(kinds.get('unknown'), undefined);
	assert.equal(kinds.get('rate_limit_info'), 1);
});

test('a line gives the facts that its frame gives', () => {
	const scanned = newFacts();
	const read = newFacts();
	for (const name of withJson()) {
		const lines = jsonLinesOf(name);
		for (const [index, bytes] of framesOf(name).entries()) {
			scanFrame(bytes, scanned);
			factsOfEvent(parseLine(Buffer.from(lines[index] ?? '')) ?? {}, read);
			for (const fact of [
				'kind',
				'kindNumber',
				'timeMs',
				'nodeName',
				'execId',
				'parentExecId',
				'pid',
				'signal',
				'status',
				'functionName',
				'policyName',
				'action',
				'returnAction',
			] as const) {
				assert.equal(read[fact], scanned[fact], `${name} ${index} ${fact}`);
			}

			assert.deepEqual(read.readProcess(), scanned.readProcess());
			assert.deepEqual(read.readParent(), scanned.readParent());
		}
	}
});

function camel(name: string) {
	return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The same event as a camelCase writer has it: names of the contract changed, keys of maps and values not. */
function camelCased(value: unknown, message: Message): unknown {
	if (Array.isArray(value)) {
		return value.map(element => camelCased(element, message));
	}

	if (typeof value !== 'object' || value === null) {
		return value;
	}

	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => {
			const field = message.byName.get(name);
			return [camel(name), field?.kind === 'message' ? camelCased(inner, field.message()) : inner];
		}),
	);
}

test('camelCase lines read as snake_case ones', () => {
	const envelope = messageOf('GetEventsResponse');
	for (const name of ['realistic-mix', 'tracepoint', 'uprobe', 'loader', 'throttle']) {
		for (const line of jsonLinesOf(name)) {
			const event = JSON.parse(line);
			assert.deepEqual(parseLine(JSON.stringify(camelCased(event, envelope))), event);
		}
	}
});

test('what is no JSON object is no event', () => {
	for (const line of ['', ' ', '{', '[]', '1', 'null', '"x"', '{"a":1}x', '\u0000']) {
		assert.equal(parseLine(line), undefined, line);
	}
});

test('an object that says nothing known is an unknown event, with its fields kept', () => {
	const event = parseLine('{"process_new": {"x": 1}, "nodeName": "n"}');
	assert.deepEqual(event, {process_new: {x: 1}, node_name: 'n'});
	const facts = newFacts();
	factsOfEvent(event ?? {}, facts);
	assert.equal(facts.kind, 'unknown');
	assert.equal(facts.nodeName, 'n');
});

test('a byte order mark and a carriage return are no part of a line', () => {
	assert.deepEqual(parseLine(Buffer.from('\ufeff{"node_name":"n"}\r')), {node_name: 'n'});
});

test('null is absent at every depth', () => {
	assert.deepEqual(parseLine('{"process_exec":null,"node_name":"n","time":null}'), {node_name: 'n'});
	assert.deepEqual(parseLine('{"processExec":null,"nodeName":"n"}'), {node_name: 'n'});
	const process = {exec_id: 'a', pid: null, pod: {name: 'p', container: null, pod_labels: null}, cap: null, tid: 5};
	assert.deepEqual(parseLine(JSON.stringify({process_exec: {process, parent: null, ancestors: null}})), {
		process_exec: {process: {exec_id: 'a', pod: {name: 'p'}, tid: 5}},
	});
});

/** Each kind of value in the place of each kind of field: what is allowed where is the table of protojson. */
const places: ReadonlyArray<readonly [place: string, make: (value: unknown) => object, allowed: readonly unknown[]]> = [
	['node_name', value => ({node_name: value}), ['x']],
	['process_exec', value => ({process_exec: value}), [{}]],
	['process', value => ({process_exec: {process: value}}), [{}]],
	['pid', value => ({process_exec: {process: {pid: value}}}), [7]],
	['exec_id', value => ({process_exec: {process: {exec_id: value}}}), ['x']],
	['in_init_tree', value => ({process_exec: {process: {in_init_tree: value}}}), [true]],
	['pod_labels', value => ({process_exec: {process: {pod: {pod_labels: value}}}}), [{}]],
	['a label', value => ({process_exec: {process: {pod: {pod_labels: {a: value}}}}}), ['x']],
	['tags', value => ({process_kprobe: {tags: value}}), [[]]],
	['a tag', value => ({process_kprobe: {tags: [value]}}), ['x']],
	['args', value => ({process_kprobe: {args: value}}), [[]]],
	['an argument', value => ({process_kprobe: {args: [value]}}), [{}]],
	['size_arg', value => ({process_kprobe: {args: [{size_arg: value}]}}), [7]],
	['bytes_arg', value => ({process_kprobe: {args: [{bytes_arg: value}]}}), []],
	['action', value => ({process_kprobe: {action: value}}), ['x', 7]],
	['time', value => ({time: value}), ['x', 7]],
];

test('a wrong type anywhere makes the line no event, and says where', () => {
	for (const [place, make, allowed] of places) {
		for (const value of [7, [], {}, true, 'x', 1.5]) {
			const read = readLine(JSON.stringify(make(value)));
			const isAllowed =
				allowed.some(one => JSON.stringify(one) === JSON.stringify(value)) || (place === 'time' && value === 1.5);
			assert.equal(read instanceof BadLine, !isAllowed, `${place} ${JSON.stringify(value)}`);
			if (read instanceof BadLine) {
				assert.match(read.why, /^[a-z_.[\]0-9]+ is /);
			}
		}
	}
});

/** [what a writer may write, what it means]. */
const sames: ReadonlyArray<readonly [object, object]> = [
	[{process_exec: {process: {pid: '42', uid: 1, tid: '4.2e1'}}}, {process_exec: {process: {pid: 42, uid: 1, tid: 42}}}],
	[{process_exec: {process: {refcnt: '0', cwd: ''}}}, {process_exec: {process: {}}}],
	[{processExec: {process: {execId: 'a', start_time: null}}}, {process_exec: {process: {exec_id: 'a'}}}],
	[
		{process_kprobe: {action: 3, returnAction: 'KPROBE_ACTION_NOTIFYKILLER'}},
		{process_kprobe: {action: 'KPROBE_ACTION_SIGKILL', return_action: 'KPROBE_ACTION_NOTIFYENFORCER'}},
	],
	[{process_kprobe: {action: '13'}}, {process_kprobe: {action: 'KPROBE_ACTION_NOTIFYENFORCER'}}],
	[{process_kprobe: {action: 99}}, {process_kprobe: {action: 99}}],
	[{process_kprobe: {stack_trace: [{symbol: 's'}]}}, {process_kprobe: {kernel_stack_trace: [{symbol: 's'}]}}],
	[
		{process_kprobe: {args: [{int_arg: '0'}, {size_arg: 5}, {long_arg: -7}, {bytesArg: '-_-_'}, {bytes_arg: 'ab'}]}},
		{
			process_kprobe: {
				args: [{int_arg: 0}, {size_arg: '5'}, {long_arg: '-7'}, {bytes_arg: '+/+/'}, {bytes_arg: 'aQ=='}],
			},
		},
	],
	[
		{process_exec: {process: {cap: {permitted: [1, 'CAP_KILL', 77]}}}},
		{process_exec: {process: {cap: {permitted: ['DAC_OVERRIDE', 'CAP_KILL', 77]}}}},
	],
	[{time: '2026-08-01T12:00:02.5+02:00'}, {time: '2026-08-01T10:00:02.500Z'}],
	[{time: '2026-08-01T10:00:02.10Z'}, {time: '2026-08-01T10:00:02.100Z'}],
	[{time: '2024-02-29T23:59:59.1234567-07:00'}, {time: '2024-03-01T06:59:59.123456700Z'}],
	[
		{time: 'n', node_name: 'a', process_exec: {}},
		{process_exec: {}, node_name: 'a', $badTimes: ['time "n"']},
	],
];

test('whatever form a writer of protojson gives a value, the event has one form', () => {
	for (const [written, meant] of sames) {
		const event = parseLine(JSON.stringify(written));
		assert.equal(JSON.stringify(event), JSON.stringify(meant));
		assert.equal(JSON.stringify(parseLine(JSON.stringify(event))), JSON.stringify(meant), 'and it stays');
	}
});

test('64-bit numbers are exact, as texts and as numbers', () => {
	const line =
		'{"process_kprobe":{"args":[{"size_arg":18446744073709551615},{"long_arg":-9223372036854775808},{"long_arg":"9007199254740993"}]}}';
	assert.deepEqual(parseLine(line)?.process_kprobe?.args, [
		{size_arg: '18446744073709551615'},
		{long_arg: '-9223372036854775808'},
		{long_arg: '9007199254740993'},
	]);
	for (const value of ['18446744073709551616', '-1', '1e30', '0.5']) {
		assert.ok(readLine(`{"process_kprobe":{"args":[{"size_arg":${value}}]}}`) instanceof BadLine, value);
		assert.ok(readLine(`{"process_kprobe":{"args":[{"size_arg":"${value}"}]}}`) instanceof BadLine, value);
	}
});

test('two names or two cases of one field are no event', () => {
	for (const line of [
		'{"process_exec":{},"processExec":{}}',
		'{"process_exec":{},"process_exit":{}}',
		'{"process_kprobe":{"args":[{"int_arg":1,"string_arg":"x"}]}}',
	]) {
		assert.ok(readLine(line) instanceof BadLine, line);
	}
});

test('a line that is nested without an end is no event, whatever its depth', () => {
	for (const depth of [101, 5000, 200_000, 4_000_000]) {
		for (const line of [
			'['.repeat(depth),
			`{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`,
			`{"process_exec":{"process":${'{"pod":'.repeat(depth)}{}${'}'.repeat(depth + 2)}`,
		]) {
			assert.ok(readLine(line) instanceof BadLine, `${depth} ${line.slice(0, 20)}`);
		}
	}

	assert.ok(!(readLine(`{"x":${'['.repeat(98)}"[["${']'.repeat(98)}}`) instanceof BadLine));
});

test('a case of a newer agent keeps its content, and its processes are processes', () => {
	const line = {process_new: {process: {execId: 'a', pid: '5'}, parent: {pid: 4}, x: {y: 1}}, node_name: 'n'};
	assert.deepEqual(parseLine(JSON.stringify(line)), {
		process_new: {process: {exec_id: 'a', pid: 5}, parent: {pid: 4}, x: {y: 1}},
		node_name: 'n',
	});
	assert.ok(readLine('{"process_new":{"process":{"pid":"x"}}}') instanceof BadLine);
});

test('what readers expect in any case is of its type in each, or the line is no event', () => {
	for (const line of [
		{process_throttle: {process: {pid: 'x'}}},
		{process_exec: {policy_name: {}}},
		{process_exec: {tags: [1]}},
		{test: {parent: {binary: 5}}},
		{process_new: {process: {}, ancestors: [{binary: 5}]}},
		{process_new: {process: {}, ancestors: {}}},
	]) {
		assert.ok(readLine(JSON.stringify(line)) instanceof BadLine, JSON.stringify(line));
	}

	const newer = parseLine(
		'{"process_new": {"process": {"pid": 1}, "status": {}, "signal": 9}, "$carried": {"process": 8}}',
	);
	assert.deepEqual(newer, {process_new: {process: {pid: 1}, status: {}, signal: 9}});
	assert.deepEqual(newer && bodyOf(newer), {process: {pid: 1}}, 'the rest of an unknown case may be of any type');
});

test('actions by number and by name are the same action; a name of a newer agent is none that is known', () => {
	const facts = newFacts();

	function action(value: unknown) {
		factsOfEvent(parseLine(JSON.stringify({process_lsm: {action: value}})) ?? {}, facts);
		return facts.action;
	}

	assert.equal(action('KPROBE_ACTION_SIGKILL'), 3);
	assert.equal(action(3), 3);
	assert.equal(action('KPROBE_ACTION_TELEPORT'), 0);
});
