/**
Writing to the terminal. Node writes to a tty in blocking mode: on a slow ssh line one frame then holds up the whole
program (measured: 660 ms at 30 kB/s). This output never blocks the event loop and says when the terminal has taken
everything, so that the next frame shows the state of that moment and frames never queue.
*/
import {closeSync, constants, openSync, write, writeSync} from 'node:fs';
import {Writable} from 'node:stream';
import type {WriteStream} from 'node:tty';

type Callback = (error?: Error | null) => void;

/** How many bytes the terminal has taken. */
type Taken = (error: NodeJS.ErrnoException | null, count: number) => void;

type Gone = (error: NodeJS.ErrnoException) => void;

type OutputOptions = {
	/** Default `process.stdout`; for its size and its file descriptor. */
	readonly terminal?: WriteStream & {readonly fd: number};
	/** The terminal was closed (EIO, EPIPE). */
	readonly onGone?: Gone;
	/** Milliseconds without a change of size before `resize` is emitted: a dragged window changes often. Default 30. */
	readonly resizeDelayMs?: number;
};

const shortestRetryMs = 2;
const longestRetryMs = 16;
/** Longest wait of `writeNow` for a terminal that takes nothing. */
const writeNowMs = 250;

/**
Opens the same terminal once more, so that O_NONBLOCK does not change the shell's file description. Linux only. undefined:
another system, or the tty belongs to another user (su); then the thread pool does the blocking writes.
*/
function openNonBlocking(fd: number): number | undefined {
	if (process.platform !== 'linux') {
		return undefined;
	}
	try {
		return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
	} catch {
		return undefined;
	}
}

function sleep(milliseconds: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function isAgain(error: unknown): boolean {
	return (error as NodeJS.ErrnoException).code === 'EAGAIN';
}

/** A stdout for Ink, with `isTTY`, `columns`, `rows` and the event `resize`, over a terminal. */
export class TerminalOutput extends Writable {
	readonly isTTY = true;
	readonly #terminal: WriteStream & {readonly fd: number};
	readonly #onGone: Gone;
	readonly #resizeDelayMs: number;
	readonly #ownFd: number | undefined;
	#bytes = 0;
	#isStopped = false;
	#isGone = false;
	/** Raised by `stop`: a write that began before it writes nothing more, even after `restart`. */
	#era = 0;
	#resizeTimer: NodeJS.Timeout | undefined;
	#retryTimer: NodeJS.Timeout | undefined;
	#waiting: (() => void)[] = [];

	constructor({
		terminal = process.stdout as WriteStream & {readonly fd: number},
		onGone = () => {},
		resizeDelayMs = 30,
	}: OutputOptions = {}) {
		super({decodeStrings: true, highWaterMark: 1 << 20});
		this.#terminal = terminal;
		this.#onGone = onGone;
		this.#resizeDelayMs = resizeDelayMs;
		this.#ownFd = openNonBlocking(terminal.fd);
		terminal.on('resize', this.#onResize);
	}

	get columns(): number {
		return this.#terminal.columns || 80;
	}

	get rows(): number {
		return this.#terminal.rows || 24;
	}

	/** True when the terminal has taken everything that was written. */
	get drained(): boolean {
		return this.writableLength === 0;
	}

	/** Bytes that the terminal has taken since the start. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Resolves when the terminal has taken everything; Node's own 'drain' comes only after a full buffer. */
	async whenDrained(): Promise<void> {
		if (!this.drained) {
			await new Promise<void>(resolve => this.#waiting.push(resolve));
		}
	}

	/** From now on everything but `writeNow` is dropped: the terminal is given back, or is gone. */
	stop(): void {
		this.#isStopped = true;
		this.#era++;
	}

	/** Goes on after `stop`. */
	restart(): void {
		this.#isStopped = false;
	}

	/** For a child that writes to the same terminal. */
	get fd(): number {
		return this.#terminal.fd;
	}

	/**
	Writes at once, before what waits: for giving the terminal back, also while the process exits. False: the terminal is there
	and does not take it.
	*/
	writeNow(text: string): boolean {
		let data = Buffer.from(text);
		const until = Date.now() + writeNowMs;
		while (data.length > 0 && !this.#isGone) {
			try {
				data = data.subarray(writeSync(this.#fd, data));
			} catch (error) {
				if (!isAgain(error)) {
					this.#gone(error as NodeJS.ErrnoException);
				} else if (Date.now() > until) {
					return false;
				}

				sleep(shortestRetryMs);
			}
		}

		return true;
	}

	/** Closes what was opened; the terminal itself stays. */
	release(): void {
		this.#isStopped = true;
		clearTimeout(this.#resizeTimer);
		clearTimeout(this.#retryTimer);
		this.#terminal.off('resize', this.#onResize);
		if (this.#ownFd !== undefined) {
			closeSync(this.#ownFd);
		}
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, callback: Callback): void {
		this.#take(chunk, callback);
	}

	override _writev(chunks: ReadonlyArray<{readonly chunk: Buffer}>, callback: Callback): void {
		this.#take(Buffer.concat(chunks.map(({chunk}) => chunk)), callback);
	}

	get #fd(): number {
		return this.#ownFd ?? this.#terminal.fd;
	}

	#take(data: Buffer, callback: Callback): void {
		const done: () => void = () => {
			callback();
			this.#settle();
		};

		if (this.#isStopped || this.#isGone) {
			done();
		} else {
			this.#send(data, done);
		}
	}

	/** Calls back when the terminal has taken all of it, or never will. */
	#send(data: Buffer, done: () => void, retryMs = shortestRetryMs): void {
		const era = this.#era;
		const taken: Taken = (error, count) => {
			if (error && !isAgain(error)) {
				this.#gone(error);
				done();
				return;
			}

			const sent = error ? 0 : count;
			this.#bytes += sent;
			if (sent === data.length) {
				done();
				return;
			}

			const next = sent > 0 ? shortestRetryMs : Math.min(longestRetryMs, retryMs * 2);
			this.#retryTimer = setTimeout(() => {
				if (era !== this.#era || this.#isGone) {
					done();
				} else {
					this.#send(data.subarray(sent), done, next);
				}
			}, retryMs);
		};

		if (this.#ownFd === undefined) {
			write(this.#fd, data, taken);
			return;
		}

		let count = 0;
		try {
			count = writeSync(this.#ownFd, data);
		} catch (error) {
			taken(error as NodeJS.ErrnoException, 0);
			return;
		}

		taken(null, count);
	}

	#settle(): void {
		if (!this.drained) {
			return;
		}

		const ready = this.#waiting;
		this.#waiting = [];
		for (const resolve of ready) {
			resolve();
		}
	}

	#gone(error: NodeJS.ErrnoException): void {
		if (!this.#isGone) {
			this.#isGone = true;
			this.#onGone(error);
		}
	}

	readonly #onResize = (): void => {
		clearTimeout(this.#resizeTimer);
		this.#resizeTimer = setTimeout(() => this.emit('resize'), this.#resizeDelayMs);
	};
}
