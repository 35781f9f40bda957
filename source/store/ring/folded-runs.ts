/**
Equal rows of a feed that follow each other within 2 s, as one row with a count. Only where the runs begin is kept, so that a
run is what stands between two numbers, and its count is exact whatever the feed has gained at either end or lost at its
front. Like the feed it looks at the newest rows first and works its way back in slices of time. To compare two rows is costly,
so what a flood has brought, and what lies far back in the buffer, is not looked at: there each row stands for itself.
*/

import type {Process} from '../processes/process.js';
import type {FeedRow} from '../snapshot.js';
import {Deque} from './deque.js';
import type {Feed} from './feed.js';

type FoldedRow = {readonly row: FeedRow; readonly count: number};

/** Whether a row says the same as the one before it; both are rows of the feed, the older first. */
type SameRow = (older: EventRow, newer: EventRow) => boolean;
export type EventRow = Extract<FeedRow, {type: 'event'}>;

const withinMs = 2000;
const slice = 64;
/** When more rows than this came since the last step, only the newest of them, this many, are compared. */
const flood = 2000;
/** How far back from the newest row rows are compared. */
const reach = 5000;

export class FoldedRuns {
	readonly #feed: Feed;
	readonly #same: SameRow;
	readonly #related: (process: Process, other: Process | undefined) => boolean;
	/** Sequence numbers of the first rows of the runs, oldest first. */
	#heads = new Deque();
	/** First and last row compared; -1: none yet. */
	#first = -1;
	#last = -1;

	/** @param related is a fast test whether rows of these two processes can be equal at all. */
	constructor(
		feed: Feed,
		same: SameRow,
		related = (process: Process, other: Process | undefined) => process === other,
	) {
		this.#feed = feed;
		this.#same = same;
		this.#related = related;
	}

	/** Number of runs. */
	get length(): number {
		return this.#before + this.#heads.length;
	}

	/** True while the feed has rows that are still to be compared. */
	get isBehind(): boolean {
		const {length} = this.#feed;
		return length > 0 && (this.#last !== this.#feed.seqAt(length - 1) || this.#isWithinReach(this.#before - 1));
	}

	/** Call it when the feed has a new filter. */
	reset(): void {
		this.#heads = new Deque();
		this.#first = -1;
		this.#last = -1;
	}

	/** Compares rows for about `budgetMs`, the newest first. */
	step(budgetMs: number, clock: () => number): void {
		const feed = this.#feed;
		if (feed.length === 0) {
			this.reset();
			return;
		}

		this.#trim();
		const end = clock() + budgetMs;
		if (this.#last === -1) {
			this.#last = feed.seqAt(feed.length - 1);
			this.#first = this.#last;
			this.#heads.push(this.#last);
		}

		let next = feed.indexOf(this.#last) + 1;
		if (feed.length - next > flood) {
			this.#heads = new Deque();
			this.#first = feed.seqAt(feed.length - flood);
			this.#last = this.#first;
			this.#heads.push(this.#first);
			next = feed.length - flood + 1;
		}

		let before = this.#before - 1;
		do {
			for (let looked = 0; looked < slice; looked++) {
				if (next < feed.length) {
					this.#append(next++);
				} else if (this.#isWithinReach(before)) {
					this.#prepend(before--);
				} else {
					return;
				}
			}
		} while (clock() < end);
	}

	/** The newest row of a run, and the number of its rows up to `lastSeq`. */
	at(index: number, lastSeq = Number.POSITIVE_INFINITY): FoldedRow | undefined {
		if (!(index >= 0 && index < this.length)) {
			return undefined;
		}

		const before = this.#before;
		if (index < before) {
			const row = this.#feed.at(index);
			return row === undefined ? undefined : {row, count: 1};
		}

		const run = index - before;
		const from = this.#feed.indexOf(this.#heads.at(run));
		const to = this.#end(run, lastSeq);
		const row = this.#feed.at(to);
		return row === undefined ? undefined : {row, count: to - from + 1};
	}

	/** The run that has this row, or the next row after it; `length` when there is none. */
	indexOf(seq: number): number {
		const before = this.#before;
		if (seq > this.#last) {
			return before + this.#heads.length;
		}

		if (seq < this.#first) {
			return this.#feed.indexOf(seq);
		}

		let low = 0;
		let high = this.#heads.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.#heads.at(middle) <= seq) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}

		const run = Math.max(0, low - 1);
		return before + (this.#feed.seqAt(this.#end(run, Number.POSITIVE_INFINITY)) < seq ? run + 1 : run);
	}

	/** Index in the feed of the last row of a run. */
	#end(index: number, lastSeq: number): number {
		const next = index + 1 < this.#heads.length ? this.#heads.at(index + 1) : this.#last + 1;
		return this.#feed.indexOf(Math.min(next, lastSeq + 1)) - 1;
	}

	/** Rows of the feed before the first one that was compared. */
	get #before(): number {
		return this.#first === -1 ? 0 : this.#feed.indexOf(this.#first);
	}

	#isWithinReach(index: number): boolean {
		return index >= 0 && this.#feed.length - index < reach;
	}

	#append(index: number): void {
		const seq = this.#feed.seqAt(index);
		if (!this.#joined(index - 1, index)) {
			this.#heads.push(seq);
		}

		this.#last = seq;
	}

	#prepend(index: number): void {
		const seq = this.#feed.seqAt(index);
		// The next run begins with this row now.
		if (this.#joined(index, index + 1)) {
			this.#heads.shift();
		}

		this.#heads.unshift(seq);
		this.#first = seq;
	}

	#joined(older: number, newer: number): boolean {
		const process = this.#feed.processAt(newer);
		if (process === undefined || !this.#related(process, this.#feed.processAt(older))) {
			return false;
		}

		const before = this.#feed.at(older);
		const row = this.#feed.at(newer);
		return (
			before?.type === 'event' &&
			row?.type === 'event' &&
			Math.abs(row.timeMs - before.timeMs) <= withinMs &&
			this.#same(before, row)
		);
	}

	/** Removes the rows that the ring has dropped. */
	#trim(): void {
		const firstSeq = this.#feed.seqAt(0);
		if (this.#last < firstSeq) {
			this.reset();
			return;
		}

		while (this.#heads.length > 1 && this.#heads.at(1) <= firstSeq) {
			this.#heads.shift();
		}

		if (this.#heads.at(0) < firstSeq) {
			this.#heads.shift();
			this.#heads.unshift(firstSeq);
		}

		this.#first = Math.max(this.#first, firstSeq);
	}
}
