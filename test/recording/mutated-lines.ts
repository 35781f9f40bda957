/**
Recorded events with faults in them, as files from elsewhere have them: through the decoder, and what it takes for an event through
everything that prints or draws one. Nothing may throw, and no line may be lost.
*/
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {compactForm} from '../../source/headless/compact.js';
import {jsonForm} from '../../source/headless/json.js';
import {BadLine, readLine} from '../../source/tetragon/json/json-lines.js';
import {savedLines} from '../../source/ui/save/saved-lines.js';
import {paintArea} from '../../source/ui/screen.js';
import {detailTabs} from '../../source/ui/state/state.js';
import {eventText} from '../headless/form-text.js';
import {jsonLinesOf, withJson} from '../tetragon/recorded.js';
import {boxesOf, paint, Scene, uiOf} from '../ui/panes/scene.js';

/** Lines of one store and one screen. */
const batch = 50;

/** A few events of each recording: every kind of event, argument and field is among them. */
const recorded = withJson().flatMap(name =>
	jsonLinesOf(name)
		.filter((_, index) => index % 7 === 0)
		.slice(0, 60),
);

/** undefined but once in so many. */
function rarely<Value>(times: number, arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
	return fc.oneof({weight: times - 1, arbitrary: fc.constant(undefined)}, {weight: 1, arbitrary});
}

const hostileValue = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.constantFrom(
			null,
			true,
			0,
			-1,
			1.5,
			Number.POSITIVE_INFINITY,
			2 ** 53,
			2 ** 64,
			-(2 ** 63),
			'',
			'0',
			'-0',
			'1e2',
			'x',
			{},
			[],
			[null],
			{a: null},
		),
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom(
			'\u001b[2J',
			'\ud800',
			'\u202e',
			'a'.repeat(5000),
			'__proto__',
			'constructor',
			'9'.repeat(400),
		),
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom(
			'2026-02-30T10:00:00Z',
			'9999-12-31T23:59:59Z',
			'0001-01-01T00:00:00+05:00',
			'2026-08-01T10:00:02.1234567Z',
		),
	},
	{weight: 1, arbitrary: fc.jsonValue({maxDepth: 4})},
	{weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 40})},
);

const edit = fc.record({
	where: fc.nat(),
	how: fc.constantFrom(
		'replace',
		'remove',
		'remove',
		'rename',
		'rename',
		'misname',
		'misname',
		'wrap',
		'insert',
		'insert',
		'swap',
	),
	value: hostileValue,
	name: fc.oneof(
		fc.constantFrom('process', 'pod', 'args', 'int_arg', 'time', '__proto__', '$unknown', '$badTimes', '$carried'),
		// Names that readers ask for, in messages that do not have them too.
		fc.constantFrom('parent', 'ancestors', 'policy_name', 'message', 'tags', 'function_name', 'signal', 'action'),
		fc.constantFrom('process_new', 'process_loader', 'process_throttle', 'rate_limit_info', 'test'),
		fc.string({maxLength: 12}),
	),
});

const mutant = fc.record({
	line: fc.nat(),
	edits: fc.array(edit, {minLength: 1, maxLength: 3}),
	cut: rarely(30, fc.nat()),
	byte: rarely(10, fc.tuple(fc.nat(), fc.nat(255))),
});

type Edit = {where: number; how: string; value: unknown; name: string};
type Place = {holder: Record<string, unknown>; key: string};

function placesIn(value: unknown, found: Place[]): Place[] {
	if (typeof value === 'object' && value !== null) {
		for (const key of Object.keys(value)) {
			found.push({holder: value as Record<string, unknown>, key});
			placesIn((value as Record<string, unknown>)[key], found);
		}
	}

	return found;
}

