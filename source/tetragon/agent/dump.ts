/**
The process cache, as GetDebug answers it: GetDebugResponse.processes.processes[]. A full cache is 65 536 entries and tens
of megabytes, so it is cut into entries here and decoded a slice at a time, and the event stream is read in between.
*/
import {inSlices} from '../../runtime/slices.js';
import type {ProcessMessage} from '../event/event.js';
import {decodeMessage} from '../wire/decode.js';
import {asBuffer, cursorOver, lengthEnd, skip, varint32} from '../wire/wire.js';
import type {DumpedProcess} from './link.js';

/** Entries that are read. An agent's default is 65 536; the entries of a hostile one may have a few bytes each. */
export const mostDumped = 500_000;

const processesOfResponse = 3;
const processesOfDump = 1;

/** Entries that cannot be read are left out: one of them must not cost the tree. */
export async function readDump(bytes: Buffer): Promise<readonly DumpedProcess[]> {
	const processes: DumpedProcess[] = [];
	await inSlices(readEntries(bytes, processes));
	return processes;
}

/** Adds the processes of a GetDebugResponse; a step for each entry. */
function* readEntries(bytes: Buffer, processes: DumpedProcess[]): Generator<undefined> {
	for (const dump of subMessages(bytes, processesOfResponse)) {
		for (const entry of subMessages(dump, processesOfDump)) {
			const process = readEntry(entry);
			if (process) {
				processes.push(process);
			}

			if (processes.length >= mostDumped) {
				return;
			}

			yield;
		}
	}
}

function readEntry(bytes: Buffer): DumpedProcess | undefined {
	try {
		return dumpedProcess(decodeMessage('ProcessInternal', bytes) as ProcessInternal);
	} catch {
		return undefined;
	}
}

/** A ProcessInternal in JSON names, as `tetra debug dump processcache` prints one per line. */
export type ProcessInternal = {
	readonly process?: ProcessMessage;
	readonly color?: string;
	readonly refcnt?: number;
	readonly refcnt_ops?: Readonly<Record<string, number>>;
};

/**
The cache has no field for "alive": refcnt stays above zero for a dead parent of living children. The process's own reference
shows it: refcnt_ops counts `process++` at exec and `process--` at exit, so it is alive while the first is greater.
*/
export function dumpedProcess(entry: ProcessInternal): DumpedProcess | undefined {
	if (!entry.process?.exec_id) {
		return undefined;
	}

	if (entry.refcnt_ops === undefined) {
		return {process: entry.process, alive: entry.color === 'inUse'};
	}

	const taken = Number(entry.refcnt_ops['process++'] ?? 0);
	const given = Number(entry.refcnt_ops['process--'] ?? 0);
	return {process: entry.process, alive: taken - given > 0};
}

/** The values of a repeated message field, without decoding them. */
function* subMessages(bytes: Uint8Array, field: number): Generator<Buffer> {
	const buffer = asBuffer(bytes);
	const cursor = cursorOver(buffer);
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === ((field << 3) | 2)) {
			const end = lengthEnd(cursor);
			yield buffer.subarray(cursor.at, end);
			cursor.at = end;
		} else {
			skip(cursor, tag);
		}
	}
}
