/** The events of the feed that a search marks, for `n`, `N` and their count. */
import type {Chip} from '../../query/chip.js';
import {matcherOf} from '../../query/match.js';
import type {Around} from '../../query/text-test.js';
import type {Feed, FeedFilter} from '../../store/ring/feed.js';
import type {Store} from '../../store/store.js';
import type {Picture} from './picture.js';

export class SearchHits {
	readonly #store: Store;
	readonly #around: Around;
	#key = '';
	#feed: Feed | undefined;
	/** Of the chip alone: it marks rows. */
	#marks: FeedFilter | undefined;

	constructor(store: Store, around: Around) {
		this.#store = store;
		this.#around = around;
	}

	get isScanning(): boolean {
		return (this.#feed?.progress ?? 1) < 1;
	}

	get marks(): FeedFilter | undefined {
		return this.#marks;
	}

	/**
	Reads on for about `budgetMs`.
	@param shown what the feed lets through; @param key changes with it.
	*/
	step(
		{chip, shown, key}: {readonly chip: Chip | undefined; readonly shown: FeedFilter | undefined; readonly key: string},
		budgetMs: number,
		clock: () => number,
	): Picture['search'] {
		if (chip === undefined) {
			this.close();
			return undefined;
		}

		const wanted = `${chip.text}\n${key}`;
		if (this.#feed === undefined || this.#key !== wanted) {
			this.close();
			this.#key = wanted;
			const marks = matcherOf([chip], node => this.#store.nodeName(node), this.#around).event;
			this.#marks = marks;
			this.#feed = this.#store.openFeed(
				marks &&
					Object.assign((row: Parameters<FeedFilter>[0]) => (shown === undefined || shown(row)) && marks(row), {
						costly: true,
					}),
			);
		}

		const feed = this.#feed;
		feed.step(budgetMs, clock);
		return {
			hits: feed.shown,
			isAll: feed.progress === 1,
			// Markers of the feed are rows that match no search.
			next: (seq, by) => nextHit(feed, seq, by),
			placeOf: seq => placeOf(feed, seq),
		};
	}

	close(): void {
		if (this.#feed !== undefined) {
			this.#store.closeFeed(this.#feed);
			this.#feed = undefined;
			this.#marks = undefined;
		}
	}
}

function isEvent(feed: Feed, index: number): boolean {
	return feed.at(index)?.type === 'event';
}

function nextHit(feed: Feed, seq: number, by: 1 | -1): number | undefined {
	let index = feed.indexOf(by === 1 ? seq + 1 : seq) - (by === 1 ? 0 : 1);
	while (index >= 0 && index < feed.length) {
		if (isEvent(feed, index)) {
			return feed.seqAt(index);
		}

		index += by;
	}

	return undefined;
}

/** 1 for the oldest hit. Markers are few: they are counted away. */
function placeOf(feed: Feed, seq: number): number {
	const index = feed.indexOf(seq);
	let place = index + 1;
	if (feed.length > feed.shown) {
		for (let before = 0; before < index; before++) {
			place -= isEvent(feed, before) ? 0 : 1;
		}
	}

	return place;
}
