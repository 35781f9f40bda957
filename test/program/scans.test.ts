/** Scanning a frame is what an event costs most; the filters, the store and the lines share one scan. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test from 'node:test';
import {pathToFileURL} from 'node:url';
import type {Subscriber} from '../../source/demo/server.js';
import {TestAgent} from '../agent/agent.js';
import {recordingsFolder} from '../agent/recordings.js';
import {built} from '../terminal/built.js';
import {startCommand} from '../terminal/pty.js';
import {framesOf} from '../tetragon/recorded.js';
import {addressOf, project} from './program.js';

const name = 'file-monitoring';
const file = path.join(recordingsFolder, name, 'events.jsonl.gz');
const frames = framesOf(name);
/** Not dist/: its functions have no names. Without a map of its lines, which V8 would write beside each report. */
const program = await built('cli.tsx', false);
/** It reads the process of every event, and lets all of them through. */
const filter = ['--process', '/'];

type CoveredFunction = {readonly functionName: string; readonly ranges: ReadonlyArray<{readonly count: number}>};
type Coverage = {
	readonly result: ReadonlyArray<{readonly url: string; readonly functions: readonly CoveredFunction[]}>;
};

/** How often the program called each of the two scanners, by the counters of V8. */
function callsIn(folder: string): {readonly frames: number; readonly lines: number} {
	const functions = readdirSync(folder).flatMap(report => {
		const {result} = JSON.parse(readFileSync(path.join(folder, report), 'utf8')) as Coverage;
		return result.filter(({url}) => url === pathToFileURL(program).href).flatMap(script => script.functions);
	});

	function count(wanted: string): number {
		return functions
			.filter(({functionName}) => functionName === wanted)
			.reduce((sum, {ranges}) => sum + (ranges[0]?.count ?? 0), 0);
	}

	return {frames: count('scanFrame'), lines: count('factsOfEvent')};
}

async function counted(run: (environment: Readonly<Record<string, string>>) => Promise<void>) {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-scans-'));
	try {
		await run({NODE_V8_COVERAGE: folder});
		return callsIn(folder);
	} finally {
		rmSync(folder, {recursive: true});
	}
}

/** Sends all frames as fast as they are read, and then says that there is no more. */
async function play(subscriber: Subscriber): Promise<void> {
	for (const frame of frames) {
		subscriber.push(frame);
		while (subscriber.waiting > 0 && !subscriber.left) {
			await new Promise(resolve => setImmediate(resolve));
		}
	}

	subscriber.end();
}

/** Runs to its end and returns the lines written. */
async function lines(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
	const child = spawn(process.execPath, [program, ...words, '-o', 'json'], {
		cwd: project,
		env: {...process.env, NODE_TEST_CONTEXT: undefined, ...environment},
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let text = '';
	child.stdout.setEncoding('utf8').on('data', (part: string) => {
		text += part;
	});
	await new Promise(resolve => child.on('close', resolve));
	return text.split('\n').length - 1;
}

/** Shows all events and quits. */
async function screen(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
	const pty = startCommand(process.execPath, [program, ...words], {columns: 120, rows: 40, environment});
	try {
		await pty.waitFor(new RegExp(` of ${frames.length} (shown|asked for)`), 60_000);
		pty.write('q');
		await pty.exited;
	} finally {
		await pty.close();
	}
}

for (const words of [[], filter]) {
	const how = words.length === 0 ? 'without a filter' : 'with a filter';

	test(`lines ${how}: no frame is scanned twice`, async () => {
		await using agent = await TestAgent.start({
			answers: {
				GetEvents: (_request, subscriber) => {
					void play(subscriber);
					return undefined;
				},
			},
		});
		const calls = await counted(async environment => {
			assert.equal(await lines(['--server-address', addressOf(agent), ...words], environment), frames.length);
		});
		// Once each: a frame that is no event is counted, whatever its form.
		assert.deepEqual(calls, {frames: frames.length, lines: 0});
	});

	test(`a screen ${how}: each frame is scanned once`, async () => {
		await using agent = await TestAgent.start({frames});
		const calls = await counted(environment => screen(['--server-address', addressOf(agent), ...words], environment));
		assert.deepEqual(calls, {frames: frames.length, lines: 0});
	});
}

test('a replay with a filter: each line is read once', async () => {
	const calls = await counted(environment => screen(['replay', file, '--speed', 'max', ...filter], environment));
	assert.deepEqual(calls, {frames: 0, lines: frames.length});
});

test('a replay as lines: each line is read once with a filter, and never without', async () => {
	for (const [words, reads] of [
		[[], 0],
		[filter, frames.length],
	] as const) {
		const calls = await counted(async environment => {
			assert.equal(await lines(['replay', file, ...words], environment), frames.length);
		});
		assert.deepEqual(calls, {frames: 0, lines: reads});
	}
});
