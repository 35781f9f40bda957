import assert from 'node:assert/strict';
import test from 'node:test';
import {gunzipSync} from 'node:zlib';
import {kindOf} from '../../../source/tetragon/event/event.js';
import {parseLine} from '../../../source/tetragon/json/json-lines.js';
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

test('a case that is null or no object is absent', () => {
	assert.deepEqual(parseLine('{"process_exec":null,"process_exit":5,"node_name":"n","time":null}'), {node_name: 'n'});
	assert.deepEqual(parseLine('{"processExec":null,"nodeName":"n"}'), {node_name: 'n'});
});

test("values of other types than the contract's count as absent, and nothing throws", () => {
	const facts = newFacts();
	for (const value of [null, 7, [], {}, true, 'x']) {
		for (const body of [
			value,
			{process: value},
			{process: {pod: value, pid: value, exec_id: value, start_time: value}},
			{process: {pod: {container: value, pod_labels: value}}},
			{process: {pod: {pod_labels: {a: value}}}},
		]) {
			factsOfEvent(parseLine(JSON.stringify({process_exec: body, time: value, node_name: value})) ?? {}, facts);
			const process = facts.readProcess();
			assert.equal(typeof facts.execId, 'string');
			assert.equal(typeof facts.pid, 'number');
			assert.ok(process === undefined || (typeof process.namespace === 'string' && typeof process.binary === 'string'));
			for (const label of Object.values(process?.podLabels ?? {})) {
				assert.equal(typeof label, 'string');
			}
		}
	}
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
