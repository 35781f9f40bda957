/**
How many events of the buffer each chip hides by itself, asked only while somebody looks at it: each chip then has a feed of
its own, read in slices of time like the one on the screen.
*/
import type {Chip} from '../../query/chip.js';
import {rankPods} from '../../query/fuzzy.js';
import {matcherOf} from '../../query/match.js';
import type {Around} from '../../query/text-test.js';
import type {Feed} from '../../store/ring/feed.js';
import type {Store} from '../../store/store.js';
import type {ChipCounts as Counts} from './picture.js';

const suggested = 3;

/** The pod that a chip asks about. */
function podOf({terms, negate}: Chip): string | undefined {
	const [term] = terms;
	return negate || terms.length !== 1 || term?.field !== 'pod' ? undefined : term.value.replaceAll(/[.*^$\\]/g, '');
}

export class ChipCounts {
	readonly #store: Store;
	readonly #around: Around;
	readonly #feeds = new Map<string, Feed>();

	constructor(store: Store, around: Around) {
		this.#store = store;
		this.#around = around;
	}

	get isScanning(): boolean {
		return [...this.#feeds.values()].some(({progress}) => progress < 1);
	}

	/** Scans for about `budgetMs` and returns the counts so far. */
	count(chips: readonly Chip[], budgetMs: number, clock: () => number): Counts {
		this.#keep(new Set(chips.map(({text}) => text)));
		const hides = chips.map(chip => {
			const feed = this.#feedOf(chip);
			feed.step(budgetMs / chips.length, clock);
			return feed.progress < 1 ? undefined : feed.total - feed.shown;
		});
		return {hides, meant: this.#meant(chips, hides)};
	}

	/** Stops the count: no part of the screen shows it now. */
	close(): void {
		this.#keep(new Set());
	}

	#keep(wanted: ReadonlySet<string>): void {
		for (const [text, feed] of this.#feeds) {
			if (!wanted.has(text)) {
				this.#store.closeFeed(feed);
				this.#feeds.delete(text);
			}
		}
	}

	#feedOf(chip: Chip): Feed {
		const known = this.#feeds.get(chip.text);
		if (known) {
			return known;
		}

		const feed = this.#store.openFeed(matcherOf([chip], node => this.#store.nodeName(node), this.#around).event);
		this.#feeds.set(chip.text, feed);
		return feed;
	}

	/** Names like the one that a chip asks for, where that chip lets nothing through. */
	#meant(chips: readonly Chip[], hides: Counts['hides']): readonly string[] {
		const {total} = [...this.#feeds.values()][0] ?? {total: 0};
		for (const [index, chip] of chips.entries()) {
			const pod = hides[index] === total && !chip.off ? podOf(chip) : undefined;
			if (pod) {
				const name = pod.slice(pod.indexOf('/') + 1);
				return rankPods(name, this.#store.pods(), suggested).map(found => found.pod);
			}
		}

		return [];
	}
}
