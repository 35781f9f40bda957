type StallOptions = {
	/** Milliseconds between two readings of the clock. */
	readonly everyMs?: number;
	/** Milliseconds. A longer standstill is reported. */
	readonly longestMs?: number;
	/** Milliseconds, monotonic: setting the wall clock is no standstill. */
	readonly clock?: () => number;
	readonly stalled: (forMs: number) => void;
};

/**
Notices that this process stood still: it was stopped by a signal, got no CPU, or was busy. An agent keeps 10 000 events for a
client and then drops events silently, so the losses must be read after a standstill. Runs until it is closed; does not keep
the process alive.
*/
export class StallWatch {
	readonly #timer: NodeJS.Timeout;

	constructor({everyMs = 500, longestMs = 2000, clock = () => performance.now(), stalled}: StallOptions) {
		let last = clock();
		this.#timer = setInterval(() => {
			const now = clock();
			const forMs = now - last;
			last = now;
			if (forMs > longestMs) {
				stalled(forMs);
			}
		}, everyMs);
		this.#timer.unref();
	}

	close(): void {
		clearInterval(this.#timer);
	}
}
