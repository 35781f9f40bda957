/** The policies view: one row for a policy, merged over the nodes, and below it one for each node and selector. */
import type {ActionCounters, PolicyStatus} from '../../tetragon/agent/policy.js';
import {counter, enforcedOf, monitoredOf} from './counters.js';
import type {PoliciesOfNode} from './policies.js';
import type {PolicyOnNode} from './policy-on-node.js';

export type PolicyRow = {
	/** `namespace/name`; the namespace is '' for a cluster-wide one. */
	readonly id: string;
	readonly name: string;
	readonly namespace: string;
	/** enforce, monitor, mon_only, unknown; mixed: not the same on all nodes. */
	readonly mode: string;
	/**
	enabled, disabled, partial, load_error, error, loading, unloading, skipped, unlisted; mixed; or the number that the
	agent sent.
	*/
	readonly state: string;
	/** Nodes that have it enabled, of those whose list could be read. */
	readonly nodes: number;
	readonly ofNodes: number;
	readonly postsPerSecond: number;
	/** Agents' counters since the policy was loaded; undefined: no agent has them (before v1.6). */
	readonly enforced: number | undefined;
	readonly would: number | undefined;
	/** Events received since start. */
	readonly seen: number;
	/** Counter minus seen since the connection; undefined when there are no counters. */
	readonly missed: number | undefined;
	/** Enforcements among the missed. */
	readonly unseen: number;
	/** Counter minus seen of events that were not asked for: the request is narrower than the policy. */
	readonly notAsked: number;
	/** Whether every event of it was asked for; otherwise an enforcement without an event cannot be known. */
	readonly isWhole: boolean;
	readonly kernelMemoryBytes: number;
	/** Share of all events since start, 0 to 1. */
	readonly share: number;
	/** In words; may hold foreign text. */
	readonly note: string;
	/** First load error of any node; '' where none. Raw foreign text. */
	readonly error: string;
	readonly perNode: readonly PolicyNodeRow[];
	/** The enforcements that a monitor policy would have done, the most frequent first. */
	readonly blastRadius: readonly BlastRow[];
};

export type PolicyNodeRow = {
	readonly node: number;
	readonly nodeName: string;
	readonly mode: string;
	readonly state: string;
	readonly error: string;
	/** v1.8: echo it to ConfigureTracingPolicy. */
	readonly domain: string | undefined;
	readonly postsPerSecond: number;
	readonly posts: number | undefined;
	readonly enforced: number | undefined;
	readonly would: number | undefined;
	readonly seen: number;
	readonly missed: number | undefined;
	readonly kernelMemoryBytes: number;
	readonly hooks: ReadonlyArray<{readonly name: string; readonly state: string; readonly loaded: boolean}>;
	readonly selectors: ReadonlyArray<{
		readonly hook: string;
		readonly hookIndex: number;
		readonly selectorIndex: number;
		readonly label: string;
		readonly posts: number;
		readonly enforced: number;
		readonly would: number;
	}>;
};

type BlastRow = {
	readonly namespace: string;
	readonly workload: string;
	readonly binary: string;
	readonly count: number;
};

type Placed = {
	readonly node: number;
	readonly nodeName: string;
	/** The node is watched no more: its list is of before. */
	readonly isEnded: boolean;
	readonly policy: PolicyOnNode;
};

/** What is asked of the nodes by their id. */
type NodesById = {readonly nameOf: (node: number) => string; readonly isEnded: (node: number) => boolean};

/** A policy that causes more than half of all events hides the others. */
const noisy = 0.5;
const noisyFrom = 1000;

