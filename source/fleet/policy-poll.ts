/**
When the policies of an agent are listed: every period, and at once when an enforcement came, since its mode may have been
switched by somebody else meanwhile. Each list opens BPF maps in the agent, so there is at most one a second.
*/
import {pause} from '../runtime/pause.js';

/** Milliseconds between two lists, however many enforcements come. */
const leastMs = 1000;

export class PolicyPoll {
	readonly #periodMs: number;
	#wake = new AbortController();
	#isHurried = false;

	constructor(periodMs: number) {
		this.#periodMs = periodMs;
	}

	/** An enforcement came: the next list is due as soon as it may be. */
	hurry(): void {
		this.#isHurried = true;
		this.#wake.abort();
	}

	/** Lists again and again until the signal aborts. `list` must not reject. */
	async run(signal: AbortSignal, list: () => Promise<void>): Promise<void> {
		while (!signal.aborted) {
			await pause(Math.min(leastMs, this.#periodMs), signal);
			if (!this.#isHurried) {
				this.#wake = new AbortController();
				await pause(this.#periodMs - leastMs, AbortSignal.any([signal, this.#wake.signal]));
			}

			this.#isHurried = false;
			if (!signal.aborted) {
				await list();
			}
		}
	}
}
