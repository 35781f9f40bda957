/**
A program in a real terminal, for tests: a pty of a given size with a terminal emulator (xterm.js) at its other end.

	const pty = startPty(['cli.tsx', 'demo'], {columns: 80, rows: 24});
	try {
		await pty.waitFor(/LIVE/);           // waits for what the screen shows, and fails with the screen in the message
		pty.write('jjj');                    // bytes, as a keyboard sends them: '\u001B[A' is Up, '\r' Enter, '\u0003' ctrl-c
		pty.resize(120, 40);
		assert.match(pty.screen()[0]!, /…/); // rows as a person sees them, without trailing spaces
		pty.write('q');
		assert.equal((await pty.exited).exitCode, 0);
	} finally {
		await pty.close();                   // always: kills what still runs
	}

Scripts run from the source with tsx under the Node of the tests. The environment is that of an ordinary terminal
(TERM=xterm-256color, LANG=C.UTF-8) and knows nothing of CI, tmux or NO_COLOR; `environment` changes it. `startCommand`
runs any command, a shell for example, where job control or the state of the terminal afterwards is the question.
*/
import {fileURLToPath} from 'node:url';
import {spawn} from '@lydell/node-pty';
import graphemes from '@xterm/addon-unicode-graphemes';
import xterm from '@xterm/headless';
import {patchedTsx} from '../program/patched.js';
import {isAsleep} from '../program/processes.js';

export type PtyOptions = {
	/** Default 80. */
	readonly columns?: number;
	/** Default 24. */
	readonly rows?: number;
	/** Added to the environment; undefined takes a variable away. */
	readonly environment?: Readonly<Record<string, string | undefined>>;
	/** False: the emulator does not answer questions like CSI 6n; the test can, with `write`. Default true. */
	readonly answers?: boolean;
	/** Default the project. */
	readonly folder?: string;
};

export type Exit = {readonly exitCode: number; readonly signal: number | undefined};

export type Pty = {
	readonly pid: number;
	/** Rows of the screen, without trailing spaces, as of the last bytes that were parsed; `settle` first for the newest. */
	readonly screen: () => string[];
	/** The same as one text, rows joined with line feeds. */
	readonly text: () => string;
	/** Waits until everything that has arrived is on the screen. */
	readonly settle: () => Promise<void>;
	/** Waits until the program sleeps and has written nothing more: what was typed so far is done and painted. */
	readonly idle: () => Promise<void>;
	/**
	Resolves with the screen's text when it matches. Rejects with the screen when the program has ended without, or after
	`milliseconds` (default 60 000: only a failing test waits that long).
	*/
	readonly waitFor: (wanted: RegExp | ((text: string) => boolean), milliseconds?: number) => Promise<string>;
	/** Sends bytes as the keyboard would. */
	readonly write: (data: string) => void;
	readonly resize: (columns: number, rows: number) => void;
	/** Everything the program has written, as it came. */
	readonly raw: () => string;
	/** Bytes written so far. */
	readonly bytes: () => number;
	/** State of a private mode by the last CSI ? n h or l: 25 cursor, 1049 alternate screen, 2004 paste; undefined: never set. */
	readonly mode: (number: number) => boolean | undefined;
	/** True while the alternate screen is shown. */
	readonly isAlternate: () => boolean;
	/** Stops and goes on with reading what the program writes: a terminal that takes nothing. */
	readonly pause: () => void;
	readonly resume: () => void;
	readonly exited: Promise<Exit>;
	/** Kills what still runs and waits for its end. Any number of times. */
	readonly close: () => Promise<void>;
};

const project = fileURLToPath(new URL('../..', import.meta.url));

const hidden = [
	'CI',
	'NO_COLOR',
	'FORCE_COLOR',
	'TMUX',
	'STY',
	'COLORTERM',
	'TERM_PROGRAM',
	'LC_ALL',
	'LC_CTYPE',
	'NODE_OPTIONS',
	'NODE_TEST_CONTEXT',
];

