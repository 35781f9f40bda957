export type BackoffOptions = {
	/** Milliseconds of the first wait. */
	readonly firstMs: number;
	/** Milliseconds of the longest wait. */
	readonly maximumMs: number;
	/** Milliseconds. A connection that held this long starts the series again. */
	readonly stableMs: number;
	/** Returns 0 … 1; Math.random unless a test gives its own. */
	readonly random: () => number;
};

const defaultBackoff: BackoffOptions = {
	firstMs: 500,
	maximumMs: 30_000,
	stableMs: 30_000,
	random: Math.random,
};

/**
The wait before the next attempt: 0.5 s, doubling to 30 s. Jitter takes up to half of each wait away, so that a hundred nodes
that failed together do not reconnect together. A connection that held for 30 s starts the series again.
*/
export class Backoff {
	readonly #options: BackoffOptions;
	#attempt = 0;

	constructor(options: Partial<BackoffOptions> = {}) {
		this.#options = {...defaultBackoff, ...options};
	}

	/** Number of attempts since the last stable connection. */
	get attempt(): number {
		return this.#attempt;
	}

	/** Milliseconds until the next attempt: between half of the step and the whole step. */
	next(): number {
		const {firstMs, maximumMs, random} = this.#options;
		const step = Math.min(maximumMs, firstMs * 2 ** Math.min(this.#attempt, 30));
		this.#attempt++;
		return Math.round(step * (0.5 + random() / 2));
	}

	/** A connection ended after `heldMs` milliseconds: one that held proves that the agent can be reached. */
	ended(heldMs: number): void {
		if (heldMs >= this.#options.stableMs) {
			this.#attempt = 0;
		}
	}

	reset(): void {
		this.#attempt = 0;
	}
}
