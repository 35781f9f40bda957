/** How many events say the word that is being typed: counted in slices of time, only while it is asked. */
import {chipOf} from '../../query/chip.js';
import {matcherOf} from '../../query/match.js';
import type {Around} from '../../query/text-test.js';
import type {Feed} from '../../store/ring/feed.js';
import type {Store} from '../../store/store.js';

/** A key waits no longer than this for the first hit; the newest events are read first. */
const firstHitMs = 40;

export class TextHits {
	readonly #store: Store;
	readonly #around: Around;
	readonly #clock: () => number;
	#word = '';
	#feed: Feed | undefined;

	constructor(store: Store, around: Around, clock: () => number) {
		this.#store = store;
		this.#around = around;
		this.#clock = clock;
	}

	get isScanning(): boolean {
		return (this.#feed?.progress ?? 1) < 1;
	}

	/** Reads on for about `budgetMs`. `isAll`: the whole buffer was read. */
	count(word: string, budgetMs: number): {readonly events: number; readonly isAll: boolean} {
		const feed = this.#feedOf(word);
		feed.step(budgetMs, this.#clock);
		return {events: feed.shown, isAll: feed.progress === 1};
	}

	/** Whether an event says it, as far as a key can wait for the answer. */
	has(word: string): boolean {
		const feed = this.#feedOf(word);
		const end = this.#clock() + firstHitMs;
		while (feed.shown === 0 && feed.progress < 1 && this.#clock() < end) {
			feed.step(1, this.#clock);
		}

		return feed.shown > 0;
	}

	/** Stops the count: nothing is typed now. */
	close(): void {
		if (this.#feed !== undefined) {
			this.#store.closeFeed(this.#feed);
			this.#feed = undefined;
			this.#word = '';
		}
	}

	#feedOf(word: string): Feed {
		if (this.#feed === undefined || this.#word !== word) {
			this.close();
			const chip = chipOf([{field: 'text', comparison: 'contains', value: word, bare: true}], false);
			this.#word = word;
			this.#feed = this.#store.openFeed(matcherOf([chip], node => this.#store.nodeName(node), this.#around).event);
		}

		return this.#feed;
	}
}
