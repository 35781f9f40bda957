/**
How many entries a page may have. An answer passes a limit of 4 MiB within Loki; above it Loki is silent for a minute and says
nothing. So the longest line that was seen decides, not the mean, and a page that was too much halves the next ones for good.
*/

const answerBytes = 3 * 1024 * 1024;
const [least, most] = [25, 300];
/** Before the first line is seen. */
const firstLine = 26 * 1024;
const decay = 0.99;

export class PageSize {
	#longest = firstLine;
	#cap = most;
	/** Of the store, for one answer. */
	#entriesLimit = Number.POSITIVE_INFINITY;

	get limit(): number {
		const byBytes = Math.max(least, Math.min(most, Math.floor(answerBytes / Math.max(1, this.#longest))));
		return Math.max(1, Math.min(byBytes, this.#cap, this.#entriesLimit));
	}

	/** Entries for one nanosecond: as many as the bytes allow. */
	get largest(): number {
		return Math.max(1, Math.min(Math.floor(answerBytes / Math.max(1, this.#longest)), this.#entriesLimit, 5000));
	}

	get isLeast(): boolean {
		return this.limit === 1;
	}

	saw(longest: number): void {
		this.#longest = Math.max(longest, this.#longest * decay);
	}

	halve(limit = this.limit): void {
		this.#cap = Math.max(1, Math.floor(limit / 2));
	}

	/** The store names its limit. */
	allow(entries: number): void {
		this.#entriesLimit = Math.max(1, Math.min(this.#entriesLimit, entries));
	}
}
