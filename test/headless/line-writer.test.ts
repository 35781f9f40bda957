import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {Writable} from 'node:stream';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {LineWriter} from '../../source/headless/line-writer.js';
import {patchedTsx} from '../program/patched.js';

const folder = fileURLToPath(new URL('../../source/headless/', import.meta.url));

/** A program of its own, whose standard output is a real pipe. */
function program(code: string) {
	return spawn(
		process.execPath,
		[
			patchedTsx,
			'--input-type=module',
			'-e',
			`import {LineWriter} from '${folder}line-writer.ts';\nimport {standardOutput} from '${folder}standard-output.ts';\n${code}`,
		],
		{stdio: ['ignore', 'pipe', 'pipe']},
	);
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
	let text = '';
	for await (const chunk of stream) {
		text += String(chunk);
	}

	return text;
}

test('every line arrives, in order, through a pipe', async () => {
	const child = program(`
		const writer = new LineWriter(standardOutput());
		for (let line = 0; line < 200_000; line++) {
			writer.write('line é ' + line);
			const room = writer.drained();
			if (room) await room;
		}
		await writer.end();
	`);
	const [text, errors] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, 'exit')]);
	assert.equal(errors, '');
	const lines = text.trimEnd().split('\n');
	assert.equal(lines.length, 200_000);
	assert.equal(lines.at(-1), 'line é 199999');
});

test('a reader that leaves early ends the writing, without a word and without an error', async () => {
	const child = program(`
		const writer = new LineWriter(standardOutput());
		const beat = setInterval(() => {
			for (let line = 0; line < 1000; line++) writer.write('x'.repeat(100));
		}, 5);
		await writer.left;
		clearInterval(beat);
		await writer.end();
		process.stderr.write(String(writer.failure));
	`);
	await once(child.stdout, 'data');
	child.stdout.destroy();
	const errors = textOf(child.stderr);
	const [code] = (await once(child, 'exit')) as [number];
	assert.equal(code, 0);
	assert.equal(await errors, 'undefined');
});

test('a source that asks for room holds one megabyte for a reader that does not read, and gives every line later', async () => {
	let take: () => void = () => {};
	let taken = 0;
	const stream = new Writable({
		highWaterMark: 1024,
		write(chunk: Buffer, _encoding, done) {
			take = () => {
				taken += chunk.length;
				done();
			};
		},
	});
	const writer = new LineWriter(stream);
	let written = 0;
	while (writer.drained() === undefined) {
		writer.write('x'.repeat(99));
		written += 100;
	}

	assert.ok(written >= 1024 * 1024 && written < 1_200_000, `${written} units wait`);
	const ended = writer.end();
	while (taken < written) {
		take();
		await new Promise(resolve => setImmediate(resolve));
	}

	await ended;
	assert.equal(taken, written);
});

test('many lines of one turn are few writes', async () => {
	const writes: number[] = [];
	const stream = new Writable({
		write(chunk: Buffer, _encoding, done) {
			writes.push(chunk.length);
			setImmediate(done);
		},
		writev(chunks, done) {
			writes.push(chunks.length);
			setImmediate(done);
		},
	});
	const writer = new LineWriter(stream);
	for (let line = 0; line < 1000; line++) {
		writer.write('x');
	}

	await writer.end();
	assert.deepEqual(writes, [2000]);
});

test('a disk that is full is told in words', async () => {
	const stream = new Writable({
		write(_chunk, _encoding, done) {
			done(Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'}));
		},
	});
	const writer = new LineWriter(stream);
	writer.write('x');
	await writer.end();
	await writer.left;
	assert.match(writer.failure ?? '', /no space left/);
	assert.equal(writer.closed, true);
});
