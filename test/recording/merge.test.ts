/** One agent, two minutes: its export files, its stream in two pieces with a cut between, and the union of all. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {identityOf, mergeStories, type Story} from '../../source/recording/merge.js';
import {RecordingReader} from '../../source/recording/reader.js';
import {sourcesOf} from '../../source/recording/source.js';
import {decodeFrame} from '../../source/tetragon/decode-frame.js';
import type {Event} from '../../source/tetragon/event/event.js';

const folder = fileURLToPath(new URL('../fixtures/past', import.meta.url));

async function exported(): Promise<Event[]> {
	const events: Event[] = [];
	for await (const batch of new RecordingReader(sourcesOf([`${folder}/tetragon*`])).events()) {
		events.push(...batch.map(({event}) => event));
	}

	return events;
}

function streamed(name: string): Event[] {
	const bytes = gunzipSync(readFileSync(`${folder}/${name}`));
	const events: Event[] = [];
	for (let at = 0; at < bytes.length; ) {
		const length = bytes.readUInt32BE(at);
		const event = decodeFrame(bytes.subarray(at + 4, at + 4 + length), 'protobuf');
		assert.ok(event !== undefined);
		events.push(event);
		at += 4 + length;
	}

	return events;
}

function story(items: readonly Event[]): Story<Event> {
	return {items, eventOf: event => event};
}

function counts(events: readonly Event[]): Map<string, number> {
	const counted = new Map<string, number>();
	for (const event of events) {
		const identity = identityOf(event);
		counted.set(identity, (counted.get(identity) ?? 0) + 1);
	}

	return counted;
}

test('past and live are one story: the union, each event once, in the order of time', async () => {
	const past = await exported();
	const first = streamed('stream-1.bin.gz');
	const second = streamed('stream-2.bin.gz');
	assert.equal(past.length, 1240);
	const {items, shared, liveFrom} = mergeStories([story(past)], [story(first), story(second)]);
	const wanted = new Map<string, number>();
	const records = [counts(past), counts(first), counts(second)];
	for (const record of records) {
		for (const [identity, count] of record) {
			wanted.set(identity, Math.max(wanted.get(identity) ?? 0, count));
		}
	}

	assert.deepEqual(counts(items), wanted, 'event by event');
	assert.equal(items.length, past.length + first.length + second.length - shared);
	assert.ok(shared > 500, `${shared} events are in the files and in the stream`);
	const times = items.map(({time = ''}) => Date.parse(time));
	assert.ok(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0)));
	const live = new Set([...counts(first).keys(), ...counts(second).keys()]);
	assert.equal(
		items.findIndex(event => live.has(identityOf(event))),
		liveFrom,
	);
});

test('the cut of the stream is healed to the last event that the files hold', async () => {
	const past = await exported();
	const first = streamed('stream-1.bin.gz');
	const second = streamed('stream-2.bin.gz');
	const [fromMs, toMs] = [Date.parse('2026-11-28T04:06:39.656Z'), Date.parse('2026-11-28T04:06:47.418Z')];

	function isInCut({time = ''}: Event): boolean {
		return Date.parse(time) > fromMs && Date.parse(time) < toMs;
	}

	const inFiles = past.filter(isInCut);
	const healed = mergeStories([story(past)], [story(first), story(second)]).items.filter(isInCut);
	const there = new Set(healed.map(identityOf));
	assert.ok(inFiles.length > 20 && inFiles.every(event => there.has(identityOf(event))), `${inFiles.length}`);
	assert.ok(healed.some(event => event.process_kprobe !== undefined || event.process_exit !== undefined));
});

test('truly equal events are counted, not merged, in whatever record there are more of them', () => {
	const event: Event = {
		process_kprobe: {process: {exec_id: 'a'}, function_name: 'f'},
		node_name: 'n',
		time: '2026-11-28T04:00:00Z',
	};
	const other: Event = {...event, process_kprobe: {...event.process_kprobe, args: [{int_arg: 1}]}};
	const merged = mergeStories([story([event, event, other])], [story([event, event, event])]);
	assert.deepEqual([merged.items.filter(item => item === event).length, merged.items.length, merged.shared], [3, 4, 2]);
	const later: Event = {...event, time: '2026-11-28T04:00:00.000000001Z'};
	assert.deepEqual(mergeStories([story([later])], [story([event])]).items, [event, later]);
	assert.equal(mergeStories([story([event])], []).liveFrom, 1);
});
