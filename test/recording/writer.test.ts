import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {after} from 'node:test';
import {constants, gunzipSync} from 'node:zlib';
import {RecordingReader} from '../../source/recording/reader.js';
import {sourcesOf} from '../../source/recording/source.js';
import {RecordingWriter, type WriterOptions} from '../../source/recording/writer.js';
import {eventJson} from '../../source/tetragon/json/json-text.js';
import {framesOf} from '../agent/recordings.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
after(() => rmSync(folder, {recursive: true}));

const failures: string[] = [];
const options: WriterOptions = {version: '0.1.0', startedMs: 0, failed: why => failures.push(why)};

function file(name: string): string {
	return path.join(folder, name);
}

async function readBack(name: string): Promise<string[]> {
	const lines: string[] = [];
	const reader = new RecordingReader(sourcesOf([file(name)]));
	for await (const batch of reader.events()) {
		lines.push(...batch.map(({line}) => line.toString()));
	}

	assert.deepEqual(reader.header, {recording: 1, version: '0.1.0', started: '1970-01-01T00:00:00.000Z'});
	assert.deepEqual([reader.malformed, reader.problems], [undefined, []]);
	return lines;
}

for (const name of ['realistic-mix', 'tutorial-plain', 'throttle', 'loader']) {
	for (const extension of ['jsonl', 'jsonl.gz']) {
		test(`a recording of ${name} as ${extension} equals its input event for event`, async () => {
			const frames = framesOf(name);
			const writer = new RecordingWriter(file(`${name}.${extension}`), options);
			const reused = Buffer.alloc(64 * 1024);
			for (const frame of frames) {
				// As the fleet hands it over: memory that is used again.
				frame.copy(reused);
				writer.frame(reused.subarray(0, frame.length));
			}

			await writer.close();
			assert.deepEqual([writer.events, writer.dropped, failures], [frames.length, 0, []]);
			assert.deepEqual(
				await readBack(`${name}.${extension}`),
				frames.map(frame => eventJson(frame)),
			);
		});
	}
}

test('lines that came as JSON are written as they are', async () => {
	const lines = [
		'{"process_exit":{"signal":"SIGKILL"}, "b":2}',
		'{"process_exec": {"process":{"pid":1}}, "time":"2026-11-23T00:00:00Z", "future":[1]}',
	];
	const writer = new RecordingWriter(file('lines.jsonl'), options);
	for (const line of lines) {
		writer.line(Buffer.from(line));
	}

	await writer.close();
	assert.deepEqual(await readBack('lines.jsonl'), lines);
});

test('the header is JSON for jq, and no event for tetra', async () => {
	const writer = new RecordingWriter(file('header.jsonl'), options);
	await writer.close();
	const [line = ''] = readFileSync(file('header.jsonl'), 'utf8').split('\n');
	const header = JSON.parse(line) as {time: string; tetratop: object};
	assert.equal(Number.isNaN(Date.parse(header.time)), true);
	assert.equal(statSync(file('header.jsonl')).mode & 0o777, 0o600);
});

test('the policies of a node stand where they changed, are written once, and cost no event', async () => {
	const writer = new RecordingWriter(file('policies.jsonl'), options);

	function list(mode: string, signal: string) {
		return [
			{name: 'p', mode, stats: {action_counters: {signal}, selector_action_counters: [{hook: 'x'}]}, sensors: ['s']},
		];
	}

	const line = '{"process_exec":{"process":{"pid":1}},"time":"2026-11-23T00:00:00Z"}';
	writer.policies('n', list('TP_MODE_ENFORCE', '1'), 1000);
	writer.policies('n', list('TP_MODE_ENFORCE', '1'), 2000);
	writer.line(Buffer.from(line));
	writer.policies('n', list('TP_MODE_MONITOR', '2'), 3000);
	await writer.close();
	assert.equal(writer.events, 1);
	assert.deepEqual(await readBack('policies.jsonl'), [line]);
	const lines = readFileSync(file('policies.jsonl'), 'utf8').trimEnd().split('\n');
	assert.equal(lines.length, 4);
	for (const each of lines.filter(text => text !== line)) {
		const {time} = JSON.parse(each) as {time: string};
		assert.equal(Number.isNaN(Date.parse(time)), true, 'no event for tetra');
	}

	const reader = new RecordingReader(sourcesOf([file('policies.jsonl')]));
	const told: unknown[] = [];
	for await (const batch of reader.events()) {
		told.push(...batch.flatMap(({policies = []}) => policies));
	}

	function slim(mode: string, signal: string) {
		return [{name: 'p', mode, stats: {action_counters: {signal}}}];
	}

	assert.deepEqual(told, [{node: 'n', atMs: 1000, list: slim('TP_MODE_ENFORCE', '1')}]);
	assert.deepEqual(reader.lastPolicies, [{node: 'n', atMs: 3000, list: slim('TP_MODE_MONITOR', '2')}]);
});

