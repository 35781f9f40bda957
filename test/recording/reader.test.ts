import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {Readable} from 'node:stream';
import test, {after} from 'node:test';
import {gunzipSync, gzipSync, zstdCompressSync} from 'node:zlib';
import {Refusal} from '../../source/problem.js';
import {type RecordedEvent, RecordingReader} from '../../source/recording/reader.js';
import {sourcesOf} from '../../source/recording/source.js';
import {kindOf} from '../../source/tetragon/event/event.js';
import {recordingNames, recordingsFolder, statsOf} from '../agent/recordings.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
after(() => rmSync(folder, {recursive: true}));

function event(pid: number): string {
	return JSON.stringify({process_exec: {process: {pid, exec_id: `id${pid}`}}, time: `2026-11-23T20:00:00.${pid}Z`});
}

function write(name: string, content: string | Uint8Array): string {
	const file = path.join(folder, name);
	writeFileSync(file, content);
	return file;
}

async function read(reader: RecordingReader): Promise<RecordedEvent[]> {
	const all: RecordedEvent[] = [];
	for await (const batch of reader.events()) {
		all.push(...batch);
	}

	return all;
}

function pids(events: readonly RecordedEvent[]): unknown[] {
	return events.map(({event: {process_exec: exec}}) => exec?.process?.pid);
}

function readFiles(...files: readonly string[]): RecordingReader {
	return new RecordingReader(sourcesOf(files));
}

function chunked(text: Uint8Array | string, size: number): Readable {
	const bytes = Buffer.from(text as Uint8Array);
	return Readable.from(
		Array.from({length: Math.ceil(bytes.length / size)}, (_, index) =>
			bytes.subarray(index * size, (index + 1) * size),
		),
	);
}

for (const name of recordingNames().filter(name => name !== 'fork-storm')) {
	test(`${name} is read as many events of each kind as stats.txt says`, async () => {
		const reader = readFiles(path.join(recordingsFolder, name, 'events.jsonl.gz'));
		const events = await read(reader);
		const kinds: Record<string, number> = {};
		for (const {event: each} of events) {
			kinds[kindOf(each)] = (kinds[kindOf(each)] ?? 0) + 1;
		}

		assert.deepEqual([events.length, kinds, reader.malformed], [statsOf(name).events, statsOf(name).kinds, undefined]);
	});
}

test('the agent’s own export log, spaces after commas and rate_limit_info included, is read whole', async () => {
	const reader = readFiles(path.join(recordingsFolder, 'export-log', 'tetragon.log.gz'));
	const events = await read(reader);
	assert.deepEqual([events.length, reader.malformed], [1500, undefined]);
	assert.equal(events.filter(({event: each}) => each.rate_limit_info !== undefined).length, 1);
});

test('rotated files are read in the order given, plain, gzip and zstd mixed', async () => {
	const files = [
		write('1.log.gz', gzipSync(`${event(1)}\n${event(2)}\n`)),
		write('2.log', `${event(3)}\r\n\n   \n${event(4)}`),
		write('3.anything', zstdCompressSync(`${event(5)}\n`)),
		write('4.gz', Buffer.concat([gzipSync(`${event(6)}\n`), gzipSync(`${event(7)}\n`)])),
		write('5.log', `\uFEFF${event(8)}\n`),
		write('6.log', ''),
	];
	const reader = readFiles(...files);
	assert.deepEqual(pids(await read(reader)), [1, 2, 3, 4, 5, 6, 7, 8]);
	assert.equal(reader.malformed, undefined);
});

test('malformed lines are counted, with the first one’s line and file, and cost no other', async () => {
	const first = write('good.log', `${event(1)}\n`);
	const broken = ['{', 'nonsense', '[]', '"text"', '17', 'null', '\0\0', event(3).slice(0, 20), '\u001b[31m'];
	const second = write('broken.log', [event(2), ...broken, event(4), ''].join('\n'));
	const reader = readFiles(first, second);
	assert.deepEqual(pids(await read(reader)), [1, 2, 4]);
	const {count, first: noted = []} = reader.malformed ?? {};
	assert.equal(count, broken.length);
	assert.deepEqual([noted[0]?.line, noted[0]?.source], [2, second]);
	assert.deepEqual(
		noted.map(({text}) => text),
		broken.slice(0, 10),
		'their texts are there to be looked at',
	);
});

