/**
Everything one painted frame may read: plain numbers, and readers that cost only what is on screen. A pause keeps the old
picture; the store goes on.
*/
import type {KillGroup} from '../store/kill.js';
import type {Process} from '../store/process.js';
import type {FeedRow, KillTotals, NodeStatus, Problem, Totals, TreeRow} from '../store/snapshot.js';
import type {Event} from '../tetragon/event.js';

export type RowReader<Row> = {readonly length: number; readonly at: (index: number) => Row | undefined};

export type Picture = {
	readonly nowMs: number;
	readonly totals: Totals;
	readonly kills: KillTotals;
	/** Kill groups in the order of the pane, filtered by the chips. */
	readonly killRows: RowReader<KillGroup> & {readonly indexOf: (id: string) => number};
	readonly nodes: readonly NodeStatus[];
	readonly problems: readonly Problem[];
	readonly feed: RowReader<FeedRow> & {
		/** Events in the buffer, shown or not. */
		readonly total: number;
		/** Index of the row with this sequence number, or of the next after it. */
		readonly indexOf: (seq: number) => number;
		/** 0…1 while a new filter still reads the buffer. */
		readonly progress: number;
	};
	readonly tree: RowReader<TreeRow> & {readonly indexOf: (id: string) => number; readonly pods: number; readonly processes: number};
	/** Decodes one event of the buffer, or of a kill after the buffer forgot it. */
	readonly event: (seq: number) => Event | undefined;
	readonly chainOf: (process: Process) => readonly Process[];
};
