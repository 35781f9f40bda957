import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {patchedTsx} from '../../program/patched.js';
import {startPty} from '../../terminal/pty.js';

const program = 'test/ui/terminal/programs/slow.ts';

type Result = {
	readonly frames: number;
	readonly skipped: number;
	readonly ticks: number;
	readonly bytes: number;
	readonly gone: string;
	readonly endMs: number;
	readonly maxMs: number;
};

async function withFile(run: (file: string) => Promise<void>): Promise<Result> {
	const folder = await mkdtemp(join(tmpdir(), 'tetratop-output-'));
	const file = join(folder, 'result.json');
	try {
		await run(file);
		return JSON.parse(readFileSync(file, 'utf8')) as Result;
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

test('a terminal that takes nothing holds up neither the event loop nor the end', async () => {
	const result = await withFile(async file => {
		const pty = startPty([program, file, '1500']);
		try {
			// Once it runs, nobody reads any more: the kernel's buffer fills with the first frame. A blocking write would stand
			// still until the end, 1.4 s later; the limits below leave room for a busy machine.
			await pty.waitFor(/x/);
			pty.pause();
			await pty.exited;
		} finally {
			await pty.close();
		}
	});
	assert.ok(result.ticks > 20, `the timer ran ${result.ticks} times of 75`);
	assert.ok(result.skipped > result.frames, 'frames were skipped, not queued');
	assert.ok(result.maxMs < 700, `the loop stood still for ${result.maxMs} ms`);
	assert.ok(result.endMs < 1000, `the end took ${result.endMs} ms`);
});

test('a terminal that reads gets every byte of every frame, in order', async () => {
	let raw = '';
	const result = await withFile(async file => {
		const pty = startPty([program, file, '600']);
		try {
			await pty.exited;
			raw = pty.raw();
		} finally {
			await pty.close();
		}
	});
	const frames = [...raw.matchAll(/frame (\d+) (x+)\r+\n/g)];
	assert.ok(result.frames > 3);
	assert.ok(frames.length >= result.frames - 1, `${frames.length} of ${result.frames}`);
	for (const [index, [, number, text]] of frames.entries()) {
		assert.equal(Number(number), index + 1);
		assert.equal(text?.length, 20_000);
	}
	assert.match(raw, /END$/);
});

test('a reader that has gone away is told once and is no error', async () => {
	const result = await withFile(async file => {
		const child = spawn(process.execPath, [patchedTsx, program, file, '500'], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const exit = once(child, 'exit');
		child.stdout.once('data', () => child.stdout.destroy());
		assert.deepEqual(await exit, [0, null]);
	});
	assert.match(result.gone, /EPIPE|EIO/);
});
