/**
Decides whether the agent restarted or only its connection broke. No call returns an agent's start time, so a restart is
concluded from: another pod or version, a refused connection in between, an end that only a shutdown causes, the start time
in the metrics, and counters that began again.
*/
import type {PolicyStatus} from '../tetragon/agent/policy.js';

/** What is known about the agent of a connection. */
export type AgentIdentity = {
	readonly agent: string;
	readonly version: string;
	/** Seconds since 1970; undefined: not known. */
	startedAt: number | undefined;
	/** Sum of the action counters, by `namespace/policy`. */
	counters: ReadonlyMap<string, bigint>;
};

/** The end of the last connection, and what happened since. */
export type LastEnd = {
	/** gRPC status of the stream's end. */
	readonly code: number | undefined;
	/** An attempt was refused: no agent was listening. */
	readonly wasRefused: boolean;
};

/** gRPC status CANCELLED. */
const cancelled = 1;

/** The reason for the marker in the feed; undefined: nothing shows a restart. */
export function restartReason(before: AgentIdentity, lastEnd: LastEnd, after: AgentIdentity): string | undefined {
	if (before.version !== '' && after.version !== '' && before.version !== after.version) {
		return `agent replaced: ${before.version} → ${after.version}`;
	}

	if (before.agent !== after.agent) {
		return `agent replaced: ${before.agent} → ${after.agent}`;
	}

	if (before.startedAt !== undefined && after.startedAt !== undefined && before.startedAt !== after.startedAt) {
		return 'agent restarted';
	}

	if (lastEnd.wasRefused) {
		return 'agent restarted: the connection was refused in between';
	}

	// An agent that shuts down cancels its streams; a failing network does not.
	if (lastEnd.code === cancelled) {
		return 'agent restarted: it ended the stream itself';
	}

	return countersBeganAgain(before.counters, after.counters) ? 'agent restarted: its counters began again' : undefined;
}

/** Sum of the action counters, by `namespace/policy`. */
export function countersOf(policies: readonly PolicyStatus[]): ReadonlyMap<string, bigint> {
	const counters = new Map<string, bigint>();
	for (const {namespace = '', name = '', stats} of policies) {
		if (stats?.action_counters) {
			const sum = Object.values(stats.action_counters).reduce((total, count) => total + toBigInt(count), 0n);
			counters.set(`${namespace}/${name}`, sum);
		}
	}

	return counters;
}

function countersBeganAgain(before: ReadonlyMap<string, bigint>, after: ReadonlyMap<string, bigint>): boolean {
	for (const [policy, count] of after) {
		if (count < (before.get(policy) ?? 0n)) {
			return true;
		}
	}

	return false;
}

function toBigInt(text: string): bigint {
	return /^\d+$/.test(text) ? BigInt(text) : 0n;
}
