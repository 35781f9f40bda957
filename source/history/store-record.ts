/**
A source of history: one record. Another store is another file that makes such a record; reading, following, sorting and the
count of repeats are the same for all of them. Times are nanoseconds since 1970 by the clock of the store, which is not the event's.
*/

/** `from` inclusive, `to` exclusive. */
export type NsSpan = {readonly from: bigint; readonly to: bigint};

export type Entry = {
	/** The store's time. */
	readonly ns: bigint;
	/** Lines of one writer, in its order, have the same: parts of a line are joined within it. */
	readonly stream: string;
	readonly line: string;
};

export type Page = {
	/** By time, oldest first; entries of one stream with one time in the order of the stream. */
	readonly entries: readonly Entry[];
	/** The span may have more: after the last entry, or before the first one when the page was asked for backward. */
	readonly isCut: boolean;
};

export type PageRequest = {
	/** Within one of the windows. */
	readonly span: NsSpan;
	/** The newest entries of the span rather than the oldest. */
	readonly isBackward: boolean;
	/** What `pushDown` returned. */
	readonly filter?: string | undefined;
};

/** Entries of one nanosecond which no page holds as a whole. */
export type Tie = {readonly entries: readonly Entry[]; readonly isMissingSome: boolean};

/** Conditions that all must hold; of one condition any text must be in the line of the event as it is written. */
export type Wanted = ReadonlyArray<readonly string[]>;

export type HistoryStore = {
	/** As a message names it: an address without secrets. */
	readonly name: string;
	/** Finds out where in the store the events are. Throws a Refusal. */
	readonly open: () => Promise<void>;
	/** The parts of a span that are asked for one after the other, oldest first. */
	readonly windows: (span: NsSpan) => readonly NsSpan[];
	/** Throws a Refusal after the last try. */
	readonly page: (request: PageRequest) => Promise<Page>;
	readonly tie: (ns: bigint, filter?: string) => Promise<Tie>;
	/** How a span is followed that has no end yet. */
	readonly follow: {
		readonly everyMs: number;
		readonly idleMs: number;
		readonly overlapNs: bigint;
		readonly aheadNs: bigint;
	};
	/** The filter for the store which can miss no wanted event; undefined: it has none. */
	readonly pushDown: (wanted: Wanted) => string | undefined;
	/** Whether a line that came with a filter shows that the filter may have missed a part of an event. */
	readonly isUnsafe: (line: string) => boolean;
	readonly words: {
		/** What is said in place of "no events". */
		readonly nothing: (span: NsSpan) => string;
		/** What is to be said once: a secret in clear, a limit of the store. */
		readonly notes: () => readonly string[];
	};
	readonly close: () => void;
};

export const nsPerMs = 1_000_000n;

export function shownNs(ns: bigint): string {
	return new Date(Number(ns / nsPerMs)).toISOString().replace('.000Z', 'Z');
}
