/**
Everything one painted frame may read: plain numbers, and readers that cost only what is on screen. A pause keeps the old
picture; the store goes on.
*/

import type {Problem} from '../../problem.js';
import type {Known} from '../../query/meaning.js';
import type {Death} from '../../store/death.js';
import type {Process} from '../../store/processes/process.js';
import type {AlertGroup, DeathGroup, FeedRow, KillTotals, NodeStatus, Totals, TreeRow} from '../../store/snapshot.js';
import type {Event} from '../../tetragon/event/event.js';
import type {ShownPolicy} from './shown-policies.js';
import type {Candidate} from './state.js';

export type RowReader<Row> = {readonly length: number; readonly at: (index: number) => Row | undefined};

export type Timeline = {
	readonly cellMs: number;
	/** Time at which the last cell begins. */
	readonly lastCellMs: number;
	readonly all: readonly number[];
	readonly shown: readonly number[];
	readonly kills: readonly number[];
	/** Events lost or seconds of a gap in the cell: anything above 0 is drawn. */
	readonly lost: readonly number[];
};

/** What each chip hides by itself. */
export type ChipCounts = {
	/** Events of the buffer, in the order of the chips; undefined while they are counted. */
	readonly hides: readonly (number | undefined)[];
	/** Pods whose names are like one that no event has. Raw. */
	readonly meant: readonly string[];
};

export type Picture = {
	readonly nowMs: number;
	readonly totals: Totals;
	readonly kills: KillTotals;
	/** Kill groups in the order of the pane, filtered by the chips. */
	readonly killRows: RowReader<AlertGroup> & {readonly indexOf: (id: string) => number};
	/** Ends of processes and containers that no policy caused, newest first. */
	readonly deaths: readonly DeathGroup[];
	/** The program was started for a target: its deaths are what the user came for. */
	readonly hasTarget: boolean;
	readonly nodes: readonly NodeStatus[];
	readonly problems: readonly Problem[];
	/** Its rows may be folded: several equal ones as the newest of them. */
	readonly feed: RowReader<FeedRow> & {
		/** How many events the row stands for. */
		readonly countAt: (index: number) => number;
		/** The rows without folding. */
		readonly unfolded: RowReader<FeedRow>;
		/** Events in the buffer, shown or not. */
		readonly total: number;
		/** Events that the filter shows, rules left out. */
		readonly shown: number;
		/** Index of the row with this sequence number, or of the next after it. */
		readonly indexOf: (seq: number) => number;
		/** A row by its number, shown or not; undefined: no longer in the buffer. */
		readonly rowOf: (seq: number) => FeedRow | undefined;
		/** 0…1 while a new filter still reads the buffer. */
		readonly progress: number;
		/** Whether the highlight marks this row. */
		readonly matches: (index: number) => boolean;
	};
	readonly tree: RowReader<TreeRow> & {
		readonly indexOf: (id: string) => number;
		/** Ids of the groups and processes that a process hangs below, outermost first. */
		readonly pathOf: (process: Process) => readonly string[];
		readonly pods: number;
		readonly processes: number;
	};
	/** Merged over the nodes, with what the cluster has. */
	readonly policies: readonly ShownPolicy[];
	/** What the cluster and the agents do not agree about; foreign text may be in it. */
	readonly policySentences: readonly string[];
	/** While a filter is typed: pods that match, best first, and of how many. */
	readonly candidates: {
		readonly rows: readonly Candidate[];
		readonly total: number;
		/** The bare word that is typed, as a text: the events that say it so far, and whether Enter takes it as one. */
		readonly text: {readonly events: number; readonly isAll: boolean; readonly isMeant: boolean} | undefined;
	};
	/** What decides what a filter means when it is made. */
	readonly known: Known;
	/** The events that the search marks; undefined: nothing is searched. */
	readonly search:
		| {
				readonly hits: number;
				/** The whole buffer was read. */
				readonly isAll: boolean;
				/** Number of the next hit below or above an event. */
				readonly next: (seq: number, by: 1 | -1) => number | undefined;
				/** Place of a hit among the hits, 1 for the oldest. */
				readonly placeOf: (seq: number) => number;
		  }
		| undefined;
	/** undefined while no part of the screen shows it: the chips have room for their texts, and events match. */
	readonly chipCounts: ChipCounts | undefined;
	/** Events per cell of the timeline, oldest first; undefined while it is off. */
	readonly timeline: Timeline | undefined;
	/** Decodes one event of the buffer, or of a kill after the buffer forgot it. */
	readonly event: (seq: number) => Event | undefined;
	/** Number of the newest event of a process in the buffer. */
	readonly newestOf: (process: Process) => number | undefined;
	readonly chainOf: (process: Process) => readonly Process[];
	/** Who ended a process; undefined: it runs, a policy ended it, or nothing is kept of its end. */
	readonly deathOf: (process: Process) => Death | undefined;
};
