import assert from 'node:assert/strict';
import {mkdtempSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {gunzipSync, gzipSync} from 'node:zlib';
import type {Subscriber} from '../../source/demo/server.js';
import {TestAgent} from '../agent/agent.js';
import {recordedBytes, recordingsFolder, statsOf} from '../agent/recordings.js';
import {compactTextOf, framesOf, jsonLinesOf, recordingNames, withJson} from '../tetragon/recorded.js';
import {addressOf, openShell, runProgram, runToFile, startProgram} from './program.js';
import {temporaryFolder} from './temporary.js';

const folder = temporaryFolder();

function fileOf(name: string): string {
	return path.join(recordingsFolder, name, 'events.jsonl.gz');
}

/** Plays recordings one after the other to whoever subscribes, as fast as they are read, and then says that there is no more. */
async function playsOnce(names: readonly string[], tcp: boolean): Promise<TestAgent> {
	// Before somebody subscribes: unpacking them takes long on a busy machine, and the agent would not answer meanwhile.
	const frames = names.flatMap(framesOf);

	async function play(subscriber: Subscriber): Promise<void> {
		for (const frame of frames) {
			while (subscriber.waiting > 1000 && !subscriber.left) {
				await new Promise(resolve => setTimeout(resolve, 1));
			}

			subscriber.push(frame);
		}

		while (subscriber.waiting > 0 && !subscriber.left) {
			await new Promise(resolve => setTimeout(resolve, 1));
		}

		subscriber.end();
	}

	return TestAgent.start({
		tcp,
		answers: {
			GetEvents: (_request, subscriber) => {
				void play(subscriber);
				return undefined;
			},
		},
	});
}

function objectsOf(text: string): unknown[] {
	assert.ok(text.endsWith('\n'));
	return text
		.slice(0, -1)
		.split('\n')
		.map(line => JSON.parse(line));
}

/** assert.equal of a long text spends minutes on its difference. */
function same(actual: string, expected: string): void {
	if (actual === expected) {
		return;
	}

	const [ours, theirs] = [actual.split('\n'), expected.split('\n')];
	const line = ours.findIndex((text, index) => text !== theirs[index]);
	assert.equal(ours[line], theirs[line], `line ${line + 1} of ${theirs.length}`);
	assert.fail(`${ours.length} lines, not ${theirs.length}`);
}

/** On a busy machine the program or the disk may be slow for seconds, and it says so: that is true, and no fault of the lines. */
function withoutStalls(stderr: string): string {
	return stderr.replaceAll(
		/^tetratop: .*(tetratop did not run for|the reader of standard output is slower than) .*\n/gm,
		'',
	);
}

type Streamed = {readonly compact: string; readonly json: string};

/** The lines of each recording, of one program for all: starting it takes longer than most recordings. */
async function streamed(names: readonly string[], tcp: boolean): Promise<ReadonlyMap<string, Streamed>> {
	await using agent = await playsOnce(names, tcp);
	const [compact, json] = await Promise.all(
		['compact', 'json'].map(form =>
			runToFile(['--server-address', addressOf(agent), '-o', form], path.join(folder, `${tcp}.${form}`)),
		),
	);
	assert.deepEqual([compact?.code, withoutStalls(compact?.stderr ?? '')], [0, '']);
	assert.deepEqual([json?.code, withoutStalls(json?.stderr ?? '')], [0, '']);
	const [compactLines, jsonLines] = [compact, json].map(said => (said?.stdout ?? '').split('\n').slice(0, -1));

	/** The next lines. All that are left for the last recording: there must be none too many. */
	function taken(lines: string[] | undefined, count: number, isLast: boolean): string {
		return (lines?.splice(0, isLast ? lines.length : count) ?? []).map(line => `${line}\n`).join('');
	}

	return new Map(
		names.map((name, index) => {
			const isLast = index === names.length - 1;
			return [
				name,
				{
					compact: taken(compactLines, compactTextOf(name).split('\n').length - 1, isLast),
					json: taken(jsonLines, statsOf(name).events, isLast),
				},
			];
		}),
	);
}

for (const tcp of [false, true]) {
	const names = recordingNames().filter(name => (name === 'network') === tcp);
	let once: Promise<ReadonlyMap<string, Streamed>> | undefined;

	for (const name of names) {
		test(`${name} over gRPC: compact is tetra's to the byte, json has all of its content`, async () => {
			once ??= streamed(names, tcp);
			const {compact, json} = (await once).get(name) ?? assert.fail(name);
			same(compact, compactTextOf(name));
			const {events, kinds} = statsOf(name);
			assert.equal(json.split('\n').length - 1, events);
			for (const [kind, count] of Object.entries(kinds)) {
				assert.equal(json.split(`\n{"${kind}":`).length - 1 + Number(json.startsWith(`{"${kind}":`)), count);
			}

			// tetra's twin of the largest was not kept.
			if (withJson().includes(name)) {
				assert.deepEqual(
					objectsOf(json),
					jsonLinesOf(name).map(line => JSON.parse(line) as unknown),
				);
			}
		});
	}
}

test("all recordings replayed, one after the other: compact is tetra's to the byte, json has all of their content", async () => {
	const files = withJson().map(fileOf);
	const [compact, json] = await Promise.all([
		runToFile(['replay', ...files, '-o', 'compact'], path.join(folder, 'all.txt')),
		runToFile(['replay', ...files], path.join(folder, 'all.json')),
	]);
	same(compact.stdout, withJson().map(compactTextOf).join(''));
	assert.deepEqual(
		objectsOf(json.stdout),
		withJson()
			.flatMap(jsonLinesOf)
			.map(line => JSON.parse(line) as unknown),
	);
	assert.deepEqual([compact.code, compact.stderr, json.code, json.stderr], [0, '', 0, '']);
});

test('rotated files are read in the order given, gzip or not, and standard input stands where its - does', async () => {
	const lines = jsonLinesOf('tutorial-exec');
	const [first, second, third] = [lines.slice(0, 20), lines.slice(20, 40), lines.slice(40)].map(
		part => `${part.join('\n')}\n`,
	) as [string, string, string];
	const [oldest, newest] = [path.join(folder, 'tetragon-1.log.gz'), path.join(folder, 'tetragon.log')];
	writeFileSync(oldest, gzipSync(first));
	writeFileSync(newest, third);
	const {stdout, stderr, code} = await runProgram(['replay', oldest, '-', newest, '-o', 'compact'], {
		input: gzipSync(second),
	});
	same(stdout, compactTextOf('tutorial-exec'));
	assert.deepEqual([code, stderr], [0, '']);
});

test('the export log of a real agent is replayed whole', async () => {
	const {stdout, code} = await runProgram(['replay', path.join(recordingsFolder, 'export-log/tetragon.log.gz')]);
	const lines = gunzipSync(recordedBytes('export-log/tetragon.log.gz')).toString().trimEnd().split('\n');
	assert.equal(code, 0);
	assert.deepEqual(
		objectsOf(stdout),
		lines.map(line => JSON.parse(line) as unknown),
	);
});

test('lines that are no events are counted on standard error with the first line number, and the others are printed', async () => {
	const lines = [...jsonLinesOf('uprobe')];
	lines.splice(5, 0, '{"process_exec": {', 'level=info msg="not an event"', '');
	lines.push('[1, 2]', '"text"', 'null');
	const {stdout, stderr, code} = await runProgram(['replay', '-', '-o', 'compact'], {input: lines.join('\n')});
	same(stdout, compactTextOf('uprobe'));
	assert.match(stderr, /^tetratop: 5 lines are no events, the first is line 6 of standard input: it is cut off\n$/);
	assert.equal(code, 0);
});

test('a file that was cut off gives what it has, says so, and fails', async () => {
	const cut = path.join(folder, 'cut.log.gz');
	writeFileSync(cut, recordedBytes('realistic-mix/events.jsonl.gz').subarray(0, 20_000));
	const {stdout, stderr, code} = await runProgram(['replay', cut, '-o', 'compact']);
	assert.ok(stdout.split('\n').length > 20);
	assert.ok(compactTextOf('realistic-mix').startsWith(stdout));
	assert.match(stderr, /cut\.log\.gz: it ends in the middle: it was cut off/);
	assert.equal(code, 1);
});

test('a reader that leaves after one line is no failure, live and in a replay', async () => {
	await using agent = await TestAgent.start({frames: framesOf('realistic-mix')});
	for (const words of [`--server-address ${addressOf(agent)} -o compact`, `replay '${fileOf('realistic-mix')}'`]) {
		// The status of the program itself, not of the last part of the pipe.
		const pty = openShell(`{ tetratop ${words} 3>&-; echo "code $?" >&3; } 3>&2 | head -n 1 | wc -l`);
		try {
			await pty.waitFor(/code \d+/);
			await pty.exited;
			await pty.settle();
			assert.deepEqual(pty.text().split(/\s+/).filter(Boolean).toSorted(), ['0', '1', 'code']);
		} finally {
			await pty.close();
		}
	}
});

test('SIGTERM ends the lines with 143, SIGINT with 130, SIGHUP with 129, and every line is whole', async () => {
	await using agent = await TestAgent.start({frames: framesOf('tutorial-exec')});
	for (const [signal, code] of [
		['SIGTERM', 143],
		['SIGINT', 130],
		['SIGHUP', 129],
	] as const) {
		await using program = startProgram(['--server-address', addressOf(agent), '-o', 'compact']);
		const {child, ended, until} = program;
		await until('xwing');
		child.kill(signal);
		const {stdout, stderr, code: ours, signal: by} = await ended;
		assert.deepEqual([ours, by, withoutStalls(stderr)], [code, null, '']);
		assert.ok(stdout.endsWith('\n'));
	}
});

test('lines go on when the agent restarts, and the gap is said on standard error', async () => {
	await using agent = await TestAgent.start({frames: framesOf('uprobe'), tcp: true});
	await using program = startProgram(['--server-address', addressOf(agent), '-o', 'json']);
	const {child, ended, until, untilLines} = program;
	await untilLines(52);
	await agent.kill();
	await until('tetratop: ', 'stderr');
	await agent.listen();
	await untilLines(104);
	child.kill('SIGTERM');
	const {stdout, stderr, code} = await ended;
	assert.equal(objectsOf(stdout).length, 104);
	assert.match(stderr, /events of \d+ s are missing/);
	assert.equal(code, 143);
});

test('what cannot be done is one sentence on standard error and a code', async () => {
	function refuse(): never {
		throw new Error("error compiling CEL expression: ERROR: <input>:1:1: undeclared reference to 'nonsense'");
	}

	await using refusing = await TestAgent.start({answers: {GetEvents: refuse}});
	const address = addressOf(refusing);
	const json = fileOf('uprobe');
	const cases: ReadonlyArray<readonly [string[], number, RegExp]> = [
		[['--server-address', `unix://${folder}/none.sock`, '-o', 'json'], 1, /none\.sock/],
		[['--server-address', '127.0.0.1:1', '-o', 'json'], 1, /127\.0\.0\.1:1/],
		[['--server-address', '127.0.0.1:1', '-o', 'json', '--tls-ca-cert-files', `${folder}/no-ca.pem`], 1, /no-ca\.pem/],
		[['--server-address', address, '-o', 'json', '--tls-skip-verify'], 1, /unix socket; leave out the --tls flags/],
		[['--server-address', 'http://[', '-o', 'json'], 2, /server-address/],
		[['--server-address', address, '-o', 'json', '--pod', '['], 2, /--pod.*missing closing \]/],
		[['--server-address', address, '-o', 'json', '-e', 'PROCESS_EXECC'], 2, /PROCESS_EXECC.*PROCESS_EXEC/],
		[['--server-address', address, '-o', 'json', '--cel-expression', 'nonsense'], 1, /nonsense/],
		[['--server-address', address, '-o', 'json', '--labels', 'a in ('], 2, /--labels/],
		[['--server-address', address, '--no-such-flag'], 2, /no-such-flag/],
		[['--server-address', address, '-o', 'yaml'], 2, /yaml/],
		[['replay', `${folder}/none.log`, '-o', 'compact'], 1, /none\.log.*there is no such file/],
		[['replay', mkdtempSync(path.join(folder, 'empty-'))], 1, /the directory has no/],
		[['replay', json, '--process', '('], 2, /--process/],
		[['replay'], 2, /FILE/],
		[['replay', json, '--speed', 'fast'], 2, /speed/],
		[['replya', json], 2, /replay/],
		[['--config', `${folder}/none.yaml`, 'replay', json], 2, /none\.yaml/],
	];
	const results = await Promise.all(cases.map(([words]) => runProgram(words)));
	for (const [index, [words, code, said]] of cases.entries()) {
		const result = results[index];
		const where = `${words.join(' ')}: ${JSON.stringify(result)}`;
		assert.equal(result?.stdout, '', where);
		assert.match(withoutStalls(result.stderr), /^tetratop: [^\n]+\n$/, where);
		assert.match(result.stderr, said, where);
		assert.equal(result.code, code, where);
	}
});
