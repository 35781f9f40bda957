/** A file that is written to, as `tail -F` reads it: it may grow, be truncated, or be rotated away and made again. */
import {closeSync, fstatSync, openSync, readSync, statSync} from 'node:fs';
import {Readable} from 'node:stream';

const chunkBytes = 256 * 1024;
const pollMs = 100;
const newline = 0x0a;

/** Never ends. Throws the error of the system if the file is not there at the start. */
export function followFile(file: string): Readable {
	return new FollowedFile(file);
}

class FollowedFile extends Readable {
	readonly #path: string;
	#fd: number;
	#offset = 0;
	#lastByte = newline;
	#timer: NodeJS.Timeout | undefined;

	constructor(file: string) {
		super({highWaterMark: chunkBytes});
		this.#path = file;
		this.#fd = openSync(file, 'r');
	}

	override _read(): void {
		this.#ask();
	}

	override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
		clearTimeout(this.#timer);
		closeSync(this.#fd);
		callback(error);
	}

	#ask(): void {
		try {
			if (this.#readOn() || (this.#changed() && this.#readOn())) {
				return;
			}
		} catch (error) {
			this.destroy(error as Error);
			return;
		}

		this.#timer = setTimeout(() => this.#ask(), pollMs);
	}

	/** Gives what the file has after the last byte; false: nothing. */
	#readOn(): boolean {
		const chunk = Buffer.allocUnsafe(chunkBytes);
		const count = readSync(this.#fd, chunk, 0, chunkBytes, this.#offset);
		if (count === 0) {
			return false;
		}

		// A line that was not ended before the file changed is not the start of the next.
		const isTorn = this.#offset === 0 && this.#lastByte !== newline;
		this.#offset += count;
		this.#lastByte = chunk[count - 1] as number;
		const part = chunk.subarray(0, count);
		this.push(isTorn ? Buffer.concat([Buffer.from('\n'), part]) : part);
		return true;
	}

	/** Whether the file was truncated, or another has its name: then that is read from its beginning. */
	#changed(): boolean {
		const named = statSync(this.#path, {throwIfNoEntry: false});
		const own = fstatSync(this.#fd);
		if (own.size !== this.#offset) {
			// What was written before the file was rotated away comes first.
			this.#offset = own.size < this.#offset ? 0 : this.#offset;
			return true;
		}

		if (named === undefined || (named.ino === own.ino && named.dev === own.dev)) {
			return false;
		}

		const next = openSync(this.#path, 'r');
		closeSync(this.#fd);
		this.#fd = next;
		this.#offset = 0;
		return true;
	}
}
