/**
Standard output whose writes wait in a thread of the pool. process.stdout writes to pipes and terminals synchronously on
Linux: a `less` that waits for a key would block the whole program, and the agent would drop events.
*/
import {write} from 'node:fs';
import {Writable} from 'node:stream';

/** Milliseconds until the next try on a descriptor that another program has made non-blocking. */
const againMs = 2;

/** Never closes the descriptor. */
export function standardOutput(descriptor = 1): Writable {
	return new Writable({
		highWaterMark: 1024 * 1024,
		write(chunk: Buffer, _encoding, done) {
			writeAll(descriptor, chunk, done);
		},
		writev(chunks, done) {
			writeAll(descriptor, Buffer.concat(chunks.map(({chunk}) => chunk as Buffer)), done);
		},
	});
}

function writeAll(descriptor: number, bytes: Buffer, done: (error?: Error | null) => void): void {
	write(descriptor, bytes, (error, written) => {
		if (error?.code === 'EAGAIN') {
			setTimeout(writeAll, againMs, descriptor, bytes, done);
		} else if (error !== null || written === bytes.length) {
			done(error);
		} else {
			writeAll(descriptor, bytes.subarray(written), done);
		}
	});
}
