/** The times of the events around one: an event that is far newer than those after it is of a node whose clock is ahead. */
import type {RecordedEvent} from './reader.js';

/** Events after one that are looked at. */
const mostSeen = 500;

/** The least time of the events of a batch from an index on; Infinity: none has one. */
export function leastFrom(batch: readonly RecordedEvent[], from: number): number {
	let least = Number.POSITIVE_INFINITY;
	for (let index = from; index < Math.min(batch.length, from + mostSeen); index++) {
		const timeMs = happenedMs(batch[index] as RecordedEvent);
		if (timeMs < least) {
			least = timeMs;
		}
	}

	return least;
}

/** NaN for an event without a time, and for one of a process that was started before the agent. */
export function happenedMs({event, timeMs}: RecordedEvent): number {
	return event.process_exec?.process?.flags?.split(' ').includes('procFS') ? Number.NaN : timeMs;
}