export function policyRows(
	nodes: ReadonlyArray<PoliciesOfNode | undefined>,
	byId: NodesById,
	events: number,
): PolicyRow[] {
	const merged = new Map<string, Placed[]>();
	let ofNodes = 0;
	for (const [node, policies] of nodes.entries()) {
		const isEnded = byId.isEnded(node);
		ofNodes += policies?.listedMs === undefined || isEnded ? 0 : 1;
		for (const policy of [...(policies?.byName.values() ?? [])].flat()) {
			// A policy that was removed, or whose node has gone, leaves the view, unless it has events.
			if ((policy.listed && !isEnded) || policy.seen > 0) {
				const id = `${policy.namespace}/${policy.name}`;
				merged.set(id, [...(merged.get(id) ?? []), {node, nodeName: byId.nameOf(node), isEnded, policy}]);
			}
		}
	}

	return [...merged.entries()]
		.map(([id, placed]) => mergedRow(id, placed, ofNodes, events))
		.sort((a, b) => compare(a.name, b.name) || compare(a.namespace, b.namespace));
}

function mergedRow(id: string, placed: readonly Placed[], ofNodes: number, events: number): PolicyRow {
	const perNode = placed.map(nodeRow);
	const seen = sum(perNode.map(row => row.seen));
	const row = {
		id,
		name: placed[0]?.policy.name ?? '',
		namespace: placed[0]?.policy.namespace ?? '',
		mode: oneOf(perNode.map(({mode}) => mode)),
		state: oneOf(perNode.map(({state}) => state)),
		nodes: perNode.filter(({state}) => state === 'enabled' || state === 'partial').length,
		ofNodes,
		postsPerSecond: sum(perNode.map(({postsPerSecond}) => postsPerSecond)),
		enforced: sumOrNothing(perNode.map(({enforced}) => enforced)),
		would: sumOrNothing(perNode.map(({would}) => would)),
		seen,
		missed: sumOrNothing(perNode.map(({missed}) => missed)),
		unseen: sum(placed.map(({policy}) => (policy.isWhole ? policy.unseen : 0))),
		isWhole: placed.every(({policy}) => policy.isWhole),
		notAsked: sum(placed.map(({policy}) => policy.notAsked)),
		kernelMemoryBytes: sum(perNode.map(({kernelMemoryBytes}) => kernelMemoryBytes)),
		share: events === 0 ? 0 : seen / events,
		error: perNode.find(({error}) => error !== '')?.error ?? '',
		perNode,
		blastRadius: blastOf(placed),
	};
	return {...row, note: noteOf(row, perNode)};
}

function noteOf(row: Omit<PolicyRow, 'note'>, perNode: readonly PolicyNodeRow[]): string {
	const notes: string[] = [];
	const failed = perNode.find(({error}) => error !== '');
	if (failed !== undefined) {
		notes.push(row.ofNodes > 1 ? `${failed.nodeName}: ${failed.error}` : failed.error);
	}

	const partial = perNode.find(({state}) => state === 'partial');
	if (partial !== undefined) {
		const loaded = partial.hooks.filter(hook => hook.loaded).length;
		notes.push(`${partial.nodeName}: ${loaded} of ${partial.hooks.length} hooks loaded`);
	}

	const listed = perNode.filter(({state}) => state !== 'unlisted').length;
	if (listed > 0 && listed < row.ofNodes) {
		const absent = row.ofNodes - listed;
		notes.push(`absent on ${absent} ${absent === 1 ? 'node' : 'nodes'}`);
	}

	if (row.unseen > 0) {
		notes.push(`NoPost: ${row.unseen} ${row.unseen === 1 ? 'enforcement' : 'enforcements'} sent no event`);
	}

	if (row.notAsked > 0) {
		notes.push(`${row.notAsked} not asked for`);
	}

	if (row.share > noisy && row.seen >= noisyFrom) {
		notes.push(`noisy: ${Math.round(row.share * 100)} % of all events`);
	}

	return notes.join('; ');
}

