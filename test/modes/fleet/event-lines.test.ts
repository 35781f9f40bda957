import assert from 'node:assert/strict';
import process from 'node:process';
import test, {type TestContext} from 'node:test';
import type {Form} from '../../../source/headless/form.js';
import type {LineWriter} from '../../../source/headless/line-writer.js';
import {EventLines} from '../../../source/modes/fleet/event-lines.js';
import type {FleetMode} from '../../../source/modes/fleet/mode.js';
import type {Options} from '../../../source/options/options.js';
import {parseOptions} from '../../../source/options/parse.js';
import type {Problem} from '../../../source/problem.js';
import {ByteText} from '../../../source/runtime/byte-text.js';
import {Arrival} from '../../../source/store/arrival.js';
import type {FeedMarker} from '../../../source/store/snapshot.js';
import type {Event} from '../../../source/tetragon/event/event.js';

/** Event lines with what they write: the lines, the notes, and how often they would end the program. */
function eventLines(t: TestContext, mode: Partial<FleetMode> = {}) {
	const lines: string[] = [];
	const notes: string[] = [];
	let failures = 0;
	t.mock.method(process.stderr, 'write', (text: string) => notes.push(text.replace(/^tetratop: |\n$/g, '')) > 0);
	const form = {event: (out: ByteText, {node_name}: Event) => out.text(node_name ?? '')} as unknown as Form;
	const writer = {
		add<Value, Result>(write: (out: ByteText, value: Value) => Result, value: Value) {
			const out = new ByteText(8);
			const result = out.add(write, value);
			lines.push(out.toString());
			return result;
		},
	} as unknown as LineWriter;
	const {options} = parseOptions([]);
	const sink = new EventLines(
		{options: options as Options, targetName: '', mode: 'live', connect: async () => undefined, ...mode},
		form,
		writer,
		() => {
			failures++;
		},
	);
	return {sink, lines, notes, failures: () => failures};
}

const lost: Problem = {id: 'node/a', severity: 'error', what: 'a', why: 'no route', fix: 'wait'};

function execOf(pod: string): Event {
	return {node_name: pod, process_exec: {process: {exec_id: pod, pod: {name: pod, namespace: 'default'}}}} as Event;
}

test('an address that cannot be reached ends the program, also by a warning', t => {
	const {sink, failures} = eventLines(t, {isSingle: true});
	sink.raise({...lost, severity: 'warning'});
	assert.equal(failures(), 1);
});

test('an address that streamed ends the program by an error only', t => {
	const {sink, failures} = eventLines(t, {isSingle: true});
	sink.setNode(0, {state: 'quiet'});
	sink.raise({...lost, severity: 'warning'});
	assert.equal(failures(), 0);
	sink.raise({...lost, why: 'refused'});
	assert.equal(failures(), 1);
});

test('in a cluster one node never ends the program, an error about the cluster does until a node has streamed', t => {
	const {sink, failures} = eventLines(t);
	sink.raise(lost);
	sink.raise({...lost, id: 'api', severity: 'warning'});
	assert.equal(failures(), 0);
	sink.raise({...lost, id: 'api', why: 'refused'});
	assert.equal(failures(), 1);
	sink.setNode(0, {state: 'streaming'});
	sink.raise({...lost, id: 'other'});
	assert.equal(failures(), 1);
});

test('a problem is noted once, and again after it was solved or has changed', t => {
	const {sink, notes} = eventLines(t);
	sink.raise(lost);
	sink.raise(lost);
	sink.raise({...lost, why: 'refused'});
	sink.settle('node/a');
	sink.raise({...lost, why: 'refused'});
	assert.deepEqual(notes, ['a: no route; wait', 'a: refused; wait', 'a: refused; wait']);
});

const markers: ReadonlyArray<readonly [FeedMarker, string | undefined]> = [
	[{type: 'gap', fromMs: 0, toMs: 300, reason: 'reset'}, 'n: reset; the events of 1 s are missing'],
	[{type: 'gap', fromMs: 0, toMs: 61_400, reason: 'reset'}, 'n: reset; the events of 61 s are missing'],
	[{type: 'restart', reason: 'the agent restarted'}, 'n: the agent restarted'],
	[{type: 'lost', where: 'server', count: 7, reason: 'slow'}, 'n: 7 events are lost: slow'],
	[
		{type: 'stalled', fromMs: 0, toMs: 4000},
		'n: tetratop did not run for 4 s; what the agent dropped meanwhile is missing',
	],
	[{type: 'connected', reason: 'first'}, undefined],
	[{type: 'day'}, undefined],
];

for (const [marker, wanted] of markers) {
	test(`missing events are noted: ${JSON.stringify(marker)}`, t => {
		const {sink, notes} = eventLines(t);
		sink.rule(sink.openNode('n'), marker);
		assert.deepEqual(notes, wanted === undefined ? [] : [wanted]);
	});
}

test('an event is written in its form', t => {
	const {sink, lines} = eventLines(t);
	sink.take(sink.openNode('n'), new Arrival().line(new Uint8Array(), execOf('web')));
	assert.deepEqual(lines, ['web']);
});

test('a node is known by its name, also after it was renamed', t => {
	const {sink, notes} = eventLines(t);
	const node = sink.openNode('10.0.0.1');
	assert.equal(sink.openNode('10.0.0.1'), node);
	sink.renameNode(node, 'worker-1');
	sink.rule(node, {type: 'restart', reason: 'gone'});
	assert.deepEqual(notes, ['worker-1: gone']);
});
