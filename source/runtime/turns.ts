import {Backoff, type BackoffOptions} from './backoff.js';
import {pause} from './pause.js';

export type TurnsOptions = Partial<BackoffOptions> & {
	/** Milliseconds. A turn that took this long asked a peer that works: the next turn begins at once. */
	readonly heldMs?: number;
};

/** A peer may close a request that lives for minutes after a few seconds; one that closes it at once is broken. */
const defaultHeldMs = 2000;

/**
The turns of a loop that asks a peer: an API server, an agent. A turn that was short is followed by a wait that doubles, from
half a second to thirty seconds, whatever the peer answered: so no peer can make the loop a tight one.
*/
export class Turns {
	readonly #signal: AbortSignal;
	readonly #backoff: Backoff;
	readonly #heldMs: number;
	#beganMs: number | undefined;
	#askedMs: number | undefined;

	constructor(signal: AbortSignal, {heldMs = defaultHeldMs, ...options}: TurnsOptions = {}) {
		this.#signal = signal;
		this.#heldMs = heldMs;
		this.#backoff = new Backoff({stableMs: heldMs, ...options});
	}

	/** The next wait is `ms` instead of a back-off: the loop asks in a fixed rhythm. */
	rest(ms: number): void {
		this.#askedMs = ms;
	}

	/** Waits until the next turn may begin, the first time not at all. Resolves with false after the abort. */
	async next(): Promise<boolean> {
		if (this.#beganMs !== undefined && !this.#signal.aborted) {
			await pause(this.#wait(performance.now() - this.#beganMs), this.#signal);
		}

		this.#beganMs = performance.now();
		this.#askedMs = undefined;
		return !this.#signal.aborted;
	}

	#wait(tookMs: number): number {
		this.#backoff.ended(tookMs);
		if (this.#askedMs !== undefined) {
			return this.#askedMs;
		}

		return tookMs >= this.#heldMs ? 0 : this.#backoff.next();
	}
}
