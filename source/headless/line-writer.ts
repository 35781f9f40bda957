/**
Lines to a stream, in batches of bytes whose memory is used again. No line is dropped and nothing blocks: every source asks
`drained()` after each event or chunk and gives no more until it resolves. So what waits here is bounded by `highWater` and
one chunk of each source.
*/
import type {Writable} from 'node:stream';
import {ByteText} from '../runtime/byte-text.js';

const batchBytes = 128 * 1024;
/** Of the buffer of a batch: room for the line that fills it. */
const bufferBytes = batchBytes + 32 * 1024;
/** Bytes that may wait; above this, sources wait. */
const highWater = 1024 * 1024;
/** Buffers that are kept for the next batches. */
const mostSpare = 4;

const lineFeed = 0x0a;

function writeText(out: ByteText, text: string): void {
	out.text(text);
}

export class LineWriter {
	/** Lines handed over to the stream or waiting for it. */
	lines = 0;
	/** The reader closed the pipe, or writing failed: no further line is written. */
	closed = false;
	/** The error in words; undefined where the reader only closed the pipe. */
	failure: string | undefined;

	readonly #stream: Writable;
	#batch = new ByteText(bufferBytes);
	readonly #spare: ByteText[] = [];
	/** Bytes written and not yet taken by the stream. */
	#waiting = 0;
	#scheduled = false;
	#wakers: Array<() => void> = [];
	readonly #left: Promise<void>;
	#leave: () => void = () => {};

	constructor(stream: Writable) {
		this.#stream = stream;
		this.#left = new Promise(resolve => {
			this.#leave = resolve;
		});
		stream.on('error', (error: NodeJS.ErrnoException) => {
			this.#close(isQuiet(error) ? undefined : error.message);
		});
		stream.on('close', () => {
			this.#close(undefined);
		});
	}

	/** One event's text, without its last line feed. */
	write(text: string): void {
		this.add(writeText, text);
	}

	/**
	The text that `write` makes of `value`, without its last line feed. Returns what `write` returns; undefined
	once the reader has left. Throws what `write` throws, and then nothing is written.
	*/
	add<Value, Result>(write: (out: ByteText, value: Value) => Result, value: Value): Result | undefined {
		if (this.closed) {
			return undefined;
		}

		const result = this.#batch.add(write, value);
		this.#batch.byte(lineFeed);
		this.lines++;
		if (this.#batch.at >= batchBytes) {
			this.#flush();
		} else if (!this.#scheduled) {
			this.#scheduled = true;
			setImmediate(() => {
				this.#scheduled = false;
				this.#flush();
			});
		}

		return result;
	}

	/** Resolves when there is room again, or when the reader has closed the pipe; undefined: there is room now. */
	drained(): Promise<void> | undefined {
		if (this.closed || this.#waiting + this.#batch.at < highWater) {
			return undefined;
		}

		this.#flush();
		return new Promise(resolve => {
			this.#wakers.push(resolve);
		});
	}

	/** Resolves when the reader has closed the pipe or writing has failed. */
	get left(): Promise<void> {
		return this.#left;
	}

	/** Writes the waiting lines; resolves when they are written or cannot be. The stream itself stays open. */
	async end(): Promise<void> {
		this.#flush();
		while (!this.closed && this.#waiting > 0) {
			await new Promise<void>(resolve => {
				this.#wakers.push(resolve);
			});
		}
	}

	/** Drops what the reader has not taken yet. */
	abandon(): void {
		this.#close(undefined);
		this.#stream.destroy();
	}

	#flush(): void {
		const batch = this.#batch;
		const length = batch.at;
		if (length === 0 || this.closed) {
			return;
		}

		this.#batch = this.#spare.pop() ?? new ByteText(bufferBytes);
		this.#waiting += length;
		this.#stream.write(batch.bytes.subarray(0, length), error => {
			this.#waiting -= length;
			if (error === null || error === undefined) {
				this.#keep(batch);
				this.#wake();
			}
		});
	}

	/** A buffer that grew for a long line is not kept. */
	#keep(batch: ByteText): void {
		if (batch.bytes.length === bufferBytes && this.#spare.length < mostSpare) {
			batch.at = 0;
			this.#spare.push(batch);
		}
	}

	#close(failure: string | undefined): void {
		this.failure ??= failure;
		this.closed = true;
		this.#batch.at = 0;
		this.#leave();
		this.#wake();
	}

	#wake(): void {
		const wakers = this.#wakers;
		this.#wakers = [];
		for (const wake of wakers) {
			wake();
		}
	}
}

/** A reader that closes the pipe early, as head does, is no error. */
function isQuiet({code}: NodeJS.ErrnoException): boolean {
	return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED';
}
