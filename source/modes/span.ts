/** The span of time that --since, --until and --last ask for. */
import {momentMs, parseMoment} from '../moment.js';
import type {Options} from '../options/options.js';
import {UsageError} from './usage-error.js';

export type Span = {
	/** Milliseconds since 1970, inclusive; -Infinity: not asked for. */
	readonly fromMs: number;
	/** Exclusive; Infinity: not asked for. */
	readonly toMs: number;
	/** The newest events that are wanted; Infinity: all. */
	readonly last: number;
};

type Words = Pick<Options, 'since' | 'until' | 'last'>;

/** Throws a UsageError in one sentence for a span that can have no event. */
export function spanOf({since, until, last}: Words, nowMs: number): Span {
	const fromMs = since === undefined || since === '0' ? Number.NEGATIVE_INFINITY : msOf(since, nowMs);
	const toMs = until === undefined ? Number.POSITIVE_INFINITY : msOf(until, nowMs);
	if (fromMs > nowMs) {
		throw new UsageError(`--since ${since}`, 'it is in the future', 'give a time that was', false);
	}

	if (toMs > nowMs && until !== undefined) {
		throw new UsageError(`--until ${until}`, 'it is in the future', 'leave it out to go on to the end', false);
	}

	if (fromMs >= toMs) {
		throw new UsageError(
			`--since ${since} --until ${until}`,
			`${shown(fromMs)} is not before ${shown(toMs)}`,
			'give an earlier --since',
			false,
		);
	}

	return {fromMs, toMs, last: last ?? Number.POSITIVE_INFINITY};
}

function msOf(text: string, nowMs: number): number {
	const moment = parseMoment(text);
	return moment === undefined ? Number.NaN : momentMs(moment, nowMs);
}

export function shown(ms: number): string {
	return Number.isFinite(ms) ? new Date(ms).toISOString().replace('.000Z', 'Z') : 'the beginning';
}

export function isWhole({fromMs, toMs}: Span): boolean {
	return fromMs === Number.NEGATIVE_INFINITY && toMs === Number.POSITIVE_INFINITY;
}

/** What a span left out of a recording, to say so. */
export class SpanTally {
	readonly #span: Span;
	#kept = 0;
	#outside = 0;
	#timeless = 0;
	#firstMs = Number.POSITIVE_INFINITY;
	#lastMs = Number.NEGATIVE_INFINITY;

	constructor(span: Span) {
		this.#span = span;
	}

	/** Whether an event of this time belongs to the span. One without a time is in no span. */
	has(timeMs: number): boolean {
		if (isWhole(this.#span)) {
			return true;
		}

		if (Number.isNaN(timeMs)) {
			this.#timeless++;
			return false;
		}

		this.#firstMs = Math.min(this.#firstMs, timeMs);
		this.#lastMs = Math.max(this.#lastMs, timeMs);
		const isIn = timeMs >= this.#span.fromMs && timeMs < this.#span.toMs;
		this.#kept += isIn ? 1 : 0;
		this.#outside += isIn ? 0 : 1;
		return isIn;
	}

	/** One sentence where the span has nothing, or events without a time were left out; undefined: nothing is to be said. */
	sentence(): string | undefined {
		const timeless =
			this.#timeless === 0
				? undefined
				: `${this.#timeless === 1 ? '1 event has' : `${this.#timeless} events have`} no time: --since and --until leave them out`;
		if (this.#kept > 0 || this.#outside === 0) {
			return timeless;
		}

		const {fromMs, toMs} = this.#span;
		const to = Number.isFinite(toMs) ? shown(toMs) : 'now';
		const nothing = `no event between ${shown(fromMs)} and ${to}: there are events from ${shown(this.#firstMs)} to ${shown(this.#lastMs)}`;
		return timeless === undefined ? nothing : `${nothing}; ${timeless}`;
	}
}

/** The newest of what is given, in bounded memory; in the order in which they were given. */
export class Newest<Item> {
	readonly #most: number;
	#items: Array<{readonly item: Item; readonly timeMs: number; readonly order: number}> = [];
	#order = 0;

	constructor(most: number) {
		this.#most = most;
	}

	add(item: Item, timeMs: number): void {
		this.#items.push({item, timeMs: Number.isNaN(timeMs) ? Number.NEGATIVE_INFINITY : timeMs, order: this.#order++});
		if (this.#items.length >= this.#most * 2 + 1000) {
			this.#cut();
		}
	}

	all(): Item[] {
		this.#cut();
		return this.#items.map(({item}) => item);
	}

	#cut(): void {
		this.#items.sort((one, other) => other.timeMs - one.timeMs || other.order - one.order);
		this.#items = this.#items.slice(0, this.#most).sort((one, other) => one.order - other.order);
	}
}
