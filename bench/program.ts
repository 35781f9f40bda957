/** Programs in a real terminal, watched from outside: /proc, and what comes out of the pty. */
import {type ChildProcess, spawn} from 'node:child_process';
import {closeSync, openSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {type IPty, spawn as spawnPty} from '@lydell/node-pty';
import xterm from '@xterm/headless';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const launcher = fileURLToPath(new URL('../bin/tetratop.js', import.meta.url));

/** Clock ticks a second in /proc/PID/stat: USER_HZ, 100 on every Linux that Node runs on. */
const ticks = 100;
const pageMiB = 4096 / 2 ** 20;

/** CPU seconds, user and system, since the process began. */
export function cpuSeconds(pid: number): number {
	const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
	// The name in brackets may hold blanks.
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) / ticks;
}

/** Resident MiB now. */
export function rssMiB(pid: number): number {
	return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageMiB;
}

/** The most resident MiB since the program began. */
export function peakMiB(pid: number): number {
	const [, kibibytes = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return Number(kibibytes) / 1024;
}

export function sleep(milliseconds: number): Promise<void> {
	return new Promise(resolve => setTimeout(resolve, milliseconds));
}

export type Size = {readonly columns: number; readonly rows: number};

export const usual: Size = {columns: 120, rows: 40};

export type Watched = {readonly cpuPercent: number; readonly bytesPerSecond: number; readonly rssMiB: number};

const hidden = /^(TETRATOP_.*|KUBECONFIG|NODE_.*|CI|NO_COLOR|FORCE_COLOR|TMUX|STY|COLORTERM|TERM_PROGRAM|LC_.*)$/;

function environment(): Record<string, string> {
	return {
		...Object.fromEntries(
			Object.entries(process.env).filter((entry): entry is [string, string] => !hidden.test(entry[0]) && !!entry[1]),
		),
		TERM: 'xterm-256color',
		LANG: 'C.UTF-8',
	};
}

/** A program on a screen; `close` always. The emulator reads along only when asked, since it costs what is measured here. */
export class Program {
	readonly startedAt = performance.now();
	bytes = 0;
	/** Called with what comes, when it comes. */
	heard: (data: Buffer, atMs: number) => void = () => {};
	readonly exited: Promise<number>;
	readonly #pty: IPty;
	readonly #terminal: xterm.Terminal;
	#pending: Buffer[] = [];
	#hasExited = false;

	constructor(command: readonly string[], {columns, rows}: Size = usual) {
		const [file = '', ...parameters] = command;
		this.#terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 0});
		this.#pty = spawnPty(file, parameters, {
			name: 'xterm-256color',
			cols: columns,
			rows,
			cwd: root,
			env: environment(),
			encoding: null,
		});
		this.#pty.onData(text => {
			const data = text as unknown as Buffer;
			this.bytes += data.length;
			this.#pending.push(data);
			this.heard(data, performance.now());
		});
		// What a program asks of its terminal (CSI 6 n) is answered as a terminal does.
		this.#terminal.onData(answer => this.#hasExited || this.#pty.write(answer));
		this.exited = new Promise(resolve => {
			this.#pty.onExit(({exitCode}) => {
				this.#hasExited = true;
				resolve(exitCode);
			});
		});
	}

	/** The program as users start it from a checkout. */
	static tetratop(parameters: readonly string[], size?: Size, nodeFlags: readonly string[] = []): Program {
		return new Program([process.execPath, ...nodeFlags, launcher, ...parameters], size);
	}

	get pid(): number {
		return this.#pty.pid;
	}

	write(keys: string): void {
		this.#pty.write(keys);
	}

	resize({columns, rows}: Size): void {
		this.#terminal.resize(columns, rows);
		this.#pty.resize(columns, rows);
	}

	/** The rows of the screen with all that has come so far. */
	async screen(): Promise<string[]> {
		const data = Buffer.concat(this.#pending);
		this.#pending = [];
		await new Promise<void>(resolve => this.#terminal.write(data, resolve));
		const {active} = this.#terminal.buffer;
		return Array.from({length: this.#terminal.rows}, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
	}

	async waitFor(wanted: RegExp, milliseconds = 20_000): Promise<string> {
		const until = performance.now() + milliseconds;
		for (;;) {
			const text = (await this.screen()).join('\n');
			if (wanted.test(text)) {
				return text;
			}

			if (performance.now() > until || this.#hasExited) {
				throw new Error(`waited for ${wanted}; the screen:\n${text}`);
			}

			await sleep(20);
		}
	}

	/** CPU, bytes and memory over a stretch of time. */
	async watch(seconds: number): Promise<Watched> {
		const cpu = cpuSeconds(this.pid);
		const {bytes} = this;
		const from = performance.now();
		await sleep(seconds * 1000);
		const spent = (performance.now() - from) / 1000;
		this.#pending = this.#pending.slice(-1000);
		return {
			cpuPercent: ((cpuSeconds(this.pid) - cpu) / spent) * 100,
			bytesPerSecond: (this.bytes - bytes) / spent,
			rssMiB: rssMiB(this.pid),
		};
	}

	async close(): Promise<void> {
		if (!this.#hasExited) {
			this.#pty.kill('SIGKILL');
			await this.exited;
		}

		this.#terminal.dispose();
	}
}

/** A program without a terminal: its lines go to /dev/null or to `output`, what it complains about is kept. */
export class Lines {
	readonly child: ChildProcess;
	readonly ended: Promise<{readonly code: number | null; readonly complaints: string}>;
	complaints = '';

	constructor(command: readonly string[], input: number | 'ignore' = 'ignore', output?: 'pipe') {
		const [file = '', ...parameters] = command;
		const nothing = openSync('/dev/null', 'w');
		this.child = spawn(file, parameters, {cwd: root, env: environment(), stdio: [input, output ?? nothing, 'pipe']});
		closeSync(nothing);
		this.child.stderr?.on('data', (data: Buffer) => {
			this.complaints += data;
		});
		this.ended = new Promise(resolve => {
			this.child.on('close', code => resolve({code, complaints: this.complaints}));
		});
	}

	get pid(): number {
		return this.child.pid ?? 0;
	}

	async close(): Promise<void> {
		this.child.kill('SIGKILL');
		await this.ended;
	}
}
