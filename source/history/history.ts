/**
Reads a span of a store: oldest first, newest first, or without an end. Pages overlap by one nanosecond, so that entries of equal
time which a page has cut are not lost; what came already is known by time, writer and line, and given once.
*/
import {createHash} from 'node:crypto';
import {pause} from '../runtime/pause.js';
import type {Entry, HistoryStore, NsSpan} from './store-record.js';

export type HistoryCounts = {
	/** Entries given. */
	entries: number;
	/** The same line once more at a later time of the store: a shipper has read its file again. */
	repeats: number;
	/** Nanoseconds of which a part cannot be read. */
	cutTies: number;
	/** The newest entry. */
	newestNs: bigint;
};

/** Equal lines that close together are two events; later, the file was read again. */
const repeatNs = 1_000_000_000n;
const mostHashes = 100_000;
const leastPruned = 1000;
/** Without an entry for so long, a followed store is asked less often. */
const idleAfterMs = 60_000;

export class History {
	readonly #store: HistoryStore;
	readonly #signal: AbortSignal;
	#filter: string | undefined;
	readonly #recent = new Map<string, bigint>();
	#pruneAt = leastPruned;
	readonly #seen = new Map<string, bigint>();
	readonly counts: HistoryCounts = {entries: 0, repeats: 0, cutTies: 0, newestNs: 0n};

	constructor(store: HistoryStore, signal: AbortSignal, filter?: string) {
		this.#store = store;
		this.#signal = signal;
		this.#filter = filter;
	}

	/** Whether the store leaves out what is not wanted; a line that shows this to be unsafe ends it. */
	get isPushed(): boolean {
		return this.#filter !== undefined;
	}

	/** Oldest first; a page at a time. */
	async *forward(span: NsSpan): AsyncGenerator<readonly Entry[]> {
		for (const window of this.#store.windows(span)) {
			if (this.#signal.aborted) {
				return;
			}

			for await (const page of this.#safely(window, false)) {
				const kept = this.#withoutRepeats(page);
				if (kept.length > 0) {
					yield kept;
				}
			}
		}
	}

	/** Newest first: each page is older than the one before it, and its entries are by time. Repeats are not looked for. */
	async *backward(span: NsSpan): AsyncGenerator<readonly Entry[]> {
		for (const window of this.#store.windows(span).toReversed()) {
			if (this.#signal.aborted) {
				return;
			}

			for await (const page of this.#safely(window, true)) {
				this.#count(page);
				yield page;
			}
		}
	}

	/**
	Everything after what was read, or from `fromNs` on, without an end. Entries may arrive late: the last seconds are asked for
	again each time. An error of the store goes to `failed`, and it is asked again from where it was.
	*/
	async *follow(fromNs: bigint, now: () => bigint, failed: (error: unknown) => void): AsyncGenerator<readonly Entry[]> {
		const {everyMs, idleMs, overlapNs, aheadNs} = this.#store.follow;
		let quietMs = 0;
		while (!this.#signal.aborted) {
			const {newestNs} = this.counts;
			const span = {from: (newestNs > 0n ? newestNs : fromNs) - overlapNs, to: now() + aheadNs};
			try {
				for await (const page of this.#fresh(span)) {
					yield page;
					quietMs = 0;
				}
			} catch (error) {
				if (this.#signal.aborted) {
					return;
				}

				failed(error);
			}

			const waitMs = quietMs > idleAfterMs ? idleMs : everyMs;
			quietMs += waitMs;
			await pause(waitMs, this.#signal);
		}
	}

	async *#fresh(span: NsSpan): AsyncGenerator<readonly Entry[]> {
		for (const window of this.#store.windows(span)) {
			for await (const page of this.#safely(window, false)) {
				const kept = this.#withoutRepeats(page.filter(entry => !this.#recent.has(hashOf(entry))));
				if (kept.length > 0) {
					yield kept;
				}
			}
		}
	}

	/** What a follower will see again. */
	#remember(page: readonly Entry[]): void {
		const oldest = this.counts.newestNs - this.#store.follow.overlapNs;
		for (const entry of page) {
			if (entry.ns >= oldest) {
				this.#recent.set(hashOf(entry), entry.ns);
			}
		}

