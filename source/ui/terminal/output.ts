/**
The way to the terminal. Node writes to a tty in blocking mode: on a slow ssh line one frame then holds up the whole
program (measured: 660 ms at 30 kB/s). This one never blocks the event loop, and tells when everything has left, so that
the next frame is made from what is true then and frames never queue.
*/
import {closeSync, constants, openSync, write, writeSync} from 'node:fs';
import {Writable} from 'node:stream';
import type {WriteStream} from 'node:tty';

/** What Ink wants of a stdout: `isTTY`, `columns`, `rows` and the event `resize`. */
export type TerminalOutput = Writable & {
	readonly isTTY: true;
	readonly columns: number;
	readonly rows: number;
	/** All that was written has been taken by the terminal. */
	readonly drained: boolean;
	readonly whenDrained: () => Promise<void>;
	/** Bytes that the terminal has taken since the start. */
	readonly bytes: number;
	/** From now on everything is dropped but `writeNow`: the terminal is going back, or is gone. */
	readonly stop: () => void;
	/** Goes on after `stop`. */
	readonly restart: () => void;
	/** At once, before what waits; for giving the terminal back, also while the process exits. */
	readonly writeNow: (text: string) => void;
	/** Closes what was opened; the terminal itself stays. */
	readonly release: () => void;
};

type Gone = (error: NodeJS.ErrnoException) => void;

type OutputOptions = {
	/** Default `process.stdout`; for its size and its file descriptor. */
	readonly terminal?: WriteStream & {readonly fd: number};
	/** The terminal is gone (EIO, EPIPE): nobody is there to read any more. */
	readonly onGone?: Gone;
	/** Milliseconds for which a burst of size changes is awaited, as while a window is dragged. Default 30. */
	readonly resizeDelayMs?: number;
};

const shortestRetryMs = 2;
const longestRetryMs = 16;
/** How long the way back may wait for a terminal that takes nothing. */
const writeNowMs = 250;

/**
A description of the same terminal of our own, so that O_NONBLOCK does not change the shell's. Linux only; elsewhere, or
where the tty belongs to another user (su), undefined: then the thread pool takes the blocking.
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

export function createOutput({
	terminal = process.stdout as WriteStream & {readonly fd: number},
	onGone = () => {},
	resizeDelayMs = 30,
}: OutputOptions = {}): TerminalOutput {
	const ownFd = openNonBlocking(terminal.fd);
	const fd = ownFd ?? terminal.fd;
	let bytes = 0;
	let isStopped = false;
	let isGone = false;
	/** Of what was begun before a `stop` nothing may come after it, not even after `restart`. */
	let era = 0;
	let resizeTimer: NodeJS.Timeout | undefined;
	let retryTimer: NodeJS.Timeout | undefined;
	let waiting: (() => void)[] = [];

	function gone(error: NodeJS.ErrnoException): void {
		if (isGone) {
			return;
		}
		isGone = true;
		onGone(error);
	}

	/** Calls back when the terminal has taken all of it, or will never. */
	function send(data: Buffer, done: () => void, retryMs = shortestRetryMs): void {
		const begun = era;

		function taken(error: NodeJS.ErrnoException | null, count: number): void {
			if (error && !isAgain(error)) {
				gone(error);
				done();
				return;
			}
			const sent = error ? 0 : count;
			bytes += sent;
			if (sent === data.length) {
				done();
				return;
			}
			const rest = data.subarray(sent);
			const next = sent > 0 ? shortestRetryMs : Math.min(longestRetryMs, retryMs * 2);
			retryTimer = setTimeout(() => (begun !== era || isGone ? done() : send(rest, done, next)), retryMs);
		}

		if (ownFd === undefined) {
			write(fd, data, taken);
			return;
		}
		try {
			const count = writeSync(fd, data);
			taken(null, count);
		} catch (error) {
			taken(error as NodeJS.ErrnoException, 0);
		}
	}

	const stream = new Writable({
		decodeStrings: true,
		highWaterMark: 1 << 20,
		write(chunk: Buffer, _encoding, callback) {
			if (isStopped || isGone) {
				callback();
			} else {
				send(chunk, callback);
			}
		},
		writev(chunks, callback) {
			if (isStopped || isGone) {
				callback();
			} else {
				send(Buffer.concat(chunks.map(({chunk}) => chunk as Buffer)), callback);
			}
		},
	});

	function settle(): void {
		if (stream.writableLength > 0) {
			return;
		}
		const ready = waiting;
		waiting = [];
		for (const resolve of ready) {
			resolve();
		}
	}

	const end = stream.write.bind(stream);
	// After every write there is a moment when nothing is left; Node's own 'drain' comes only after a full buffer.
	stream.write = ((chunk: string | Buffer, ...rest: unknown[]): boolean => {
		const callback = rest.find(each => typeof each === 'function') as ((error?: Error | null) => void) | undefined;
		const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : 'utf8';
		return end(chunk, encoding, error => {
			callback?.(error);
			settle();
		});
	}) as typeof stream.write;

	function onResize(): void {
		clearTimeout(resizeTimer);
		resizeTimer = setTimeout(() => stream.emit('resize'), resizeDelayMs);
	}

	terminal.on('resize', onResize);

	function writeNow(text: string): void {
		let data = Buffer.from(text);
		const until = Date.now() + writeNowMs;
		while (data.length > 0 && !isGone) {
			try {
				data = data.subarray(writeSync(fd, data));
			} catch (error) {
				if (!isAgain(error)) {
					gone(error as NodeJS.ErrnoException);
				} else if (Date.now() > until) {
					return;
				}
				sleep(shortestRetryMs);
			}
		}
	}

	return Object.defineProperties(stream, {
		isTTY: {value: true},
		columns: {get: () => terminal.columns || 80},
		rows: {get: () => terminal.rows || 24},
		drained: {get: () => stream.writableLength === 0},
		bytes: {get: () => bytes},
		whenDrained: {
			value: () =>
				stream.writableLength === 0 ? Promise.resolve() : new Promise<void>(resolve => waiting.push(resolve)),
		},
		stop: {
			value: () => {
				isStopped = true;
				era++;
			},
		},
		restart: {
			value: () => {
				isStopped = false;
			},
		},
		writeNow: {value: writeNow},
		release: {
			value: () => {
				isStopped = true;
				clearTimeout(resizeTimer);
				clearTimeout(retryTimer);
				terminal.off('resize', onResize);
				if (ownFd !== undefined) {
					closeSync(ownFd);
				}
			},
		},
	}) as unknown as TerminalOutput;
}
