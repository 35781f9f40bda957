/** Recorded export files and streams of one agent: past and live are one story, and a cut is healed. */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {PastJoiner, type PastOptions} from '../../source/fleet/past/past-joiner.js';
import {keyOf} from '../../source/fleet/past/past-order.js';
import {Arrival} from '../../source/store/arrival.js';
import {Store} from '../../source/store/store.js';
import type {FindPast, PastSpan} from '../../source/tetragon/agent/node-past.js';
import {pastEvents} from '../../source/tetragon/past/past-lines.js';

const folder = fileURLToPath(new URL('../fixtures/past', import.meta.url));
const files = readdirSync(folder)
	.filter(name => name.startsWith('tetragon'))
	.toSorted()
	.map(name => gunzipSync(readFileSync(`${folder}/${name}`)));
const whole: PastSpan = {
	fromMs: Number.NEGATIVE_INFINITY,
	toMs: Number.POSITIVE_INFINITY,
	mostBytes: Number.POSITIVE_INFINITY,
};

function framesOf(name: string): Buffer[] {
	const bytes = gunzipSync(readFileSync(`${folder}/${name}`));
	const frames: Buffer[] = [];
	for (let at = 0; at < bytes.length; ) {
		const end = at + 4 + bytes.readUInt32BE(at);
		frames.push(bytes.subarray(at + 4, end));
		at = end;
	}

	return frames;
}

async function* chunks() {
	yield* files;
}

/** The export, after `ready`. */
function exportAfter(ready: Promise<unknown>, leftOut: readonly string[] = []): FindPast {
	return async () => {
		await ready;
		return {words: 'export file', leftOut, open: span => pastEvents(chunks(), span)};
	};
}

function setUp(options: Partial<PastOptions> = {}) {
	const store = new Store({bufferBytes: 64 * 1024 * 1024});
	const {promise: settled, resolve} = Promise.withResolvers<void>();
	const joiner = new PastJoiner({
		store,
		isKept: () => true,
		span: undefined,
		last: Number.POSITIVE_INFINITY,
		texts: () => [],
		heals: true,
		patienceMs: 60_000,
		mostBytes: 32 * 1024 * 1024,
		now: () => Date.parse('2026-11-28T04:08:00Z'),
		settled: resolve,
		...options,
	});
	const node = store.openNode('minikube');
	const arrival = new Arrival();

	function live(name: string, from = 0, to?: number) {
		for (const frame of framesOf(name).slice(from, to)) {
			joiner.take(node, arrival.frame(frame), Date.parse('2026-11-28T04:08:00Z'));
		}
	}

	return {store, joiner, node, live, settled};
}

/** Keys of all events of the store in the order of the feed, and of all records by how often the one has it that has most. */
function keysIn(store: Store): string[] {
	const arrival = new Arrival();
	const keys: string[] = [];
	for (let seq = 0; seq < 10_000; seq++) {
		const frame = store.frameOf(seq);
		const event = frame && store.event(seq);
		if (frame?.format === 'protobuf') {
			keys.push(keyOf(arrival.frame(frame.bytes).facts));
		} else if (frame !== undefined && event !== undefined) {
			keys.push(keyOf(arrival.line(frame.bytes, event).facts));
		}
	}

	return keys;
}

function counted(keys: readonly string[]): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const key of keys) {
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}

	return counts;
}

async function union(...streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
	const arrival = new Arrival();
	const records = streams.map(name => counted(framesOf(name).map(frame => keyOf(arrival.frame(frame).facts))));
	const exported: string[] = [];
	for await (const batch of pastEvents(chunks(), whole)) {
		exported.push(...batch.map(({line, event}) => keyOf(arrival.line(line, event).facts)));
	}

	const wanted = new Map<string, number>();
	for (const record of [...records, counted(exported)]) {
		for (const [key, count] of record) {
			wanted.set(key, Math.max(wanted.get(key) ?? 0, count));
		}
	}

	return wanted;
}

