import type {Deaths} from './deaths.js';
import type {Image, Lineage} from './lineage.js';
import type {Waiting} from './waiting.js';

/** What the table holds of one node: exec_ids are unique per node and boot, not over a fleet of equal recordings. */
export type NodeTable = {
	readonly images: Map<string, Image>;
	readonly running: Map<number, Lineage>;
	readonly waiting: Waiting;
	readonly deaths: Deaths;
};

/** Those that nobody needs, the longest silent first. */
export const silentFirst = (
	tables: ReadonlyArray<NodeTable | undefined>,
	held: (lineage: Lineage) => boolean,
): Lineage[] =>
	tables
		.flatMap(table => [...(table?.running.values() ?? [])])
		.filter(lineage => lineage.kin === 0 && !held(lineage))
		.sort((a, b) => a.current.lastMs - b.current.lastMs);
