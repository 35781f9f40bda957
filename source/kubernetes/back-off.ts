/** Waiting between tries: doubles from 0.5 s to 30 s, with full jitter, so that a returning API server is not met by all at once. */

const firstMs = 500;
const longestMs = 30_000;

/** Milliseconds before try number `attempt` (1 is the first repetition). `random` is from 0 to 1. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
	const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 16));
	// Never at once: a tenth of the span is the least.
	return Math.round(ceiling * (0.1 + 0.9 * random()));
}

/** Resolves after the time, or at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
	if (signal.aborted) {
		return Promise.resolve();
	}

	const {promise, resolve} = Promise.withResolvers<void>();
	const timer = setTimeout(done, ms);
	function done() {
		clearTimeout(timer);
		signal.removeEventListener('abort', done);
		resolve();
	}

	signal.addEventListener('abort', done, {once: true});
	return promise;
}
