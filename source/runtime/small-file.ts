/**
Reads a file that a person has named and that should be small: a kubeconfig, a certificate, a token. A device without an end
and a named pipe without a writer must not hold up the program.
*/
import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';

const largestBytes = 16 * 1024 * 1024;
/** Longest wait for the writer of a pipe, such as `<(command)`. */
const waitMs = 1500;
const napMs = 10;

/** What came through pipes, or why nothing came: a pipe can be read once, and a kubeconfig is read more often. */
const piped = new Map<string, Buffer | Error>();

/** Returns the text. Throws the error of the system, or an Error in words for a file without an end. */
export function readSmallFile(path: string): string {
	return readSmallBytes(path).toString('utf8');
}

/** The same as bytes. */
export function readSmallBytes(path: string): Buffer {
	const known = piped.get(path);
	if (known instanceof Error) {
		throw known;
	}

	if (known !== undefined) {
		return known;
	}

	const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		if (!fstatSync(fd).isFIFO()) {
			return readAll(fd);
		}

		try {
			piped.set(path, readAll(fd));
		} catch (error) {
			piped.set(path, error as Error);
		}

		return readSmallBytes(path);
	} finally {
		closeSync(fd);
	}
}

function readAll(fd: number): Buffer {
	const chunks: Buffer[] = [];
	const until = performance.now() + waitMs;
	let bytes = 0;
	for (;;) {
		const chunk = Buffer.allocUnsafe(64 * 1024);
		let count = readNow(fd, chunk);
		if (count === 0 && bytes === 0 && fstatSync(fd).isFIFO()) {
			// Nobody has opened it for writing yet.
			count = undefined;
		}

		if (count === 0) {
			return Buffer.concat(chunks);
		}

		if (count === undefined) {
			if (performance.now() > until) {
				throw new Error(`it is a pipe that brought nothing, or no end, in ${waitMs / 1000} s`);
			}

			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, napMs);
			continue;
		}

		bytes += count;
		if (bytes > largestBytes) {
			throw new Error(`it is larger than ${largestBytes >> 20} MiB`);
		}

		chunks.push(chunk.subarray(0, count));
	}
}

/** undefined: there is a writer, and nothing to read yet. */
function readNow(fd: number, chunk: Buffer): number | undefined {
	try {
		return readSync(fd, chunk);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
			return undefined;
		}

		throw error;
	}
}
