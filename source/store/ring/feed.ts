/**
The rows of the ring that pass a filter, as a growing list of sequence numbers. A new filter tests the newest rows first, so
that the screen is right at once, and works its way back in slices of time; new rows are tested on arrival. Rules (gaps,
losses, marks) pass every filter: no loss is silent.
*/

import type {Process} from '../processes/process.js';
import type {FeedRow} from '../snapshot.js';
import {Deque} from './deque.js';
import type {FilterRow} from './filter-row.js';
import {kindOfCode, ruleCode} from './kind-codes.js';
import type {NameTable} from './name-table.js';
import type {Ring} from './ring.js';
import {flag, type Slab} from './slabs.js';

/** Says whether an event is let through; asked once for each. `costly`: it may decode an event, and is asked in `step` alone. */
export type FeedFilter = ((candidate: FilterRow) => boolean) & {readonly costly?: boolean};

/** Rows that are tested between two readings of the clock; of a costly filter, which may decode each of them, fewer. */
const slice = 256;
const costlySlice = 32;

export class Feed {
	readonly #ring: Ring;
	readonly #policies: NameTable;
	readonly #candidateAt: (slab: Slab, seq: number) => FilterRow;
	#filter: FeedFilter | undefined;
	/** Rules among the matches. */
	#rules = 0;
	#matches = new Deque();
	/** Rows in [#back, #front) have been tested. */
	#back = 0;
	#front = 0;
	/** Changes when rows were added, dropped or filtered anew. */
	version = 0;

	constructor(ring: Ring, policies: NameTable, candidateAt: (slab: Slab, seq: number) => FilterRow) {
		this.#ring = ring;
		this.#policies = policies;
		this.#candidateAt = candidateAt;
	}

	/** Rows that can be read now, with rules. */
	get length(): number {
		this.#trim();
		return this.#filter === undefined ? this.#ring.length : this.#matches.length;
	}

	/** Events in the ring, shown or not. */
	get total(): number {
		return this.#ring.events;
	}

	/** Sequence number of the newest row in the ring, shown or not; -1: none came yet. */
	get newestSeq(): number {
		return this.#ring.nextSeq - 1;
	}

	/** Sequence number of the newest row shown; -1: none. */
	get lastSeq(): number {
		const {length} = this;
		return length === 0 ? -1 : this.seqAt(length - 1);
	}