test('lines of up to 10 MiB are read, longer ones are malformed and skipped', async () => {
	function long(length: number): string {
		const head = '{"process_exec":{"process":{"pid":9,"arguments":"';
		return `${head}${'x'.repeat(length - head.length - 4)}"}}}`;
	}

	const limit = 10 * 1024 * 1024;
	const reader = readFiles(write('long.log', [long(limit), long(limit + 1), event(2)].join('\n')));
	assert.deepEqual(pids(await read(reader)), [9, 2]);
	assert.deepEqual([reader.malformed?.count, reader.malformed?.first[0]?.line], [1, 2]);
});

test('standing input is read however it is cut, compressed or not', async () => {
	const text = `${event(1)}\n${event(2)}\n${event(3)}`;
	for (const bytes of [Buffer.from(text), gzipSync(text), zstdCompressSync(text)]) {
		for (const size of [1, 7, 100_000]) {
			const reader = new RecordingReader(sourcesOf(['-'], chunked(bytes, size)));
			assert.deepEqual(pids(await read(reader)), [1, 2, 3]);
		}
	}
});

test('a file that was cut off while it was compressed gives what there is, and says so', async () => {
	const lines = Array.from({length: 2000}, (_, index) => event(index)).join('\n');
	const packed = gzipSync(lines);
	const reader = readFiles(
		write('cut.gz', packed.subarray(0, packed.length / 2)),
		write('next.log', `${event(9999)}\n`),
	);
	const events = await read(reader);
	assert.ok(events.length > 100 && events.length < 2001);
	assert.equal(pids(events).at(-1), 9999, 'the next file is read all the same');
	assert.match(reader.problems[0]?.why ?? '', /cut off/);
	const damaged = Buffer.from(packed);
	damaged.fill(0xff, 100, 200);
	const other = readFiles(write('damaged.gz', damaged));
	await read(other);
	assert.match(other.problems[0]?.why ?? '', /damaged/);
});

test('a file that is not there, or none, is refused before anything is played', () => {
	const cases: ReadonlyArray<readonly [readonly string[], RegExp]> = [
		[[path.join(folder, 'missing.log')], /no such file/],
		[[mkdtempSync(path.join(folder, 'empty-'))], /directory/],
		[[path.join(folder, 'no-such-*.log')], /no file matches/],
		[['-', '-'], /only one standard input/],
	];
	for (const [files, why] of cases) {
		assert.throws(
			() => sourcesOf(files),
			(error: unknown) => error instanceof Refusal && why.test(error.why) && error.fix !== '',
		);
	}
});

test('closing ends the reading of a pipe that never ends', async () => {
	const pipe = new Readable({read: () => undefined});
	const reader = new RecordingReader(sourcesOf(['-'], pipe));
	pipe.push(`${event(1)}\n`);
	const seen: unknown[] = [];
	for await (const batch of reader.events()) {
		seen.push(...pids(batch));
		setTimeout(() => reader.close(), 10);
	}

	assert.deepEqual(seen, [1]);
	assert.equal(pipe.destroyed, true);
});

test('the recorded JSON and the recorded lines are the same bytes', async () => {
	const file = path.join(recordingsFolder, 'tutorial-exec', 'events.jsonl.gz');
	const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
	assert.deepEqual(
		(await read(readFiles(file))).map(({line}) => line.toString()),
		lines,
	);
});

test('damaged words of policies are passed over, and hide no header', async () => {
	const words = [
		'null',
		'{}',
		'{"node":1}',
		'{"node":"n","at":"x","list":[]}',
		'{"node":"n","at":"2026-01-01","list":[1]}',
	];
	const lines = words.map(policies => `{"tetratop":{"policies":${policies}},"time":"none"}`);
	const reader = readFiles(write('damaged.jsonl', [...lines, '{"tetratop":{"recording":1},"time":"none"}'].join('\n')));
	for await (const batch of reader.events()) {
		assert.fail(String(batch.length));
	}

	assert.deepEqual(reader.lastPolicies, []);
	assert.deepEqual(reader.header, {recording: 1});
});
