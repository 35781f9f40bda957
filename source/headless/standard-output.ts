/**
Standard output that never blocks the program: a `less` that waits for a key would stop it, and the agent would drop events.
process.stdout writes to pipes and terminals synchronously on Linux. Here a pipe is written to at once as far as it has room,
and anything else in a thread of the pool, except devices that take everything, as /dev/null.
*/
import {constants, fstatSync, openSync, write, writeSync} from 'node:fs';
import {Writable} from 'node:stream';

/** Milliseconds until the next try on a pipe that is full, and until those after some tries. */
const soonMs = 1;
const laterMs = 4;
const soonTries = 8;

/** Linux: the major number of /dev/null, /dev/full and their like. */
const memoryDevices = 1;

type Destination = {
	readonly descriptor: number;
	/** A write never waits, so it needs no thread, which costs more than the write. */
	readonly isQuick: boolean;
};

/**
A pipe is opened once more, so that a write to a full one returns at once: a thread that waits for the reader would keep the
program from ending. The description of the shell stays as it is.
*/
function destination(descriptor: number): Destination {
	try {
		const status = fstatSync(descriptor);
		if (process.platform === 'linux' && status.isFIFO()) {
			const own = openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK);
			return {descriptor: own, isQuick: true};
		}

		const isQuick = process.platform === 'linux' && status.isCharacterDevice() && status.rdev >> 8 === memoryDevices;
		return {descriptor, isQuick};
	} catch {
		// There is no /proc, or the pipe belongs to another user.
	}

	return {descriptor, isQuick: false};
}

/** Never closes the descriptor. What waits when the stream is destroyed is dropped. */
export function standardOutput(standard = 1): Writable {
	const {descriptor, isQuick} = destination(standard);
	const writeAll = isQuick ? writeQuickly : writeInThread;
	const stream: Writable = new Writable({
		highWaterMark: 1024 * 1024,
		write(chunk: Buffer, _encoding, done) {
			writeAll(stream, descriptor, chunk, done);
		},
	});
	return stream;
}

type Done = (error?: Error | null) => void;

function writeQuickly(stream: Writable, descriptor: number, bytes: Buffer, done: Done, tries = 0): void {
	let written = 0;
	try {
		while (!stream.destroyed && written < bytes.length) {
			written += writeSync(descriptor, bytes, written);
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
			done(error as Error);
			return;
		}

		const next = written === 0 ? tries + 1 : 1;
		const afterMs = next <= soonTries ? soonMs : laterMs;
		setTimeout(writeQuickly, afterMs, stream, descriptor, bytes.subarray(written), done, next);
		return;
	}

	done();
}

function writeInThread(stream: Writable, descriptor: number, bytes: Buffer, done: Done): void {
	if (stream.destroyed) {
		done();
		return;
	}

	write(descriptor, bytes, (error, written) => {
		if (error?.code === 'EAGAIN') {
			setTimeout(writeInThread, laterMs, stream, descriptor, bytes, done);
		} else if (error !== null || written === bytes.length) {
			done(error);
		} else {
			writeInThread(stream, descriptor, bytes.subarray(written), done);
		}
	});
}