	/** Share of the ring that the filter has tested, 0 to 1. */
	get progress(): number {
		this.#trim();
		if (this.#filter === undefined || this.#ring.length === 0) {
			return 1;
		}

		return (this.#front - this.#back) / this.#ring.length;
	}

	/** undefined: every row passes. Call step() until progress is 1: all rows are tested again. */
	setFilter(filter: FeedFilter | undefined): void {
		this.#filter = filter;
		this.#rules = 0;
		this.#matches = new Deque();
		this.#back = this.#ring.nextSeq;
		this.#front = this.#back;
		this.version++;
	}

	/** A row was appended to the ring. */
	offer(seq: number): void {
		this.version++;
		if (this.#filter === undefined || this.#filter.costly === true || this.#front !== seq) {
			return;
		}

		this.#look(seq);
		this.#front = seq + 1;
	}

	/** Tests rows for about `budgetMs` at most. Returns true while there is more to do. */
	step(budgetMs: number, clock: () => number): boolean {
		if (this.#filter === undefined) {
			return false;
		}

		this.#trim();
		const end = clock() + budgetMs;
		const most = this.#filter.costly === true ? costlySlice : slice;
		do {
			for (let looked = 0; looked < most; looked++) {
				if (this.#front < this.#ring.nextSeq) {
					this.#look(this.#front++);
				} else if (this.#back > this.#ring.firstSeq) {
					this.#look(--this.#back, true);
				} else {
					return false;
				}
			}
		} while (clock() < end);
		return this.progress < 1;
	}

	seqAt(index: number): number {
		return this.#filter === undefined ? this.#ring.firstSeq + index : numberOf(this.#matches.at(index));
	}

	at(index: number): FeedRow | undefined {
		if (!(index >= 0 && index < this.length)) {
			return undefined;
		}

		const seq = this.seqAt(index);
		const slab = this.#ring.slabOf(seq);
		return slab === undefined ? undefined : this.#rowOf(slab, seq);
	}

	/** A row by its sequence number, shown or not; undefined when the ring has dropped it. */
	rowOf(seq: number): FeedRow | undefined {
		const slab = this.#ring.slabOf(seq);
		return slab === undefined ? undefined : this.#rowOf(slab, seq);
	}

	/** The process of a row, without building the row; undefined for a rule. */
	processAt(index: number): Process | undefined {
		const seq = this.seqAt(index);
		const slab = this.#ring.slabOf(seq);
		return slab?.processes[seq - slab.firstSeq];
	}

	/** The time of a row, without building the row; NaN past the end. */
	timeAt(index: number): number {
		const seq = this.seqAt(index);
		const slab = this.#ring.slabOf(seq);
		return slab === undefined ? Number.NaN : slab.time[seq - slab.firstSeq]!;
	}

	/** Tests a shown row with another filter, for highlights. Rules match none. */
	matches(index: number, filter: FeedFilter): boolean {
		const seq = this.seqAt(index);
		const slab = this.#ring.slabOf(seq);
		return slab !== undefined && slab.kind[seq - slab.firstSeq] !== ruleCode && filter(this.#candidateAt(slab, seq));
	}

	/** Index of the row with this number, or of the next one after it; `length` when there is none. */
	indexOf(seq: number): number {
		const {length} = this;
		if (this.#filter === undefined) {
			return Math.min(length, Math.max(0, seq - this.#ring.firstSeq));
		}

		let low = 0;
		let high = length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (numberOf(this.#matches.at(middle)) < seq) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}

		return low;
	}

	/** Events shown, without rules. */
	get shown(): number {
		this.#trim();
		return this.#filter === undefined ? this.#ring.events : this.#matches.length - this.#rules;
	}

	#look(seq: number, older = false): void {
		const slab = this.#ring.slabOf(seq);
		if (slab === undefined) {
			return;
		}

		const isRule = slab.kind[seq - slab.firstSeq] === ruleCode;
		if (!isRule && !this.#filter?.(this.#candidateAt(slab, seq))) {
			return;
		}

		// A rule is kept as a negative number, so that it is known as a rule when its row was dropped.
		const entry = isRule ? -1 - seq : seq;
		this.#rules += isRule ? 1 : 0;
		this.version++;
		if (older) {
			this.#matches.unshift(entry);
		} else {
			this.#matches.push(entry);
		}
	}

	#trim(): void {
		const {firstSeq} = this.#ring;
		while (this.#matches.length > 0 && numberOf(this.#matches.at(0)) < firstSeq) {
			this.#rules -= this.#matches.shift() < 0 ? 1 : 0;
		}

		this.#back = Math.max(this.#back, firstSeq);
		this.#front = Math.max(this.#front, this.#back);
	}

	#rowOf(slab: Slab, seq: number): FeedRow {
		const row = seq - slab.firstSeq;
		const timeMs = slab.time[row]!;
		const node = slab.node[row]!;
		const rule = slab.rules?.get(seq);
		if (rule !== undefined) {
			return {type: 'rule', seq, timeMs, node, rule};
		}

		const flags = slab.flags[row]!;
		return {
			type: 'event',
			seq,
			node,
			timeMs,
			timeless: (flags & flag.timeless) !== 0,
			late: (flags & flag.late) !== 0,
			kind: kindOfCode(slab.kind[row]!),
			process: slab.processes[row],
			policy: this.#policies.nameOf(slab.policy[row]!),
		};
	}
}

function numberOf(entry: number): number {
	return entry < 0 ? -1 - entry : entry;
}
