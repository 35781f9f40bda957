/** Fills a ProcessOutline from the bytes of a Process message. readProcessFacts reads the whole message, when a screen shows it. */
import type {ProcessOutline} from '../event/process-outline.js';
import {interned} from './intern.js';
import {readSecondsNanos} from './timestamp.js';
import {type Cursor, lengthEnd, skip, varint32, varintNumber} from './wire.js';

const cursor: Cursor = {bytes: Buffer.alloc(0), at: 0, end: 0};

/** Never throws: of bytes that break off, the fields before the break are kept, as by readProcessFacts. Returns `outline`. */
export function readOutline(
	outline: ProcessOutline,
	bytes: Buffer,
	start: number,
	end: number,
	execId: string,
	pid: number,
): ProcessOutline {
	outline.execId = execId;
	outline.parentExecId = '';
	outline.pid = pid;
	outline.flags = '';
	outline.startMs = Number.NaN;
	outline.execProbe = false;
	outline.hasPod = false;
	outline.bytes = bytes;
	outline.start = start;
	outline.end = end;
	outline.podStart = 0;
	outline.podNamesEnd = 0;
	outline.containerStart = 0;
	outline.containerNamesEnd = 0;
	cursor.bytes = bytes;
	cursor.at = start;
	cursor.end = end;
	try {
		readProcess(outline, end);
	} catch {
		// The tree can use half a process, so the fields that were read are kept.
	}

	return outline;
}

function readProcess(outline: ProcessOutline, end: number): void {
	const {bytes} = outline;
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
				outline.flags = interned(bytes, cursor.at, to);
				break;
			}

			case 8: {
				cursor.end = to;
				const [seconds, nanos] = readSecondsNanos(cursor);
				outline.startMs = seconds * 1000 + nanos / 1_000_000;
				break;
			}

			case 10: {
				readPod(outline, to);
				break;
			}

			case 11: {
				takeDocker(outline, to);
				break;
			}

			case 12: {
				// Agents write fields in the order of their numbers, and only a screen needs those after this one.
				outline.parentExecId = interned(bytes, cursor.at, to);
				return;
			}

			default:
		}

		cursor.at = to;
		cursor.end = end;
	}
}

function readPod(outline: ProcessOutline, end: number): void {
	outline.podStart = cursor.at;
	outline.podNamesEnd = cursor.at;
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
			outline.hasPod ||= field === 2 && to > cursor.at;
			outline.podNamesEnd = to;
		} else if (field === 4) {
			// After it come labels and the workload that owns the pod: the pod's name implies them.
			readContainer(outline, to);
			return;
		}

		cursor.at = to;
	}
}

/** The start of the container's id: all that is known of a container without a pod. The group cache finds it by these bytes. */
function takeDocker(outline: ProcessOutline, end: number): void {
	if (outline.containerNamesEnd > outline.containerStart || end === cursor.at) {
		return;
	}

	outline.containerStart = cursor.at;
	outline.containerNamesEnd = end;
	if (outline.podStart === 0) {
		outline.podStart = cursor.at;
		outline.podNamesEnd = cursor.at;
	}
}

function readContainer(outline: ProcessOutline, end: number): void {
	outline.containerStart = cursor.at;
	outline.containerNamesEnd = cursor.at;
	cursor.end = end;
	while (cursor.at < end) {
		const tag = varint32(cursor);
		if (tag === 0x68) {
			outline.execProbe = varintNumber(cursor) !== 0;
			continue;
		}

		if ((tag & 7) !== 2) {
			skip(cursor, tag);
			continue;
		}

		const to = lengthEnd(cursor);
		if (tag >>> 3 <= 2) {
			outline.containerNamesEnd = to;
		}

		cursor.at = to;
	}
}
