import type {ExpiryQueue} from './expiry-queue.js';
import type {ExecImage, Lineage} from './lineage.js';
import type {Orphans} from './orphans.js';

/** The process table of one node. exec_ids are unique for a node and boot only: a fleet may replay equal recordings. */
export type NodeTable = {
	readonly images: Map<string, ExecImage>;
	readonly running: Map<number, Lineage>;
	readonly orphans: Orphans;
	readonly expiry: ExpiryQueue;
};

/** The `count` running lineages without an event for the longest time, among those that nothing needs. */
export function longestSilent(
	tables: ReadonlyArray<NodeTable | undefined>,
	held: (lineage: Lineage) => boolean,
	count: number,
): Lineage[] {
	const free: Lineage[] = [];
	for (const table of tables) {
		for (const lineage of table?.running.values() ?? []) {
			if (lineage.childCount === 0 && !held(lineage)) {
				free.push(lineage);
			}
		}
	}

	if (free.length <= count) {
		return free;
	}

	// Numbers sort ten times as fast as objects, and a full table is sorted often.
	const last = Float64Array.from(free, ({current}) => current.lastMs).sort();
	const latest = last[count - 1]!;
	return free.filter(({current}) => current.lastMs <= latest).slice(0, count);
}