function nodeRow({node, nodeName, isEnded, policy}: Placed): PolicyNodeRow {
	const status = policy.listed && !isEnded ? policy.status : undefined;
	const counters = status?.stats?.action_counters;
	// An agent of v1.0 sends `<nil>` for no error.
	const error = status?.error === '<nil>' ? '' : (status?.error ?? '');
	return {
		node,
		nodeName,
		mode: modeWord(status),
		state: status === undefined ? 'unlisted' : stateWord(status),
		error,
		domain: status?.domain,
		postsPerSecond: policy.postsPerSecond,
		posts: counters === undefined ? undefined : counter(counters, 'post'),
		enforced: counters === undefined ? undefined : enforcedOf(counters),
		would: counters === undefined ? undefined : monitoredOf(counters),
		seen: policy.seen,
		missed: counters === undefined ? undefined : policy.missed,
		kernelMemoryBytes: Number(status?.kernel_memory_bytes ?? 0),
		hooks: (status?.hook_statuses ?? []).map(hook => ({
			name: hook.hook_description ?? hook.section ?? '',
			state: word(hook.state, 'STATUS_'),
			loaded: hook.state === 'STATUS_LOADED',
		})),
		selectors: (status?.stats?.selector_action_counters ?? []).map(selector => ({
			hook: selector.hook ?? '',
			hookIndex: selector.hook_index ?? 0,
			selectorIndex: selector.selector_index ?? 0,
			label: selector.selector_label ?? '',
			...countersOf(selector.action_counters),
		})),
	};
}

function countersOf(counters: ActionCounters | undefined) {
	return {
		posts: counter(counters, 'post'),
		enforced: enforcedOf(counters),
		would: monitoredOf(counters),
	};
}

function blastOf(placed: readonly Placed[]): BlastRow[] {
	const rows = new Map<string, BlastRow>();
	for (const {policy} of placed) {
		for (const [key, blast] of policy.blast) {
			rows.set(key, {...blast, count: blast.count + (rows.get(key)?.count ?? 0)});
		}
	}

	return [...rows.values()].sort((a, b) => b.count - a.count || compare(a.binary, b.binary));
}

function modeWord(status: PolicyStatus | undefined): string {
	switch (status?.mode) {
		case 'TP_MODE_ENFORCE':
		case 1: {
			return 'enforce';
		}

		case 'TP_MODE_MONITOR':
		case 2: {
			return 'monitor';
		}

		case 'TP_MODE_MONITOR_ONLY':
		case 3: {
			return 'mon_only';
		}

		default: {
			return typeof status?.mode === 'number' && status.mode > 3 ? `mode ${status.mode}` : 'unknown';
		}
	}
}

const numberedStates = [
	'UNKNOWN',
	'ENABLED',
	'DISABLED',
	'LOAD_ERROR',
	'ERROR',
	'LOADING',
	'UNLOADING',
	'SKIPPED',
	'PARTIALLY_ENABLED',
];

/** Agents before v1.1 send only `enabled`. */
function stateWord({state, enabled}: PolicyStatus): string {
	if (state === undefined || state === 0 || state === 'TP_STATE_UNKNOWN') {
		return enabled === undefined ? 'unknown' : enabled ? 'enabled' : 'disabled';
	}

	const name = typeof state === 'number' ? (numberedStates[state] ?? `state ${state}`) : state;
	return word(name, 'TP_STATE_').replace('partially_enabled', 'partial');
}

function word(name: string | number | undefined, prefix: string): string {
	return String(name ?? '')
		.replace(prefix, '')
		.toLowerCase();
}

/** The word of all nodes that list the policy, or `mixed`. */
function oneOf(words: readonly string[]): string {
	const said = new Set(words.filter(word => word !== 'unlisted'));
	return said.size === 0 ? (words[0] ?? '') : said.size === 1 ? [...said][0]! : 'mixed';
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

function sumOrNothing(numbers: ReadonlyArray<number | undefined>): number | undefined {
	const known = numbers.filter(number => number !== undefined);
	return known.length === 0 ? undefined : sum(known);
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
