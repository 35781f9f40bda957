/** The bounds of what is read from files and peers: each at its limit and one beyond. */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {parseBounded} from '../../source/runtime/bounded-json.js';
import {readSmallBytes} from '../../source/runtime/small-file.js';

function folderOf(t: TestContext): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'tt-limits-'));
	t.after(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

function parsed(text: string): unknown {
	return parseBounded(Buffer.from(text));
}

test('JSON of a peer has at most 100 levels and 1 000 000 values', () => {
	assert.ok(parsed('['.repeat(100) + ']'.repeat(100)));
	assert.throws(() => parsed('['.repeat(101) + ']'.repeat(101)), /deeper than 100 levels/);
	// A list is a value, and so is each member after its first.
	assert.ok(parsed(`[0${',0'.repeat(999_999)}]`));
	assert.throws(() => parsed(`[0${',0'.repeat(1_000_000)}]`), /values/);
});

test('a file that should be small has at most 16 MiB', t => {
	const file = path.join(folderOf(t), 'file');
	writeFileSync(file, '');
	truncateSync(file, 16 * 1024 * 1024);
	assert.equal(readSmallBytes(file).length, 16 * 1024 * 1024);
	truncateSync(file, 16 * 1024 * 1024 + 1);
	assert.throws(() => readSmallBytes(file), /larger than 16 MiB/);
});

test('a pipe without a writer is waited for 1.5 s, with a look every 10 ms', t => {
	const pipe = path.join(folderOf(t), 'pipe');
	execFileSync('mkfifo', [pipe]);
	let nowMs = 0;
	const waits: unknown[] = [];
	t.mock.method(performance, 'now', () => nowMs);
	t.mock.method(Atomics, 'wait', (_array: unknown, _index: number, _value: number, ms: number) => {
		waits.push(ms);
		nowMs += ms;
		return 'timed-out';
	});
	assert.throws(() => readSmallBytes(pipe), /in 1\.5 s/);
	t.mock.restoreAll();
	assert.deepEqual([waits.length, new Set(waits)], [151, new Set([10])]);
});
