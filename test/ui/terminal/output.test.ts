import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {built} from '../../terminal/built.js';
import {startCommand} from '../../terminal/pty.js';

const program = await built('test/ui/terminal/programs/slow.ts');

type Result = {
	readonly frames: number;
	readonly skipped: number;
	readonly gone: number;
	readonly reason: string;
	readonly bytes: number;
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
		const pty = startCommand(process.execPath, [program, file, 'skipped', '50']);
		try {
			// Once it runs, nobody reads any more: the kernel's buffer fills with the first frames. A blocking write would stand
			// still for ever: the timer would not come to its 50th skipped frame, nor the program to its end.
			await pty.waitFor(/x/);
			pty.pause();
			await pty.exited;
		} finally {
			await pty.close();
		}
	});
	assert.equal(result.skipped, 50);
	assert.ok(result.frames < result.skipped, 'frames were skipped, not queued');
});

test('a terminal that reads gets every byte of every frame, in order', async () => {
	let raw = '';
	const result = await withFile(async file => {
		const pty = startCommand(process.execPath, [program, file, 'frames', '8']);
		try {
			await pty.waitFor(/END/);
			await pty.exited;
			raw = pty.raw();
		} finally {
			await pty.close();
		}
	});
	const frames = [...raw.matchAll(/frame (\d+) (x+)\r+\n/g)];
	assert.equal(result.frames, 8);
	// The end drops what the terminal had not taken of the last one.
	assert.ok(frames.length >= result.frames - 1, `${frames.length} of ${result.frames}`);
	for (const [index, [, number, text]] of frames.entries()) {
		assert.equal(Number(number), index + 1);
		assert.equal(text?.length, 20_000);
	}

	assert.match(raw, /END$/);
});

test('a reader that has gone away is told once and is no error', async () => {
	const result = await withFile(async file => {
		const child = spawn(process.execPath, [program, file, 'gone', '1'], {stdio: ['ignore', 'pipe', 'inherit']});
		const exit = once(child, 'exit');
		child.stdout.once('data', () => child.stdout.destroy());
		assert.deepEqual(await exit, [0, null]);
	});
	assert.equal(result.gone, 1);
	assert.match(result.reason, /EPIPE|EIO/);
});
