/**
How many dials may be under way at once: a kubelet or an API server that gets five hundred at a time helps nobody. A dial
that takes long gives its place away, so that dead nodes never hold up the living.
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

	/** Runs the dial when there is a place for it. An aborted one leaves the queue without dialling. */
	async pass<T>(dial: () => Promise<T>, signal: AbortSignal): Promise<T> {
		await this.#enter(signal);
		let left = false;
		const leave = (): void => {
			if (!left) {
				left = true;
				this.#leave();
			}
		};

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

		const {promise, resolve, reject} = Promise.withResolvers<void>();

		function enter(): void {
			signal.removeEventListener('abort', abort);
			resolve();
		}

		const abort = (): void => {
			this.#queue.splice(this.#queue.indexOf(enter), 1);
			reject(signal.reason as Error);
		};

		signal.addEventListener('abort', abort, {once: true});
		this.#queue.push(enter);
		await promise;
	}

	#leave(): void {
		const next = this.#queue.shift();
		if (next) {
			next();
		} else {
			this.#inside--;
		}
	}
}
