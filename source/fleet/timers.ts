import {pause} from '../runtime/pause.js';

/** Periods and limits of a node's connection, in milliseconds. */
export type Timers = {
	/** Between GetHealth calls: they show that a quiet agent is alive, because its server forbids frequent pings. */
	readonly healthMs: number;
	/** GetHealth calls without an answer in a row, and without an event in between, after which the agent is gone. A number. */
	readonly missedHealth: number;
	/** Between ListTracingPolicies calls: each one opens BPF maps in the agent. */
	readonly policiesMs: number;
	/** Between readings of the agent's metrics. */
	readonly metricsMs: number;
	/** Between two of them while the stream is not read, since the agent drops events then. */
	readonly heldMetricsMs: number;
	/** A node without an event for this long is quiet. */
	readonly quietMs: number;
	/** For one attempt to connect. */
	readonly dialMs: number;
	/**
	Between the starts of two attempts, at least. A change in the cluster ends the wait of a node, and a broken API server may
	report changes without end.
	*/
	readonly attemptMs: number;
	/** Between attempts of a blocked node: only a change elsewhere (a permission, a certificate) can help it. */
	readonly blockedMs: number;
	/** Between attempts of a failed cache dump. */
	readonly dumpAgainMs: number;
};

export const defaultTimers: Timers = {
	healthMs: 5000,
	missedHealth: 2,
	policiesMs: 10_000,
	metricsMs: 10_000,
	heldMetricsMs: 900,
	quietMs: 10_000,
	dialMs: 20_000,
	attemptMs: 250,
	blockedMs: 60_000,
	dumpAgainMs: 5000,
};

/** Repeats the work, each time `ms` after it was done, until the signal aborts. The work must not reject. */
export async function repeat(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
	while (!signal.aborted) {
		await pause(ms, signal);
		if (!signal.aborted) {
			await work();
		}
	}
}
