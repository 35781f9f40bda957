/** The program as users start it, bin/tetratop.js over dist/: in a terminal, or with its three standard streams in hand. */
import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {addressText} from '../../source/tetragon/agent/address.js';
import type {TestAgent} from '../agent/agent.js';
import {type Pty, type PtyOptions, startCommand} from '../terminal/pty.js';

export const project = fileURLToPath(new URL('../..', import.meta.url));
/** TEST_LAUNCHER: of the installed npm package, when test/channels/run.ts tests that. */
export const launcher = process.env['TEST_LAUNCHER'] ?? path.join(project, 'bin/tetratop.js');

/** The single executable instead, when test/binary/run.ts tests that. */
const single = process.env['TEST_PROGRAM'];
const command = single ?? process.execPath;
const first = single === undefined ? [launcher] : [];
/** The words that start it. */
export const programWords: readonly string[] = [command, ...first];

/** No kubeconfig and no configuration of whoever runs the tests. */
const home = mkdtempSync(path.join(tmpdir(), 'tetratop-home-'));
process.once('exit', () => rmSync(home, {recursive: true, force: true}));

const own = {
	HOME: home,
	// Its compiled code, for all tests: each has a home of its own, which is empty.
	XDG_CACHE_HOME: path.join(project, 'node_modules/.cache/tetratop/program'),
	XDG_CONFIG_HOME: undefined,
	XDG_RUNTIME_DIR: undefined,
	XDG_STATE_HOME: undefined,
	KUBECONFIG: undefined,
	KUBERNETES_SERVICE_HOST: undefined,
	TZ: 'UTC',
};

/** On a terminal of 80x24, unless said otherwise. */
export function openProgram(words: readonly string[], {environment, ...options}: PtyOptions = {}): Pty {
	return startCommand(command, [...first, ...words], {...options, environment: {...own, ...environment}});
}

/** A shell in a terminal, with `tetratop` and `node` as words. */
export function openShell(script: string, {environment, ...options}: PtyOptions = {}): Pty {
	return startCommand('/bin/sh', ['-c', `tetratop() { '${[command, ...first].join("' '")}' "$@"; }\n${script}`], {
		...options,
		environment: {...own, ...environment},
	});
}

export type Ended = {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
};

export type Running = {
	readonly child: ChildProcessWithoutNullStreams;
	readonly ended: Promise<Ended>;
	/** Resolves when what a stream was given so far holds the words. */
	readonly until: (words: string, stream?: 'stdout' | 'stderr') => Promise<void>;
	readonly untilLines: (count: number) => Promise<void>;
	/** Kills what still runs. */
	readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** What a stream has brought so far. A wait looks only when more has come: a long text is searched no more than needed. */
class Received {
	text = '';
	lines = 0;
	readonly #looks = new Set<() => void>();

	add(part: string): void {
		this.text += part;
		this.lines += part.split('\n').length - 1;
		this.look();
	}

	look(): void {
		for (const look of this.#looks) {
			look();
		}
	}

	/** @throws {Error} when the program ends without, or after a minute: only a failing test waits that long */
	async until(isThere: () => boolean, hasEnded: () => boolean, failure: () => string): Promise<void> {
		const {promise, resolve, reject} = Promise.withResolvers<void>();
		function look(): void {
			if (isThere()) {
				resolve();
			} else if (hasEnded()) {
				reject(new Error(failure()));
			}
		}

		const timer = setTimeout(() => reject(new Error(failure())), 60_000);
		this.#looks.add(look);
		look();
		try {
			await promise;
		} finally {
			clearTimeout(timer);
			this.#looks.delete(look);
		}
	}
}

/** With pipes for its three streams. */
export function startProgram(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
	const child = spawn(command, [...first, ...words], {
		cwd: project,
		env: {...process.env, NODE_TEST_CONTEXT: undefined, ...own, ...environment},
	});
	const received = {stdout: new Received(), stderr: new Received()};
	child.stdout.setEncoding('utf8').on('data', (text: string) => received.stdout.add(text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => received.stderr.add(text));
	child.stdin.on('error', () => {});
	let hasEnded = false;
	const ended = new Promise<Ended>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => {
			hasEnded = true;
			received.stdout.look();
			received.stderr.look();
			resolve({code, signal, stdout: received.stdout.text, stderr: received.stderr.text});
		});
	});

	function wait(stream: Received, isThere: () => boolean, wanted: string): Promise<void> {
		return stream.until(
			isThere,
			() => hasEnded,
			() => `no ${wanted}; the program says: ${received.stdout.text.slice(-500)}\n${received.stderr.text}`,
		);
	}

	return {
		child,
		ended,
		until(words, stream = 'stdout') {
			return wait(received[stream], () => received[stream].text.includes(words), words);
		},
		untilLines: count => wait(received.stdout, () => received.stdout.lines >= count, `${count} lines`),
		async [Symbol.asyncDispose]() {
			child.kill('SIGKILL');
			await ended;
		},
	};
}

/** From start to end. */
export async function runProgram(
	words: readonly string[],
	{input, environment}: {readonly input?: string | Buffer; readonly environment?: NodeJS.ProcessEnv} = {},
): Promise<Ended> {
	const {child, ended} = startProgram(words, environment);
	child.stdin.end(input);
	return ended;
}

/** As runProgram with `> file`: what is written is read as fast as a disk takes it. */
export async function runToFile(words: readonly string[], file: string): Promise<Omit<Ended, 'signal'>> {
	const descriptor = openSync(file, 'w');
	const child = spawn(command, [...first, ...words], {
		cwd: project,
		env: {...process.env, NODE_TEST_CONTEXT: undefined, ...own},
		stdio: ['ignore', descriptor, 'pipe'],
	});
	let stderr = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	const code = await new Promise<number | null>(resolve => child.on('close', resolve));
	closeSync(descriptor);
	return {code, stderr, stdout: readFileSync(file, 'utf8')};
}

export function addressOf(agent: TestAgent): string {
	return addressText(agent.address);
}

/** Rows whose text matches. */
export function rowsWith(pty: Pty, wanted: RegExp): string[] {
	return pty.screen().filter(row => wanted.test(row));
}

/** Waits until what was typed is done and painted. */
export async function still(pty: Pty): Promise<void> {
	await pty.idle();
}
