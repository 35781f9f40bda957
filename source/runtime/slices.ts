import {setImmediate as nextTurn} from 'node:timers/promises';

/** Milliseconds of work before the event loop has its turn. */
const sliceMs = 8;

/** Does all steps of a long work; keys, timers and sockets have their turn in between. Ends early when the signal aborts. */
export async function inSlices(steps: Iterable<unknown>, signal?: AbortSignal): Promise<void> {
	let until = performance.now() + sliceMs;
	for (const _ of steps) {
		if (performance.now() > until) {
			await nextTurn();
			if (signal?.aborted === true) {
				return;
			}

			until = performance.now() + sliceMs;
		}
	}
}
