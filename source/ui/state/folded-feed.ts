/**
The feed as the screen reads it: equal events as one row where that is wanted. Equal is what reads the same: the same
process, verb and detail. An enforcement is always a row of its own, and probes of one pod are one row whatever each of them is.
*/

import type {Process} from '../../store/processes/process.js';
import type {Feed, FeedFilter} from '../../store/ring/feed.js';
import {type EventRow, FoldedRuns} from '../../store/ring/folded-runs.js';
import type {Store} from '../../store/store.js';
import {describe} from '../../tetragon/describe/describe.js';
import type {Picture} from './picture.js';

function isProbe(process: Process | undefined): boolean {
	return process?.execProbe === true;
}

function related(process: Process, other: Process | undefined): boolean {
	if (process === other) {
		return true;
	}

	return (
		isProbe(process) &&
		isProbe(other) &&
		process.facts?.pod === other?.facts?.pod &&
		process.facts?.namespace === other?.facts?.namespace
	);
}

function isEnforcement({process, seq}: EventRow): boolean {
	return process?.kills.some(kill => kill.seq === seq) ?? false;
}

export class FoldedFeed {
	readonly #feed: Feed;
	readonly #store: Store;
	readonly #folds: FoldedRuns;
	/** The text of the row compared last: in a run each is compared twice. */
	#said: {readonly seq: number; readonly text: string} = {seq: -1, text: ''};
	#isFolding = false;

	constructor(feed: Feed, store: Store) {
		this.#feed = feed;
		this.#store = store;
		this.#folds = new FoldedRuns(feed, (older, newer) => this.#isSame(older, newer), related);
	}

	get isScanning(): boolean {
		return this.#isFolding && this.#folds.isBehind;
	}

	reset(): void {
		this.#folds.reset();
	}

	step(budgetMs: number, clock: () => number): void {
		this.#isFolding = true;
		this.#folds.step(budgetMs, clock);
	}

	/** @param lastSeq where a pause ended it. */
	reader(
		isFolded: boolean,
		lastSeq = Number.POSITIVE_INFINITY,
		highlight: FeedFilter | undefined = undefined,
	): Picture['feed'] {
		const feed = this.#feed;
		const folds = this.#folds;
		const all = Math.min(feed.length, feed.indexOf(lastSeq + 1));
		const unfolded = {length: all, at: (index: number) => (index < all ? feed.at(index) : undefined)};
		// Events after the end of a pause count as new, not as shown.
		const behind = feed.length - all;
		const shared = {
			unfolded,
			// In a long pause the buffer may drop all events of the paused screen.
			total: Math.max(0, feed.total - (Number.isFinite(lastSeq) ? Math.max(0, feed.newestSeq - lastSeq) : 0)),
			shown: Math.max(0, feed.shown - behind),
			progress: feed.progress,
			rowOf: (seq: number) => feed.rowOf(seq),
		};
		if (!isFolded) {
			this.#isFolding = false;
			return {
				...shared,
				...unfolded,
				countAt: () => 1,
				indexOf: seq => feed.indexOf(seq),
				matches: index => highlight !== undefined && feed.matches(index, highlight),
			};
		}

		const runs = all === 0 ? 0 : Math.min(folds.length, folds.indexOf(feed.seqAt(all - 1)) + 1);

		function at(index: number) {
			return index < runs ? folds.at(index, lastSeq) : undefined;
		}

		return {
			...shared,
			length: runs,
			at: index => at(index)?.row,
			countAt: index => at(index)?.count ?? 1,
			indexOf: seq => folds.indexOf(seq),
			matches(index) {
				const row = at(index)?.row;
				return highlight !== undefined && row !== undefined && feed.matches(feed.indexOf(row.seq), highlight);
			},
		};
	}

	#isSame(older: EventRow, newer: EventRow): boolean {
		if (isEnforcement(older) || isEnforcement(newer)) {
			return false;
		}

		if (isProbe(older.process) && isProbe(newer.process)) {
			return true;
		}

		return older.kind === newer.kind && older.policy === newer.policy && this.#textOf(older) === this.#textOf(newer);
	}

	#textOf({seq}: EventRow): string {
		if (this.#said.seq !== seq) {
			const event = this.#store.event(seq);
			const said = event && describe(event);
			// A row that was dropped is equal to no other row.
			this.#said = {seq, text: said ? `${said.verb} ${said.detail}` : `${seq}`};
		}

		return this.#said.text;
	}
}
