/** How often a node is asked for what, in milliseconds; tests run the same machine faster. */
import {pause} from '../runtime/pause.js';

export type Timers = {
	/** GetHealth: the only sign of life of a quiet agent, whose stream says nothing and may not be pinged. */
	readonly healthMs: number;
	/** Unanswered GetHealth calls in a row, with no event between them, after which the agent is taken for gone. */
	readonly missedHealth: number;
	/** ListTracingPolicies opens BPF maps in the agent: not more often than this. */
	readonly policiesMs: number;
	readonly metricsMs: number;
	/** Without an event for this long a node is called quiet. */
	readonly quietMs: number;
	/** How long an attempt may take before it is given up. */
	readonly dialMs: number;
	/** A blocked node is tried again this rarely: what blocks it (a permission, a certificate) is changed elsewhere. */
	readonly blockedMs: number;
	/** Between tries of a cache dump that failed. */
	readonly dumpAgainMs: number;
};

export const defaultTimers: Timers = {
	healthMs: 5000,
	missedHealth: 2,
	policiesMs: 10_000,
	metricsMs: 10_000,
	quietMs: 10_000,
	dialMs: 20_000,
	blockedMs: 60_000,
	dumpAgainMs: 5000,
};

/** Does the work again and again, `ms` after it was done; never two at a time. Ends with the signal; work must not reject. */
export async function repeat(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
	while (!signal.aborted) {
		await pause(ms, signal);
		if (!signal.aborted) {
			await work();
		}
	}
}
