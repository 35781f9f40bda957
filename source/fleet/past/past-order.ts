/** Events that wait for the past of their nodes, and the past that has come: one story, each event once, in the order of time. */

import type {Event} from '../../tetragon/event/event.js';
import type {Facts} from '../../tetragon/event/facts.js';

export type HeldEvent = {
	readonly node: number;
	readonly bytes: Buffer;
	readonly event: Event | undefined;
	readonly timeMs: number;
	readonly key: string;
	readonly isPast: boolean;
};

/**
What tells an event from the others of its node. The same event has the same key as a frame and as a line; its time has a
fraction of microseconds. Two truly equal events are two: keys are counted.
*/
export function keyOf({timeMs, kind, execId, functionName, action, returnAction, signal, status, pid}: Facts): string {
	return `${timeMs}|${kind}|${execId === '' ? pid : execId}|${functionName}|${action}|${returnAction}|${signal}|${status}`;
}

/** How often each key was seen. */
export class KeyCounts {
	readonly #counts = new Map<string, number>();
	readonly #most: number;

	constructor(most = 500_000) {
		this.#most = most;
	}

	get size(): number {
		return this.#counts.size;
	}

	add(key: string): void {
		if (this.#counts.size < this.#most) {
			this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
		}
	}

	/** Takes one away; false: there is none. */
	take(key: string): boolean {
		const count = this.#counts.get(key);
		if (count === undefined) {
			return false;
		}

		if (count === 1) {
			this.#counts.delete(key);
		} else {
			this.#counts.set(key, count - 1);
		}

		return true;
	}
}

/** The past without the events that came live, in the order of time; those of equal time in the order of the record. */
export function withoutLive(past: readonly HeldEvent[], live: (node: number) => KeyCounts | undefined): HeldEvent[] {
	const own = past.filter(({node, key}) => live(node)?.take(key) !== true);
	return own.sort((one, other) => one.timeMs - other.timeMs);
}

/** The newest events within bytes and a number, of all nodes together; past is in the order of time. */
export function newestOf(past: readonly HeldEvent[], mostBytes: number, most: number): readonly HeldEvent[] {
	let bytes = 0;
	let from = past.length;
	while (from > 0 && past.length - from < most) {
		bytes += past[from - 1]?.bytes.length ?? 0;
		if (bytes > mostBytes) {
			break;
		}

		from--;
	}

	return past.slice(from);
}

/** Two lists in the order of time, as one. An event without a time stays after the one before it. */
export function inOrderOfTime(past: readonly HeldEvent[], live: readonly HeldEvent[]): HeldEvent[] {
	const all: HeldEvent[] = [];
	let at = 0;
	let newestMs = Number.NEGATIVE_INFINITY;
	for (const event of live) {
		// The order of the stream is kept: it is that in which processes start and end.
		newestMs = Math.max(newestMs, Number.isNaN(event.timeMs) ? newestMs : event.timeMs);
		for (let next = past[at]; next !== undefined && next.timeMs < newestMs; next = past[at]) {
			all.push(next);
			at++;
		}

		all.push(event);
	}

	return [...all, ...past.slice(at)];
}
