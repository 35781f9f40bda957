/**
Notices that this process stood still: stopped by a signal, starved, or busy with something else. An agent keeps 10 000
events for a client and then drops in silence, so that a reader that stood still has to ask what it missed.
*/

export type StallOptions = {
	/** Milliseconds between two looks at the clock. */
	readonly everyMs?: number;
	/** A standstill of more than this is told. */
	readonly longestMs?: number;
	/** Milliseconds, monotonic: a wall clock that is set is no standstill. */
	readonly clock?: () => number;
	readonly stalled: (forMs: number) => void;
};

/** Watches until it is closed; keeps no process alive. */
export function watchStalls({
	everyMs = 500,
	longestMs = 2000,
	clock = () => performance.now(),
	stalled,
}: StallOptions): {readonly close: () => void} {
	let last = clock();
	const timer = setInterval(() => {
		const now = clock();
		const forMs = now - last;
		last = now;
		if (forMs > longestMs) {
			stalled(forMs);
		}
	}, everyMs);
	timer.unref();
	return {close: () => clearInterval(timer)};
}
