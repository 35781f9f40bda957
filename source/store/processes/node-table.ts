import type {ExpiryQueue} from './expiry-queue.js';
import type {ExecImage, Lineage} from './lineage.js';
import type {Orphans} from './orphans.js';

/** What the table holds of one node: exec_ids are unique per node and boot, not over a fleet of equal recordings. */
export type NodeTable = {
	readonly images: Map<string, ExecImage>;
	readonly running: Map<number, Lineage>;
	readonly orphans: Orphans;
	readonly expiry: ExpiryQueue;
};

/** Of those that nobody needs the `count` that were silent longest. */
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

	// Bare numbers sort ten times as fast as what they are of, and a table that stays full is sorted often.
	const last = Float64Array.from(free, ({current}) => current.lastMs).sort();
	const latest = last[count - 1]!;
	return free.filter(({current}) => current.lastMs <= latest).slice(0, count);
}
