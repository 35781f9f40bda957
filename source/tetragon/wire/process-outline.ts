/**
What the process table must know of a process at once, read from its bytes without making a string of anything that only a
screen wants. The whole is read by readProcessFacts when somebody looks at it. One instance is reused for every event.
*/
import {interned} from './intern.js';
import {readSecondsNanos} from './timestamp.js';
import {type Cursor, lengthEnd, skip, varint32, varintNumber} from './wire.js';

export class ProcessOutline {
	execId = '';
	parentExecId = '';
	pid = 0;
	flags = '';
	startMs = Number.NaN;
	execProbe = false;
	/** The agent knows the pod by its name. */
	hasPod = false;
	/** The Process message lies in [start, end). */
	bytes: Buffer = Buffer.alloc(0);
	start = 0;
	end = 0;
	/** Its pod: namespace and name lie in [podStart, podNamesEnd), id and name of the container in [containerStart, containerNamesEnd). */
	podStart = 0;
	podNamesEnd = 0;
	containerStart = 0;
	containerNamesEnd = 0;
	readonly #cursor: Cursor = {bytes: this.bytes, at: 0, end: 0};

	/** Never throws: of bytes that break off, what came before is kept, as by readProcessFacts. */
	read(bytes: Buffer, start: number, end: number, execId: string, pid: number): this {
		this.execId = execId;
		this.parentExecId = '';
		this.pid = pid;
		this.flags = '';
		this.startMs = Number.NaN;
		this.execProbe = false;
		this.hasPod = false;
		this.bytes = bytes;
		this.start = start;
		this.end = end;
		this.podStart = 0;
		this.podNamesEnd = 0;
		this.containerStart = 0;
		this.containerNamesEnd = 0;
		const cursor = this.#cursor;
		cursor.bytes = bytes;
		cursor.at = start;
		cursor.end = end;
		try {
			this.#process(cursor, end);
		} catch {
			// Half a process is worth more to the tree than none.
		}

		return this;
	}

	#process(cursor: Cursor, end: number): void {
		const {bytes} = cursor;
		while (cursor.at < end) {
			const tag = varint32(cursor);
			if ((tag & 7) !== 2) {
				skip(cursor, tag);
				continue;
			}

			cursor.end = end;
			const to = lengthEnd(cursor);
			switch (tag >>> 3) {
				case 7: {
					this.flags = interned(bytes, cursor.at, to);
					break;
				}

				case 8: {
					cursor.end = to;
					const [seconds, nanos] = readSecondsNanos(cursor);
					this.startMs = seconds * 1000 + nanos / 1_000_000;
					break;
				}

				case 10: {
					this.#pod(cursor, to);
					break;
				}

				case 12: {
					// Agents write fields in the order of their numbers; what follows is for nobody but a screen.
					this.parentExecId = interned(bytes, cursor.at, to);
					return;
				}

				default:
			}

			cursor.at = to;
			cursor.end = end;
		}
	}

	#pod(cursor: Cursor, end: number): void {
		this.podStart = cursor.at;
		this.podNamesEnd = cursor.at;
		cursor.end = end;
		while (cursor.at < end) {
			const tag = varint32(cursor);
			if ((tag & 7) !== 2) {
				skip(cursor, tag);
				continue;
			}

			const to = lengthEnd(cursor);
			const field = tag >>> 3;
			if (field <= 2) {
				this.hasPod ||= field === 2 && to > cursor.at;
				this.podNamesEnd = to;
			} else if (field === 4) {
				// Behind it stand labels and the workload that owns the pod: they go with its name.
				this.#container(cursor, to);
				return;
			}

			cursor.at = to;
		}
	}

	#container(cursor: Cursor, end: number): void {
		this.containerStart = cursor.at;
		this.containerNamesEnd = cursor.at;
		cursor.end = end;
		while (cursor.at < end) {
			const tag = varint32(cursor);
			if (tag === 0x68) {
				this.execProbe = varintNumber(cursor) !== 0;
				continue;
			}

			if ((tag & 7) !== 2) {
				skip(cursor, tag);
				continue;
			}

			const to = lengthEnd(cursor);
			if (tag >>> 3 <= 2) {
				this.containerNamesEnd = to;
			}

			cursor.at = to;
		}
	}
}
