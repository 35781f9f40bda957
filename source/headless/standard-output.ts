/**
Standard output whose writes wait in a thread of the pool. process.stdout writes to pipes and terminals synchronously on
Linux: a `less` that waits for a key would block the whole program, and the agent would drop events.
*/
import {constants, fstatSync, openSync, write} from 'node:fs';
import {Writable} from 'node:stream';

/** Milliseconds until the next try on a pipe that is full. */
const againMs = 4;

/**
A pipe is opened once more, so that a write to a full one returns at once: a thread that waits for the reader would keep the
program from ending. The description of the shell stays as it is.
*/
function nonBlocking(descriptor: number): number {
	try {
		if (process.platform === 'linux' && fstatSync(descriptor).isFIFO()) {
			return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK);
		}
	} catch {
		// There is no /proc, or the pipe belongs to another user.
	}

	return descriptor;
}

/** Never closes the descriptor. What waits when the stream is destroyed is dropped. */
export function standardOutput(standard = 1): Writable {
	const descriptor = nonBlocking(standard);
	const stream: Writable = new Writable({
		highWaterMark: 1024 * 1024,
		write(chunk: Buffer, _encoding, done) {
			writeAll(stream, descriptor, chunk, done);
		},
	});
	return stream;
}

function writeAll(stream: Writable, descriptor: number, bytes: Buffer, done: (error?: Error | null) => void): void {
	if (stream.destroyed) {
		done();
		return;
	}

	write(descriptor, bytes, (error, written) => {
		if (error?.code === 'EAGAIN') {
			setTimeout(writeAll, againMs, stream, descriptor, bytes, done);
		} else if (error !== null || written === bytes.length) {
			done(error);
		} else {
			writeAll(stream, descriptor, bytes.subarray(written), done);
		}
	});
}
