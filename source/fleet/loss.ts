/**
Events that the agent lost, from its metrics. The event stream does not report losses: a client that read 50 events/s missed
7 406 of 25 022. The metrics count the client's channel when it is full, the ring buffers, and events that BPF could not send.
*/
import {table} from '../runtime/table.js';

/** Metric → reason for the marker in the feed. */
const lossMetrics: Readonly<Record<string, string>> = table<string>({
	tetragon_notify_overflowed_events_total: 'the agent’s queue for a client was full',
	tetragon_observer_ringbuf_events_lost_total: 'the kernel’s ring buffer was full',
	tetragon_observer_ringbuf_queue_events_lost_total: 'the agent’s own queue was full',
	tetragon_bpf_missed_events_total: 'BPF could not send them',
});

type AgentCounters = {
	/** Reason → events lost since the agent started. */
	readonly lost: ReadonlyMap<string, number>;
	/** Seconds since 1970; undefined: the agent does not export it. */
	readonly startedAt: number | undefined;
};

/** Parses the counters of Prometheus' text format; undefined: it has no loss counter. */
export function readCounters(text: string): AgentCounters | undefined {
	const lost = new Map<string, number>();
	let startedAt: number | undefined;
	for (const line of text.split('\n')) {
		const match = /^([a-zA-Z_:][\w:]*)(?:\{.*\})?\s+(\S+)/.exec(line);
		if (!match) {
			continue;
		}

		const [, name = '', number] = match;
		const value = Number(number);
		if (!Number.isFinite(value)) {
			continue;
		}

		const words = Object.hasOwn(lossMetrics, name) ? lossMetrics[name] : undefined;
		if (words !== undefined) {
			lost.set(words, (lost.get(words) ?? 0) + value);
		} else if (name === 'process_start_time_seconds') {
			startedAt = value;
		}
	}

	return lost.size > 0 ? {lost, startedAt} : undefined;
}

export type Loss = {readonly count: number; readonly reason: string};

/** Turns readings of the counters into the losses between them. Losses before the first reading do not count. */
export class LossMeter {
	#last: AgentCounters | undefined;
	#total: number;

	/** @param total events lost in earlier connections. */
	constructor(total = 0) {
		this.#total = total;
	}

	/** Events lost since the first reading, and in earlier connections; those that were brought back are not lost. */
	get total(): number {
		return this.#total;
	}

	/** The counters were read. */
	get isKnown(): boolean {
		return this.#last !== undefined;
	}

	/** Events were brought back from what the node keeps. */
	back(count: number): void {
		this.#total = Math.max(0, this.#total - count);
	}

	/** Losses since the last reading, by reason. A counter that went back is a new agent's: all of it counts. */
	read(counters: AgentCounters): readonly Loss[] {
		const last = this.#last;
		this.#last = counters;
		const losses: Loss[] = [];
		if (last === undefined) {
			return losses;
		}

		for (const [reason, value] of counters.lost) {
			const before = last.lost.get(reason) ?? 0;
			const count = value >= before ? value - before : value;
			if (count > 0) {
				losses.push({count, reason});
				this.#total += count;
			}
		}

		return losses;
	}
}