function camel(name: string): string {
	return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one case for each way to damage a line
function apply(root: unknown, {where, how, value, name}: Edit): void {
	const places = placesIn(root, []);
	const place = places[where % Math.max(1, places.length)];
	if (place === undefined) {
		return;
	}

	const {holder, key} = place;
	const before = holder[key];
	// The length of an array is no member of it.
	const member = Array.isArray(holder) && name === 'length' ? '0' : name;
	switch (how) {
		case 'remove': {
			delete holder[key];
			return;
		}

		case 'rename': {
			delete holder[key];
			holder[camel(key)] = before;
			return;
		}

		case 'misname': {
			delete holder[key];
			Object.defineProperty(holder, member, {value: before, enumerable: true, configurable: true, writable: true});
			return;
		}

		case 'wrap': {
			holder[key] = where % 2 === 0 ? [before] : {[name]: before};
			return;
		}

		case 'insert': {
			Object.defineProperty(holder, member, {value, enumerable: true, configurable: true, writable: true});
			return;
		}

		case 'swap': {
			// Numbers are texts elsewhere, and texts that look like numbers are numbers.
			holder[key] =
				typeof before === 'number'
					? String(before)
					: typeof before === 'string' && /^\d+$/.test(before)
						? Number(before)
						: before === true
							? 'true'
							: before;
			return;
		}

		default: {
			holder[key] = value;
		}
	}
}

type Mutant = {line: number; edits: Edit[]; cut: number | undefined; byte: [number, number] | undefined};

function lineOf({line, edits, cut, byte}: Mutant): Buffer {
	const event: unknown = JSON.parse(recorded[line % recorded.length] ?? '{}');
	for (const one of edits) {
		apply(event, one);
	}

	const bytes = Buffer.from(JSON.stringify(event));
	if (byte !== undefined) {
		bytes[byte[0] % bytes.length] = byte[1];
	}

	return cut === undefined ? bytes : bytes.subarray(0, cut % bytes.length);
}

const forms = [
	jsonForm({terminal: false}),
	jsonForm({terminal: true}),
	compactForm({timestamps: true, color: true}),
	compactForm({timestamps: false, color: false}),
];

/** Draws every tab of the detail of every event. */
function openEach(scene: Scene, seqs: readonly number[]): void {
	const ui = uiOf(120, 40);
	const box = boxesOf({...ui, detail: {...ui.detail, open: true}}).detail;
	assert.ok(box);
	const context = scene.context(ui);
	for (const seq of seqs) {
		for (const tab of detailTabs) {
			const detail = {open: true, subject: {type: 'event', seq}, tab, scroll: 0} as const;
			const lines = paintArea({...context, ui: {...ui, focus: 'detail', detail}}, 'detail', box);
			assert.ok(lines.length > 0);
		}
	}
}

function check(mutants: readonly Mutant[]): void {
	const scene = new Scene();
	const node = scene.node('node');
	let events = 0;
	let bad = 0;
	for (const one of mutants) {
		const line = lineOf(one);
		const event = readLine(line);
		if (event instanceof BadLine) {
			assert.notEqual(event.why, '');
			bad++;
			continue;
		}

		events++;
		for (const form of forms) {
			assert.notEqual(eventText(form, event), '');
		}

		const written = JSON.stringify(event);
		assert.equal(JSON.stringify(readLine(written)), written, 'what is written is read as the same event');
		scene.nowMs += 1;
		scene.take(node, event);
	}

	assert.equal(events + bad, mutants.length);
	scene.store.tick(scene.nowMs);
	const ui = uiOf(120, 40, {focus: 'events'});
	const context = scene.context(ui);
	paint(context);
	const rows = [...Array(context.picture.feed.length).keys()].map(index => context.picture.feed.at(index));
	const seqs = rows.flatMap(row => (row?.type === 'event' ? [row.seq] : []));
	assert.equal(seqs.length, events, 'each event is a row of the feed');
	for (const form of ['text', 'csv', 'jsonl'] as const) {
		const lines = [...savedLines(context.picture, form)];
		assert.ok(lines.length >= events + (form === 'csv' ? 1 : 0), form);
	}

	openEach(scene, seqs);
}

/** Prints its seed; FUZZ_SEED repeats a run. */
export function mutate(count: number, say: (text: string) => void): void {
	const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
	say(`${count} mutations of ${recorded.length} recorded events, FUZZ_SEED=${seed}`);
	fc.assert(
		fc.property(fc.array(mutant, {minLength: batch, maxLength: batch}), mutants => check(mutants as Mutant[])),
		{seed, numRuns: Math.ceil(count / batch), endOnFailure: false},
	);
}