function environmentOf(changes: PtyOptions['environment'] = {}): Record<string, string> {
	const all: Record<string, string | undefined> = {
		...process.env,
		...Object.fromEntries(hidden.map(name => [name, undefined])),
		TERM: 'xterm-256color',
		LANG: 'C.UTF-8',
		...changes,
	};
	return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function pause(milliseconds: number): Promise<void> {
	return new Promise(resolve => setTimeout(resolve, milliseconds));
}

const pollMs = 15;
/** More than the 50 ms for which the program waits after an ESC. */
const asleepPolls = 7;

/** Runs any command in a terminal. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: every member shares the state of one terminal
export function startCommand(command: string, commandArguments: readonly string[], options: PtyOptions = {}): Pty {
	const {columns = 80, rows = 24, folder = project, answers = true} = options;
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 1000});
	terminal.loadAddon(new graphemes.UnicodeGraphemesAddon());
	const child = spawn(command, [...commandArguments], {
		// node-pty sets TERM to it, whatever the environment says.
		name: options.environment?.['TERM'] ?? 'xterm-256color',
		cols: columns,
		rows,
		cwd: folder,
		env: environmentOf(options.environment),
	});
	let log = '';
	let hasExited = false;
	child.onData(data => {
		log += data;
		terminal.write(data);
	});
	// The emulator answers questions (CSI 6 n) as a terminal does.
	terminal.onData(data => {
		if (!hasExited && answers) {
			child.write(data);
		}
	});
	const exited = new Promise<Exit>(resolve => {
		child.onExit(({exitCode, signal}) => {
			hasExited = true;
			resolve({exitCode, signal: signal === 0 ? undefined : signal});
		});
	});

	function settle(): Promise<void> {
		return new Promise(resolve => terminal.write('', resolve));
	}

	function screen(): string[] {
		const {active} = terminal.buffer;
		return Array.from(
			{length: terminal.rows},
			(_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
		);
	}

	function text(): string {
		return screen().join('\n');
	}

	return {
		pid: child.pid,
		screen,
		text,
		settle,
		async idle() {
			let seen = -1;
			for (let asleep = 0; asleep < asleepPolls && !hasExited; ) {
				await pause(pollMs);
				if (log.length !== seen) {
					seen = log.length;
					asleep = 0;
				} else if (isAsleep(child.pid)) {
					asleep++;
				}
			}

			await settle();
		},
		// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: every member shares the state of one terminal
		async waitFor(wanted, milliseconds = 60_000) {
			const matches = typeof wanted === 'function' ? wanted : (shown: string) => wanted.test(shown);
			const until = performance.now() + milliseconds;
			let looked = -1;
			for (;;) {
				const parsed = log.length;
				if (parsed === looked && typeof wanted !== 'function' && !hasExited && performance.now() <= until) {
					// The same screen: only a function may ask for something else.
					await pause(pollMs);
					continue;
				}

				looked = parsed;
				await settle();
				const shown = text();
				if (matches(shown)) {
					return shown;
				}
				if (performance.now() > until || (hasExited && log.length === parsed)) {
					throw new Error(
						`${hasExited ? 'the program has ended without' : `waited ${milliseconds} ms for`} ${wanted}; the screen:\n${shown}`,
					);
				}
				await pause(pollMs);
			}
		},
		write: data => child.write(data),
		resize(newColumns, newRows) {
			terminal.resize(newColumns, newRows);
			child.resize(newColumns, newRows);
		},
		raw: () => log,
		bytes: () => Buffer.byteLength(log),
		mode(number) {
			const [last] = [...log.matchAll(new RegExp(`\\u001B\\[\\?(?:\\d+;)*${number}(?:;\\d+)*([hl])`, 'g'))].slice(-1);
			return last && last[1] === 'h';
		},
		isAlternate: () => terminal.buffer.active.type === 'alternate',
		pause: () => child.pause(),
		resume: () => child.resume(),
		exited,
		async close() {
			if (!hasExited) {
				child.resume();
				child.kill('SIGKILL');
				await exited;
			}
			terminal.dispose();
		},
	};
}

/** Runs a TypeScript file of the project (path from its root) with its arguments. */
export function startPty([script = '', ...scriptArguments]: readonly string[], options: PtyOptions = {}): Pty {
	return startCommand(process.execPath, [patchedTsx, script, ...scriptArguments], options);
}
