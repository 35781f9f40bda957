/**
Lines to a stream, in batches. No line is dropped and nothing blocks: every source asks `drained()` after each event or
chunk and gives no more until it resolves. So what waits here is bounded by `highWater` and one chunk of each source.
*/
import type {Writable} from 'node:stream';

const batchLength = 64 * 1024;
/** UTF-16 units that may wait; above this, sources wait. */
const highWater = 1024 * 1024;

export class LineWriter {
	/** Lines handed over to the stream or waiting for it. */
	lines = 0;
	/** The reader closed the pipe, or writing failed: no further line is written. */
	closed = false;
	/** The error in words; undefined where the reader only closed the pipe. */
	failure: string | undefined;

	readonly #stream: Writable;
	#batch = '';
	/** UTF-16 units written and not yet taken by the stream. */
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
		if (this.closed) {
			return;
		}

		this.lines++;
		this.#batch += `${text}\n`;
		if (this.#batch.length >= batchLength) {
			this.#flush();
		} else if (!this.#scheduled) {
			this.#scheduled = true;
			setImmediate(() => {
				this.#scheduled = false;
				this.#flush();
			});
		}
	}

	/** Resolves when there is room again, or when the reader has closed the pipe; undefined: there is room now. */
	drained(): Promise<void> | undefined {
		if (this.closed || this.#waiting + this.#batch.length < highWater) {
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
		const text = this.#batch;
		if (text === '' || this.closed) {
			return;
		}

		this.#batch = '';
		this.#waiting += text.length;
		this.#stream.write(text, error => {
			this.#waiting -= text.length;
			if (error === null || error === undefined) {
				this.#wake();
			}
		});
	}

	#close(failure: string | undefined): void {
		this.failure ??= failure;
		this.closed = true;
		this.#batch = '';
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
