/**
How long to wait before the next try: 0.5 s, doubling to 30 s, each with full jitter down to half, so that a hundred nodes
that fell together do not come back together. A connection that held for 30 s starts it over.
*/
export type BackoffOptions = {
	/** Milliseconds. */
	readonly firstMs: number;
	readonly maximumMs: number;
	readonly stableMs: number;
	/** 0 … 1; Math.random unless a test wants its own. */
	readonly random: () => number;
};

export const defaultBackoff: BackoffOptions = {
	firstMs: 500,
	maximumMs: 30_000,
	stableMs: 30_000,
	random: Math.random,
};

export class Backoff {
	readonly #options: BackoffOptions;
	#attempt = 0;

	constructor(options: Partial<BackoffOptions> = {}) {
		this.#options = {...defaultBackoff, ...options};
	}

	/** Tries since the last stable connection. */
	get attempt(): number {
		return this.#attempt;
	}

	/** Milliseconds until the next try: between half and all of the step. */
	next(): number {
		const {firstMs, maximumMs, random} = this.#options;
		const step = Math.min(maximumMs, firstMs * 2 ** Math.min(this.#attempt, 30));
		this.#attempt++;
		return Math.round(step * (0.5 + random() / 2));
	}

	/** A connection ended after `heldMs`: one that held was no failure of the way there. */
	ended(heldMs: number): void {
		if (heldMs >= this.#options.stableMs) {
			this.#attempt = 0;
		}
	}

	reset(): void {
		this.#attempt = 0;
	}
}
