import assert from 'node:assert/strict';
import test from 'node:test';
import type {Facts} from '../../../source/tetragon/event/facts.js';
import {isHook, kinds} from '../../../source/tetragon/event/kinds.js';
import {decodeEvent} from '../../../source/tetragon/wire/decode.js';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';
import {factsOfEvent} from '../../../source/tetragon/wire/facts-of-event.js';
import {newFacts} from '../../../source/tetragon/wire/new-facts.js';
import {malformedKind, scanFrame} from '../../../source/tetragon/wire/scan.js';
import {type Field, type FieldKind, messageOf} from '../../../source/tetragon/wire/schema-table.js';
import {statsOf} from '../../agent/recordings.js';
import {frame, number, part} from '../build-frame.js';
import {framesOf, recordingNames} from '../recorded.js';

/** All that Facts says, the processes read out. */
function said(facts: Facts): Record<string, unknown> {
	const {readProcess, readParent} = facts;
	const plain = Object.fromEntries(
		(
			[
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
			] as const
		).map(name => [name, facts[name]]),
	);
	return {...plain, process: readProcess(), parent: readParent()};
}

for (const name of recordingNames()) {
	test(`the scanner finds in every frame of ${name} what the decoder finds`, () => {
		const scanned = newFacts();
		const decoded = newFacts();
		for (const bytes of framesOf(name).slice(0, 4000)) {
			scanFrame(bytes, scanned);
			factsOfEvent(decodeEvent(bytes), decoded);
			assert.deepEqual(said(scanned), said(decoded));
			assert.deepEqual(outlined(scanned), expected(decoded));
		}
	});
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one line for each field of an event
test('the scanner finds in an event of every kind what the decoder finds, each field with a value of its own', () => {
	const scanned = newFacts();
	const decoded = newFacts();
	for (const {name, number: kindNumber} of kinds) {
		const message = messageOf(messageOf('GetEventsResponse').byName.get(name)?.typeName ?? '');
		const body = Object.fromEntries(message.fields.map(field => [field.name, sample(field)]));
		const bytes = encodeMessage('GetEventsResponse', {[name]: body, node_name: 'n', time: '2026-01-02T03:04:05.006Z'});
		scanFrame(bytes, scanned);
		factsOfEvent(decodeEvent(bytes), decoded);
		assert.deepEqual(said(scanned), said(decoded), name);
		assert.equal(scanned.kind, name);
		assert.equal(scanned.kindNumber, kindNumber);
		assert.equal(scanned.execId, message.byName.has('process') ? 'id of process' : '', name);
		assert.equal(scanned.readParent()?.execId, message.byName.has('parent') ? 'id of parent' : undefined, name);
		assert.equal(scanned.policyName, isHook(name) ? 'text of policy_name' : '', name);
		assert.equal(scanned.action, isHook(name) ? 3 : 0, name);
		assert.equal(scanned.returnAction, name === 'process_kprobe' ? 5 : 0, name);
		assert.equal(scanned.signal, name === 'process_exit' ? 'text of signal' : '', name);
		assert.equal(scanned.status, name === 'process_exit' ? 7 : 0, name);
	}

	scanFrame(encodeMessage('GetEventsResponse', {process_usdt: {provider: 'p', name: 'n'}}), scanned);
	assert.equal(scanned.functionName, 'p/n');
});

/** A value that tells by itself which field it was read from. */
function sample({name, kind, repeated, typeName}: Field): unknown {
	if (repeated) {
		return [];
	}

	if (typeName === 'KprobeAction') {
		return name === 'action' ? 'KPROBE_ACTION_SIGKILL' : 'KPROBE_ACTION_OVERRIDE';
	}

	const samples: Partial<Record<FieldKind, unknown>> = {
		string: `text of ${name}`,
		uint32: 7,
		uint64: '8',
		message: {exec_id: `id of ${name}`},
	};
	return samples[kind];
}

/** What the outline of the process says, the places in the bytes read out. */
function outlined(facts: Facts): Record<string, unknown> | undefined {
	const outline = facts.outlineProcess();
	if (outline === undefined) {
		return undefined;
	}

	const {execId, parentExecId, pid, flags, startMs, execProbe, hasPod, bytes} = outline;

	function text(from: number, to: number) {
		return bytes.toString('utf8', from, to);
	}

	return {
		...{execId, parentExecId, pid, flags, startMs, execProbe, hasPod},
		pod: strings(text(outline.podStart, outline.podNamesEnd)),
		container: strings(text(outline.containerStart, outline.containerNamesEnd)),
	};
}

function expected(facts: Facts): Record<string, unknown> | undefined {
	const process = facts.readProcess();
	if (process === undefined) {
		return undefined;
	}

	const {execId, parentExecId, pid, flags, startMs, execProbe} = process;
	return {
		...{execId, parentExecId, pid, flags, startMs, execProbe, hasPod: process.pod !== ''},
		pod: [process.namespace, process.pod].filter(Boolean),
		container: [process.containerId, process.container].filter(Boolean),
	};
}

/** Tags and lengths of names are signs below the blank, or letters that no name begins with here. */
function strings(text: string): string[] {
	return (
		text
			// biome-ignore lint/suspicious/noControlCharactersInRegex: tags of protobuf
			.split(/[\n\u0012][\s\S]/)
			.filter(Boolean)
	);
}

test('the scanner counts in every recording what its maker counted', () => {
	const facts = newFacts();
	for (const name of recordingNames()) {
		const {events, kinds} = statsOf(name);
		const counted: Record<string, number> = {};
		const frames = framesOf(name);
		for (const bytes of frames) {
			scanFrame(bytes, facts);
			counted[facts.kind] = (counted[facts.kind] ?? 0) + 1;
		}

		assert.equal(frames.length, events);
		assert.deepEqual(counted, {...kinds});
	}
});

test('bytes in a plain Uint8Array, in the middle of a slab, scan like a Buffer', () => {
	const [bytes = Buffer.alloc(0)] = framesOf('file-enforce');
	const slab = new Uint8Array(bytes.length + 20);
	slab.set(bytes, 10);
	const one = newFacts();
	const other = newFacts();
	scanFrame(bytes, one);
	scanFrame(slab.subarray(10, 10 + bytes.length), other);
	assert.deepEqual(said(other), said(one));
	assert.notEqual(one.execId, '');
});

test('nothing of the event before remains in reused facts', () => {
	const facts = newFacts();
	const kprobe = framesOf('network').find(bytes => decodeEvent(bytes).process_kprobe !== undefined);
	scanFrame(kprobe ?? Buffer.alloc(0), facts);
	assert.equal(facts.kind, 'process_kprobe');
	scanFrame(Buffer.alloc(0), facts);
	assert.deepEqual(said(facts), said(newFacts()));
});

test('an event of a newer agent is unknown, with its number, its node and its time', () => {
	const facts = newFacts();
	scanFrame(frame(part(1000, 'node-1'), part(1001, number(1, 1_790_000_000)), part(999, part(1, 'x'))), facts);
	assert.equal(facts.kind, 'unknown');
	assert.equal(facts.kindNumber, 999);
	assert.equal(facts.nodeName, 'node-1');
	assert.equal(facts.timeMs, 1_790_000_000_000);
	scanFrame(frame(part(40_002, 'x')), facts);
	assert.equal(facts.kindNumber, 40_002);
});

test('an envelope field of a newer agent hides no event', () => {
	const facts = newFacts();
	scanFrame(frame(part(1005, 'new'), part(5, [...part(1, part(1, 'id')), ...part(3, 'SIGTERM')])), facts);
	assert.equal(facts.kind, 'process_exit');
	assert.equal(facts.signal, 'SIGTERM');
	assert.equal(facts.execId, 'id');
});

test('pid 0, whose wrapper is empty, is 0; a pid of five bytes is whole', () => {
	const facts = newFacts();
	scanFrame(frame(part(1, part(1, [...part(1, 'k'), ...part(2, [])]))), facts);
	assert.equal(facts.pid, 0);
	scanFrame(frame(part(1, part(1, part(2, number(1, 4_294_967_295))))), facts);
	assert.equal(facts.pid, 4_294_967_295);
});

test('a process in two pieces is one process', () => {
	const facts = newFacts();
	scanFrame(frame(part(1, part(1, part(1, 'id'))), part(1, part(1, part(12, 'parent')))), facts);
	assert.equal(facts.kind, 'process_exec');
	assert.equal(facts.execId, 'id');
	assert.equal(facts.parentExecId, 'parent');
	assert.equal(facts.readProcess()?.execId, 'id');
});

test("unreadable bytes never throw, and are told from newer agents' events", () => {
	const facts = newFacts();
	for (const bytes of [[0x0a], [0x0a, 0x7f, 0x01], [0xff, 0xff], [0x0a, 0x03, 0x0a, 0x09, 0x01], [0x0f]]) {
		scanFrame(Buffer.from(bytes), facts);
		assert.equal(facts.kind, 'unknown', String(bytes));
		assert.equal(facts.kindNumber, malformedKind, String(bytes));
	}

	scanFrame(frame(part(1000, 'node')), facts);
	assert.equal(facts.kindNumber, 0, 'an event without content is readable');
});

test('whatever is cut or overwritten, scanning and reading the processes never throws', () => {
	let state = 3;

	function random(below: number) {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
		return (state >>> 8) % below;
	}

	const frames = [...framesOf('realistic-mix').slice(0, 40), ...framesOf('fork-storm').slice(0, 40)];
	const facts = newFacts();
	for (let round = 0; round < 20_000; round++) {
		const bytes = Buffer.from(frames[random(frames.length)] ?? []);
		bytes[random(bytes.length)] = random(256);
		scanFrame(bytes.subarray(0, random(3) === 0 ? random(bytes.length) : bytes.length), facts);
		facts.readProcess();
		facts.readParent();
	}
});