test('each way that a file cannot be made or filled ends in words, once, and never throws', async () => {
	writeFileSync(file('there.jsonl'), 'precious');
	const cases: ReadonlyArray<readonly [string, RegExp]> = [
		[file('there.jsonl'), /there already/],
		[file('missing/x.jsonl'), /no such file/],
		[folder, /directory|there already/],
		[file('there.jsonl/x.gz'), /./],
	];
	for (const [target, expected] of cases) {
		const told: string[] = [];
		const writer = new RecordingWriter(target, {...options, failed: why => told.push(why)});
		for (const frame of framesOf('tutorial-exec')) {
			writer.frame(frame);
			await new Promise(resolve => setImmediate(resolve));
		}

		await writer.close();
		assert.equal(told.length, 1, target);
		assert.match(told[0] ?? '', expected);
		assert.equal(writer.failure, told[0]);
		writer.frame(Buffer.alloc(1));
	}

	assert.equal(readFileSync(file('there.jsonl'), 'utf8'), 'precious');
});

test('a full disk ends the recording in words', {skip: !existsSync('/dev/full')}, async () => {
	const told: string[] = [];
	const writer = new RecordingWriter('/dev/full', {...options, failed: why => told.push(why), overwrite: true});
	for (const frame of framesOf('realistic-mix')) {
		writer.frame(frame);
	}

	await writer.close();
	assert.deepEqual(told, ['the disk is full']);
});

test('what arrives faster than it can be written is dropped and counted, and taking it makes no text', async () => {
	const frames = framesOf('realistic-mix');
	const writer = new RecordingWriter(file('fast.jsonl.gz'), {...options, queueBytes: 1024 * 1024});
	for (let round = 0; round < 10; round++) {
		for (const frame of frames) {
			writer.frame(frame);
		}
	}

	assert.equal(writer.bytes, 0, 'no text is made while events are taken');
	assert.ok(writer.dropped > 0);
	assert.equal(writer.dropped + writer.events, frames.length * 10);
	await writer.close();
	const lines = gunzipSync(readFileSync(file('fast.jsonl.gz')))
		.toString()
		.trimEnd()
		.split('\n');
	assert.equal(lines.length - 1, writer.events);
});

test('a disk that is full ends the recording in words, and counts what is not in it', async () => {
	const said = Promise.withResolvers<string>();
	const writer = new RecordingWriter('/dev/full', {...options, overwrite: true, failed: said.resolve});
	const frames = framesOf('loader');
	for (const frame of frames) {
		writer.frame(frame);
	}

	assert.equal(await said.promise, 'the disk is full');
	writer.frame(frames[0] ?? Buffer.alloc(0));
	await writer.close();
	assert.equal(writer.missing, frames.length + 1);
});

test('what came is flushed while the recording runs', async () => {
	for (const name of ['flushed.jsonl', 'flushed.jsonl.gz']) {
		const writer = new RecordingWriter(file(name), {...options, flushMs: 10});
		const frames = framesOf('loader');
		for (const [index, frame] of frames.entries()) {
			writer.frame(frame);
			while (index % 20 === 0 && writer.flushed < writer.events) {
				await new Promise(resolve => setTimeout(resolve, 5));
			}
		}

		while (writer.flushed < frames.length) {
			await new Promise(resolve => setTimeout(resolve, 5));
		}

		const bytes = readFileSync(file(name));
		const text = name.endsWith('.gz') ? gunzipSync(bytes, {finishFlush: constants.Z_SYNC_FLUSH}) : bytes;
		assert.equal(text.toString().split('\n').length - 2, frames.length);
		await writer.close();
	}
});
