/**
Was it the agent or only the way to it? No call tells when an agent started, so a restart is put together from what it
cannot hide: another pod or version, a socket that nobody served in between, an end that only a shutdown makes, a start time
in its metrics, counters that began again.
*/
import type {PolicyStatus} from '../tetragon/agent/policy.js';

/** What is known of the agent behind a connection. */
export type AgentIdentity = {
	readonly agent: string;
	readonly version: string;
	startedAt: number | undefined;
	counters: ReadonlyMap<string, bigint>;
};

/** How the last connection ended, and what happened until the next. */
export type LastEnd = {
	/** gRPC status of the stream's end. */
	readonly code: number | undefined;
	/** A try found nobody listening. */
	readonly nobodyThere: boolean;
};

const cancelled = 1;

/** The reason in words for the rule in the feed; undefined: nothing says that the agent was another. */
export function restartReason(before: AgentIdentity, parting: LastEnd, after: AgentIdentity): string | undefined {
	if (before.version !== '' && after.version !== '' && before.version !== after.version) {
		return `agent replaced: ${before.version} → ${after.version}`;
	}

	if (before.agent !== after.agent) {
		return `agent replaced: ${before.agent} → ${after.agent}`;
	}

	if (before.startedAt !== undefined && after.startedAt !== undefined && before.startedAt !== after.startedAt) {
		return 'agent restarted';
	}

	if (parting.nobodyThere) {
		return 'agent restarted: nobody listened in between';
	}

	// A network that fails never cancels; an agent that shuts down cancels its streams.
	if (parting.code === cancelled) {
		return 'agent restarted: it ended the stream itself';
	}

	return countersBeganAgain(before.counters, after.counters) ? 'agent restarted: its counters began again' : undefined;
}

/** Sum of all action counters by policy. */
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
