/**
What the agent says it lost. Its event stream is silent about it (a client that read 50 events/s missed 7 406 of 25 022
without a sign), but its metrics count: the per-client channel that overflowed, the ring buffers, the events that BPF could
not send.
*/

/** Metric → words for the rule in the feed. */
const lossMetrics: Readonly<Record<string, string>> = {
	tetragon_notify_overflowed_events_total: 'the agent’s queue for a client was full',
	tetragon_observer_ringbuf_events_lost_total: 'the kernel’s ring buffer was full',
	tetragon_observer_ringbuf_queue_events_lost_total: 'the agent’s own queue was full',
	tetragon_bpf_missed_events_total: 'BPF could not send them',
};

export type AgentCounters = {
	/** Words → events lost since the agent started. */
	readonly lost: ReadonlyMap<string, number>;
	/** Seconds since 1970; undefined where the agent does not say. */
	readonly startedAt: number | undefined;
};

/** Reads Prometheus' text format, as far as counters need it. undefined: it has none of the loss counters. */
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

/** Turns readings into what was lost between them. Before the first reading nothing is ours. */
export class LossMeter {
	#last: AgentCounters | undefined;
	#total: number;

	/** `total`: lost before, in earlier connections. */
	constructor(total = 0) {
		this.#total = total;
	}

	/** Events lost since the first reading, and before. */
	get total(): number {
		return this.#total;
	}

	/** What was lost since the reading before, by cause. A counter that went back belongs to a new agent: all of it is new. */
	read(counters: AgentCounters): readonly Loss[] {
		const losses: Loss[] = [];
		for (const [reason, value] of this.#last ? counters.lost : []) {
			const before = this.#last?.lost.get(reason) ?? 0;
			const count = value >= before ? value - before : value;
			if (count > 0) {
				losses.push({count, reason});
				this.#total += count;
			}
		}

		this.#last = counters;
		return losses;
	}
}
