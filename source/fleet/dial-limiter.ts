/**
Limits the dials that run at the same time: a kubelet or an API server cannot serve 500 at once. A dial that takes longer
than `patienceMs` no longer counts, so that dead nodes do not delay the others.
*/
export class DialLimiter {
	readonly #places: number;
	readonly #patienceMs: number;
	readonly #queue: Array<() => void> = [];
	#inside = 0;

	constructor(places = 25, patienceMs = 1000) {
		this.#places = places;
		this.#patienceMs = patienceMs;
	}

	/** Waits for a place, then runs the dial. An aborted one leaves the queue without dialling and rejects. */
	async pass<T>(dial: () => Promise<T>, signal: AbortSignal): Promise<T> {
		await this.#enter(signal);
		const leave = this.#leaveOnce();
		const timer = setTimeout(leave, this.#patienceMs);
		try {
			signal.throwIfAborted();
			return await dial();
		} finally {
			clearTimeout(timer);
			leave();
		}
	}

	async #enter(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		if (this.#inside < this.#places) {
			this.#inside++;
			return;
		}

		const queue = this.#queue;
		const {promise, resolve, reject} = Promise.withResolvers<void>();

		function enter() {
			signal.removeEventListener('abort', abort);
			resolve();
		}

		function abort() {
			queue.splice(queue.indexOf(enter), 1);
			reject(signal.reason as Error);
		}

		signal.addEventListener('abort', abort, {once: true});
		queue.push(enter);
		await promise;
	}

	/** The place is given to the next in the queue; a second call does nothing. */
	#leaveOnce(): () => void {
		let hasLeft = false;
		return () => {
			if (hasLeft) {
				return;
			}

			hasLeft = true;
			const next = this.#queue.shift();
			if (next) {
				next();
			} else {
				this.#inside--;
			}
		};
	}
}
