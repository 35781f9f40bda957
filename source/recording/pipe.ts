/**
A pipe as a stream that can be closed at any time. Node opens and reads a named pipe in a thread that waits for the writer,
and a program with such a thread cannot end. Here nothing waits: the pipe is asked again and again.
*/
import {closeSync, constants, openSync, readlinkSync, readSync} from 'node:fs';
import {Readable} from 'node:stream';

const chunkBytes = 64 * 1024;
const [shortestNapMs, longestNapMs] = [2, 32];

/** Opens the pipe; throws the error of the system. */
export function openPipe(path: string): Readable {
	return new Pipe(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
}

class Pipe extends Readable {
	readonly #fd: number;
	/** A named pipe seems to be at its end until somebody has opened it for writing. */
	#isBegun: boolean;
	#timer: NodeJS.Timeout | undefined;

	constructor(fd: number) {
		super({highWaterMark: chunkBytes});
		this.#fd = fd;
		this.#isBegun = isUnnamed(fd);
	}

	override _read(): void {
		this.#ask(shortestNapMs);
	}

	override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
		clearTimeout(this.#timer);
		closeSync(this.#fd);
		callback(error);
	}

	#ask(napMs: number): void {
		const chunk = Buffer.allocUnsafe(chunkBytes);
		let count = 0;
		try {
			count = readSync(this.#fd, chunk);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
				this.destroy(error as Error);
				return;
			}

			this.#isBegun = true;
			this.#askLater(napMs);
			return;
		}

		if (count > 0) {
			this.#isBegun = true;
			this.push(chunk.subarray(0, count));
		} else if (this.#isBegun) {
			this.push(null);
		} else {
			this.#askLater(napMs);
		}
	}

	#askLater(napMs: number): void {
		this.#timer = setTimeout(() => this.#ask(Math.min(longestNapMs, napMs * 2)), napMs);
	}
}

/** The pipe of a shell, `a | b` or `<(a)`: it has had a writer. */
function isUnnamed(fd: number): boolean {
	try {
		return readlinkSync(`/proc/self/fd/${fd}`).startsWith('pipe:');
	} catch {
		return false;
	}
}
