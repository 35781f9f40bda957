/**
The policies of a node within a recording. An event does not have the mode of its policy, enforce or monitor; with the policies
a replay knows it.
*/
import type {PolicyStatus} from '../tetragon/agent/policy.js';
import {messageOfJson} from '../tetragon/json/json-lines.js';

export type RecordedPolicies = {
	/** node_name of the events that they hold for. */
	readonly node: string;
	readonly list: readonly PolicyStatus[];
	/** When the agent sent them, milliseconds since 1970. */
	readonly atMs: number;
};

/**
`time` is not a valid time on purpose: `tetra` skips a line that it cannot parse, but exits at a parsed line that is no event.
Counters of single selectors are left out: a replay has no use for them, and every poll changes them.
*/
export function policiesLine({node, list, atMs}: RecordedPolicies): string {
	const slim = list.map(({name, namespace, mode, state, enabled, error, domain, stats}) => ({
		name,
		namespace,
		mode,
		state,
		enabled,
		error,
		domain,
		...(stats?.action_counters ? {stats: {action_counters: stats.action_counters}} : {}),
	}));
	return JSON.stringify({
		tetratop: {policies: {node, at: new Date(atMs).toISOString(), list: slim}},
		time: 'none: policies',
	});
}

/** What `policiesLine` wrote, from its parsed `tetratop` member; undefined: that is something else, or damaged. */
export function recordedPolicies(member: Readonly<Record<string, unknown>>): RecordedPolicies | undefined {
	const {policies} = member as {policies?: {node?: unknown; at?: unknown; list?: unknown} | null};
	if (typeof policies !== 'object' || policies === null) {
		return undefined;
	}

	const {node, at, list} = policies;
	const atMs = Date.parse(String(at));
	if (typeof node !== 'string' || !Array.isArray(list) || Number.isNaN(atMs)) {
		return undefined;
	}

	const statuses = list.map(one => messageOfJson<PolicyStatus>('TracingPolicyStatus', one));
	return statuses.every(status => status !== undefined) ? {node, list: statuses, atMs} : undefined;
}
