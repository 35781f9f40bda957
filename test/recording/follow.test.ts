import assert from 'node:assert/strict';
import {appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {after} from 'node:test';
import {setTimeout as soon} from 'node:timers/promises';
import {RecordingReader} from '../../source/recording/reader.js';
import {inOrder} from '../../source/recording/rotated.js';
import {sourcesOf} from '../../source/recording/source.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
after(() => rmSync(folder, {recursive: true}));

function event(pid: number): string {
	return JSON.stringify({process_exec: {process: {pid}}});
}

async function until(look: () => boolean): Promise<void> {
	for (const from = performance.now(); !look(); ) {
		assert.ok(performance.now() - from < 20_000, 'not seen in 20 s');
		await soon(5);
	}
}

test('a file is followed as it grows, is rotated away, and is truncated; no line is lost or read twice', async () => {
	const file = path.join(folder, 'tetragon.log');
	writeFileSync(file, `${event(1)}\n`);
	const reader = new RecordingReader(sourcesOf([file], undefined, {follow: true}));
	const pids: unknown[] = [];
	const done = (async () => {
		for await (const batch of reader.events()) {
			pids.push(...batch.map(recorded => recorded.event.process_exec?.process?.pid));
		}
	})();
	await until(() => pids.length === 1);
	appendFileSync(file, `${event(2)}\n${event(3).slice(0, 10)}`);
	await until(() => pids.length === 2);
	appendFileSync(file, `${event(3).slice(10)}\n`);
	await until(() => pids.length === 3);
	appendFileSync(file, `${event(4)}\n`);
	renameSync(file, path.join(folder, 'tetragon-2026-11-28T04-06-05.263.log'));
	writeFileSync(file, `${event(5)}\n`);
	await until(() => pids.length === 5);
	truncateSync(file);
	await soon(300);
	appendFileSync(file, `${event(6)}\n`);
	await until(() => pids.length === 6);
	reader.close();
	await done;
	assert.deepEqual([pids, reader.malformed], [[1, 2, 3, 4, 5, 6], undefined]);
});

test('rotated files are in order, oldest first, wherever they come from', () => {
	const cases: ReadonlyArray<readonly [readonly string[], readonly string[]]> = [
		[
			['t.log', 't-2026-11-28T04-06-52.167.log.gz', 't-2026-11-28T04-06-05.263.log'],
			['t-2026-11-28T04-06-05.263.log', 't-2026-11-28T04-06-52.167.log.gz', 't.log'],
		],
		[
			['t.log', 't.log.1', 't.log.10.gz', 't.log.2.gz'],
			['t.log.10.gz', 't.log.2.gz', 't.log.1', 't.log'],
		],
		[
			['a/t.log', 'b/t.log', 'a/t.log.1', 'b/t.log.1'],
			['a/t.log.1', 'b/t.log.1', 'a/t.log', 'b/t.log'],
		],
		[
			['t.log-20261128', 't.log', 't.log-20261127.gz'],
			['t.log-20261127.gz', 't.log-20261128', 't.log'],
		],
		[
			['z.json', 'a.json', '-'],
			['z.json', 'a.json', '-'],
		],
	];
	for (const [given, right] of cases) {
		assert.deepEqual(inOrder(given), right);
	}
});

test('a directory and a pattern are the files in them', () => {
	for (const [name, pid] of [
		['export.log', 3],
		['export-2026-11-28T04-06-05.263.log', 1],
		['export-2026-11-28T04-06-52.167.log', 2],
		['notes.txt', 9],
	] as const) {
		const sub = path.join(folder, name);
		writeFileSync(sub, event(pid));
	}

	const names = sourcesOf([path.join(folder, 'export*')]).map(({name}) => path.basename(name));
	assert.deepEqual(names, ['export-2026-11-28T04-06-05.263.log', 'export-2026-11-28T04-06-52.167.log', 'export.log']);
	const all = sourcesOf([folder]).map(({name}) => path.basename(name));
	assert.ok(
		all.indexOf('export.log') > all.indexOf('export-2026-11-28T04-06-52.167.log') && !all.includes('notes.txt'),
	);
});