		if (this.#recent.size > this.#pruneAt) {
			for (const [hash, ns] of this.#recent) {
				if (ns < oldest) {
					this.#recent.delete(hash);
				}
			}

			this.#pruneAt = this.#recent.size * 2 + leastPruned;
		}
	}

	/** A window with the filter, or from its beginning without it where a line shows that the filter may miss a part. */
	async *#safely(window: NsSpan, isBackward: boolean): AsyncGenerator<readonly Entry[]> {
		if (this.#filter === undefined) {
			yield* this.#window(window, isBackward, undefined);
			return;
		}

		const held: Array<readonly Entry[]> = [];
		for await (const page of this.#window(window, isBackward, this.#filter)) {
			held.push(page);
			if (page.some(({line}) => this.#store.isUnsafe(line))) {
				this.#filter = undefined;
				yield* this.#window(window, isBackward, undefined);
				return;
			}
		}

		yield* held;
	}

	// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one walk through a window, in two directions
	async *#window(window: NsSpan, isBackward: boolean, filter: string | undefined): AsyncGenerator<readonly Entry[]> {
		let {from, to} = window;
		/** Entries at the edge of the last page. */
		let edge = new Set<string>();
		while (from < to && !this.#signal.aborted) {
			const {entries, isCut} = await this.#store.page({span: {from, to}, isBackward, filter});
			// A server may answer with what was not asked for.
			const page = entries.filter(({ns}) => ns >= from && ns < to);
			const first = page[0]?.ns;
			const last = page.at(-1)?.ns;
			if (first === undefined || last === undefined) {
				return;
			}

			const at = isBackward ? first : last;
			if (isCut && first === last) {
				const tie = await this.#store.tie(at, filter);
				this.counts.cutTies += tie.isMissingSome ? 1 : 0;
				yield tie.entries.filter(entry => entry.ns === at && !edge.has(keyOf(entry)));
				edge = new Set();
				[from, to] = isBackward ? [from, at] : [at + 1n, to];
				continue;
			}

			yield edge.size === 0 ? page : page.filter(entry => !edge.has(keyOf(entry)));
			if (!isCut) {
				return;
			}

			edge = new Set([...page.filter(({ns}) => ns === at).map(keyOf), ...(isSame(edge, at) ? edge : [])]);
			[from, to] = isBackward ? [from, at + 1n] : [at, to];
		}
	}

	/** The entries of a page that comes in the order of time, without repeats. */
	once(page: readonly Entry[]): readonly Entry[] {
		const {entries} = this.counts;
		const kept = this.#withoutRepeats(page);
		this.counts.entries = entries;
		return kept;
	}

	#withoutRepeats(page: readonly Entry[]): readonly Entry[] {
		const kept = page.filter(({ns, line}) => {
			// The rest of a line that was cut may be equal to that of another.
			if (!isWhole(line)) {
				return true;
			}

			const hash = createHash('sha1').update(line).digest().toString('latin1');
			const first = this.#seen.get(hash);
			if (first === undefined) {
				this.#seen.set(hash, ns);
				return true;
			}

			return ns - first < repeatNs;
		});
		this.counts.repeats += page.length - kept.length;
		let over = this.#seen.size - mostHashes;
		for (const hash of this.#seen.keys()) {
			if (over-- <= 0) {
				break;
			}

			this.#seen.delete(hash);
		}

		this.#count(kept);
		return kept;
	}

	#count(page: readonly Entry[]): void {
		this.counts.entries += page.length;
		for (const {ns} of page) {
			if (ns > this.counts.newestNs) {
				this.counts.newestNs = ns;
			}
		}

		this.#remember(page);
	}
}

/** An object, or a line with its time before it. */
function isWhole(line: string): boolean {
	return (
		(line.startsWith('{') && line.endsWith('}')) || /^\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr) /.test(line.slice(0, 60))
	);
}

function hashOf({ns, stream, line}: Entry): string {
	return `${ns} ${createHash('sha1').update(stream).update(line).digest().toString('latin1')}`;
}

function keyOf({ns, stream, line}: Entry): string {
	return `${ns} ${stream} ${line}`;
}

/** Whether the edge of the page before is at this time, too. */
function isSame(edge: ReadonlySet<string>, ns: bigint): boolean {
	const [one] = edge;
	return one?.startsWith(`${ns} `) === true;
}