function timesOf(keys: readonly string[]): number[] {
	return keys.map(key => Number(key.split('|')[0]));
}

function texts(store: Store) {
	return store.rules().map(rule => ('text' in rule ? rule.text : rule.type));
}

test('past and live are one story: each event once, sorted by time, with a rule where live began', async () => {
	const {store, joiner, node, live, settled} = setUp({span: whole});
	const {promise, resolve} = Promise.withResolvers<void>();
	joiner.expect(node, exportAfter(promise, ['no host processes']));
	joiner.reached(node);
	live('stream-1.bin.gz');
	live('stream-2.bin.gz', 0, 20);
	assert.equal(store.totals().events, 0);
	resolve();
	await settled;
	// What the file had already comes live after it.
	live('stream-2.bin.gz', 20);
	const keys = keysIn(store);
	assert.deepEqual(counted(keys), await union('stream-1.bin.gz', 'stream-2.bin.gz'));
	assert.match(
		texts(store).join(),
		/^live from here: \d+ events before it from the export file; host events are not exported$/,
	);
	const times = timesOf(keys).filter(time => !Number.isNaN(time));
	const backwards = times.filter(
		(time, index) => index > 0 && time < Math.max(...times.slice(Math.max(0, index - 50), index)) - 35_000,
	);
	// Processes that ran before the agent come with the time of their start.
	assert.ok(backwards.length < 200, `${backwards.length}`);
});

test('a past that comes late delays nothing, and each event is there once', async () => {
	const {store, joiner, node, live, settled} = setUp({span: whole, patienceMs: 1});
	const {promise, resolve} = Promise.withResolvers<void>();
	joiner.expect(node, exportAfter(promise));
	joiner.reached(node);
	live('stream-1.bin.gz');
	while (store.totals().events < framesOf('stream-1.bin.gz').length) {
		await new Promise(next => setTimeout(next, 5));
	}

	live('stream-2.bin.gz', 0, 100);
	resolve();
	await settled;
	live('stream-2.bin.gz', 100);
	assert.deepEqual(counted(keysIn(store)), await union('stream-1.bin.gz', 'stream-2.bin.gz'));
	assert.match(texts(store).join(), /^the past came late: /);
});

test('a cut is healed from the files to the last event that they hold', async () => {
	const {store, joiner, node, live} = setUp();
	joiner.expect(node, exportAfter(Promise.resolve(), ['no host processes']));
	live('stream-1.bin.gz');
	const fromMs = Date.parse('2026-11-28T04:06:39.656Z');
	const toMs = Date.parse('2026-11-28T04:06:47.418Z');
	const healing = joiner.heal(node, {fromMs, toMs, marker: {type: 'gap', fromMs, toMs, reason: 'cut'}});
	live('stream-2.bin.gz', 0, 50);
	const count = await healing;
	live('stream-2.bin.gz', 50);
	assert.ok(count !== undefined && count > 0);
	assert.match(
		texts(store).join(),
		/^00:08 without the stream: \d+ events brought back from the export file; host events are not exported$/,
	);
	assert.equal(store.totals().isLossUnknown, false);
	const has = counted(keysIn(store));
	for (const [key, wanted] of await union('stream-1.bin.gz', 'stream-2.bin.gz')) {
		const timeMs = Number(key.split('|')[0]);
		if (timeMs >= fromMs - 35_000) {
			assert.equal(has.get(key) ?? 0, wanted, key);
		}
	}
});

test('without a past the gap stays one, and says why', async () => {
	const {store, joiner, node, live} = setUp();
	joiner.expect(node, () => Promise.reject(new Error('forbidden')));
	live('stream-1.bin.gz');
	const healed = await joiner.heal(node, {
		fromMs: 1,
		toMs: 2,
		marker: {type: 'gap', fromMs: 1, toMs: 2, reason: 'cut'},
	});
	assert.equal(healed, undefined);
	assert.deepEqual(texts(store), ['gap']);
	assert.equal(store.totals().isLossUnknown, true);
});
