/** Recordings of a program that was killed, and of one whose disk is full; files that cannot be replayed. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {constants, gunzipSync, gzipSync} from 'node:zlib';
import {TestAgent} from '../agent/agent.js';
import {framesOf, jsonLinesOf} from '../tetragon/recorded.js';
import {addressOf, launcher, openProgram, runProgram, startProgram} from './program.js';
import {temporaryFolder} from './temporary.js';

const folder = temporaryFolder();
const events = framesOf('realistic-mix').length;

/** Whole lines that are in a file now, packed or not. */
function linesIn(file: string): number {
	if (!existsSync(file)) {
		return 0;
	}

	const bytes = readFileSync(file);
	const isPacked = file.endsWith('.gz') && bytes.length > 18;
	const text = isPacked ? gunzipSync(bytes, {finishFlush: constants.Z_SYNC_FLUSH}) : bytes;
	return text.toString().split('\n').length - 1;
}

for (const name of ['killed.jsonl', 'killed.jsonl.gz']) {
	test(`kill -9 leaves every event in ${name} but those of the last second, and a replay reads them`, async () => {
		await using agent = await TestAgent.start({frames: framesOf('realistic-mix')});
		const file = path.join(folder, name);
		await using program = startProgram(['--server-address', addressOf(agent), '-o', 'json', '--record', file]);
		const {child, ended, untilLines} = program;
		await untilLines(events);
		const since = performance.now();
		// The header and the policies are lines as well.
		while (linesIn(file) < events + 1) {
			assert.ok(performance.now() - since < 20_000, 'the events are not flushed');
			await new Promise(resolve => setTimeout(resolve, 20));
		}

		child.kill('SIGKILL');
		await ended;
		const {stdout, stderr, code} = await runProgram(['replay', file]);
		assert.equal(stdout.split('\n').length - 1, events);
		assert.equal(stderr.includes('it was cut off'), name.endsWith('.gz'), stderr);
		assert.doesNotMatch(stderr, /no events/);
		assert.equal(code, name.endsWith('.gz') ? 1 : 0);
	});
}

test('a disk that is full ends the recording and not the lines, and standard error counts what is not recorded', async () => {
	await using agent = await TestAgent.start({frames: framesOf('realistic-mix')});
	const file = path.join(folder, 'full.jsonl');
	// A file that may not grow is a full disk that needs no rights: write() fails.
	const script = `trap '' XFSZ; ulimit -f 16; exec "$0" "$@"`;
	const words = ['--server-address', addressOf(agent), '-o', 'json', '--record', file];
	const child = spawn('/bin/sh', ['-c', script, process.execPath, launcher, ...words], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {...process.env, NODE_TEST_CONTEXT: undefined},
	});
	let [stdout, stderr] = ['', ''];
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	while (!/events are not in the recording/.test(stderr) || stdout.split('\n').length - 1 < events) {
		assert.equal(child.exitCode, null, stderr);
		await new Promise(resolve => setTimeout(resolve, 20));
	}

	agent.send(framesOf('uprobe'));
	const all = events + framesOf('uprobe').length;
	while (stdout.split('\n').length - 1 < all) {
		assert.equal(child.exitCode, null, stderr);
		await new Promise(resolve => setTimeout(resolve, 20));
	}

	child.kill('SIGTERM');
	await once(child, 'close');
	assert.match(stderr, /the recording \S+full\.jsonl has ended with \d+ events/);
	const counts = [...stderr.matchAll(/(\d+) events are not in the recording/g)].map(match => Number(match[1]));
	const recorded = Number(/has ended with (\d+) events/.exec(stderr)?.[1]);
	assert.equal(recorded + (counts.at(-1) ?? 0), all, stderr);
});

test('R records into the state folder of the user, and the message has the whole path', async () => {
	await using agent = await TestAgent.start({frames: framesOf('uprobe')});
	const pty = openProgram(['--server-address', addressOf(agent)], {
		columns: 200,
		environment: {HOME: folder, XDG_STATE_HOME: undefined},
	});
	try {
		await pty.waitFor(/uprobe/i);
		pty.write('R');
		await pty.waitFor(/recording to \S+\.jsonl\.gz/);
		const [, file = ''] = /recording to (\S+\.jsonl\.gz)/.exec(pty.text()) ?? [];
		assert.equal(path.dirname(file), path.join(folder, '.local/state/tetratop'));
		assert.ok(existsSync(file));
	} finally {
		await pty.close();
	}
});

test('a reader that leaves a long replay hears nothing of the file', async () => {
	const file = path.join(folder, 'long.jsonl');
	writeFileSync(file, `${jsonLinesOf('tutorial-exec').join('\n')}\n`.repeat(300));
	for (let round = 0; round < 3; round++) {
		await using program = startProgram(['replay', file, '-o', 'json']);
		program.child.stdout.once('data', () => program.child.stdout.destroy());
		const {stderr, code} = await program.ended;
		assert.deepEqual([stderr, code], ['', 0]);
	}
});

test('a file without any event is one sentence and code 1', async () => {
	const files: Readonly<Record<string, string | Buffer>> = {
		empty: '',
		'empty.gz': gzipSync(''),
		'blank lines': '\n\n\n',
		'a text': 'hello\nworld\n',
		'a binary': readFileSync(process.execPath).subarray(0, 100_000),
		'a policy.yaml': 'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\n',
		'cut.gz': gzipSync('x'.repeat(1000)).subarray(0, 12),
	};
	for (const [name, content] of Object.entries(files)) {
		const file = path.join(folder, name);
		writeFileSync(file, content);
		const {stdout, stderr, code} = await runProgram(['replay', file]);
		assert.equal(stdout, '', name);
		assert.match(stderr, /^tetratop: [^\n]+ cannot be replayed: [^\n]+\n$/, name);
		assert.equal(code, 1, name);
	}
});
