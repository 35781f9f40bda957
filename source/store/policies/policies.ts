/**
The policies of every node: their modes, which decide the states of enforcements, and how many of their events
arrived.
*/

import type {PolicyStatus} from '../../tetragon/agent/policy.js';
import type {PolicyMode} from '../enforcement-states.js';
import type {FeedMarker} from '../snapshot.js';
import {PolicyOnNode, type Settled} from './policy-on-node.js';

/** Policies that events name and no list knows are kept up to this many a node. */
const mostPolicies = 4096;

/** What a look at a policy's counters changed. */
export type PolicySettled = Settled & {readonly node: number; readonly policy: PolicyOnNode};

/** Whether the request of a node asked for every event of a policy; see Store.setRequest. */
export type IsWhole = (policy: string) => boolean;

export type PoliciesOfNode = {
	readonly byName: Map<string, PolicyOnNode[]>;
	count: number;
	/** Arrival time of the newest list; undefined: none could be read. */
	listedMs: number | undefined;
	isWhole: IsWhole;
};

export class Policies {
	readonly #nodes: PoliciesOfNode[] = [];

	ofNode(node: number): PoliciesOfNode {
		const known = this.#nodes[node];
		if (known !== undefined) {
			return known;
		}

		const made: PoliciesOfNode = {byName: new Map(), count: 0, listedMs: undefined, isWhole: () => true};
		this.#nodes[node] = made;
		return made;
	}

	all(): ReadonlyArray<PoliciesOfNode | undefined> {
		return this.#nodes;
	}

	/** The newest list of each node that has one. */
	lists(): Array<{readonly node: number; readonly list: readonly PolicyStatus[]; readonly atMs: number}> {
		return this.#nodes.flatMap(({byName, listedMs}, node) => {
			const listed = [...byName.values()].flat().filter(policy => policy.listed);
			const list = listed.flatMap(({status}) => (status === undefined ? [] : [status]));
			return listedMs === undefined ? [] : [{node, list, atMs: listedMs}];
		});
	}

	/** Counts an event; the policy of that name which applies to the process is meant. */
	see(node: number, name: string, namespace: string): PolicyOnNode | undefined {
		const policies = this.ofNode(node);
		const policy = this.of(node, name, namespace) ?? this.#add(policies, name, '');
		if (policy !== undefined) {
			policy.seen++;
		}

		return policy;
	}

	/** The policy of that name that applies to a process of that namespace. */
	of(node: number, name: string, namespace: string): PolicyOnNode | undefined {
		return pick(this.#nodes[node]?.byName.get(name), namespace);
	}

	/**
	The mode in which a policy ran on a node by the newest list. Events do not name the policy's namespace: that of the
	process goes first, since a namespaced policy applies to its own namespace only, then the cluster-wide one.
	*/
	modeOf(node: number, name: string, namespace: string | undefined): PolicyMode {
		const same = this.#nodes[node]?.byName.get(name);
		if (same === undefined) {
			return 'unknown';
		}

		if (namespace !== undefined) {
			return pick(same, namespace)?.mode ?? 'unknown';
		}

		const modes = new Set(same.map(({mode}) => mode));
		return modes.size === 1 ? same[0]!.mode : 'unknown';
	}

	/** The request of a node's stream changed: what is missing of a policy that was not asked for whole is no loss. */
	setRequest(node: number, isWhole: IsWhole): void {
		const policies = this.ofNode(node);
		policies.isWhole = isWhole;
		for (const policy of [...policies.byName.values()].flat()) {
			policy.isWhole = isWhole(policy.name);
		}
	}

	/**
	Takes ListTracingPolicies in; undefined: it could not be read, and no mode is known from now on. The agent read its
	counters between `askedMs` and `gotMs`. Returns the policies whose mode differs from the list before.
	*/
	take(
		node: number,
		list: readonly PolicyStatus[] | undefined,
		askedMs: number,
		gotMs: number,
		modeless: boolean,
	): readonly PolicyOnNode[] {
		const policies = this.ofNode(node);
		const known = [...policies.byName.values()].flat();
		if (list === undefined) {
			policies.listedMs = undefined;
			for (const policy of known) {
				policy.listed = false;
				policy.mode = 'unknown';
			}

			return [];
		}

		if (hasBegunAnew(known, list)) {
			this.note(node, {type: 'restart', reason: ''});
		}

		policies.listedMs = gotMs;
		for (const policy of known) {
			policy.listed = false;
		}

		const changed: PolicyOnNode[] = [];
		for (const status of list) {
			const policy = this.#meant(policies, status.name ?? '', status.namespace ?? '');
			const before = policy?.mode;
			policy?.poll(status, askedMs, gotMs, modeless);
			if (policy !== undefined && before !== 'unknown' && policy.mode !== before) {
				changed.push(policy);
			}
		}

		return changed;
	}

	/** Takes a marker of the feed in: an agent that restarted counts anew. */
	note(node: number, {type}: FeedMarker): void {
		if (type !== 'restart') {
			return;
		}

		for (const policy of [...this.ofNode(node).byName.values()].flat()) {
			policy.restart();
		}
	}

	/** Judges the events of every policy by its counters. */
	settle(nowMs: number): readonly PolicySettled[] {
		const settled: PolicySettled[] = [];
		for (const [node, policies] of this.#nodes.entries()) {
			for (const policy of [...(policies?.byName.values() ?? [])].flat()) {
				const change = policy.settle(nowMs);
				if (change !== undefined) {
					settled.push({...change, node, policy});
				}
			}
		}

		return settled;
	}

	/** Policies whose counters hold signals that no event explains. */
	unexplained(): ReadonlyArray<{readonly node: number; readonly policy: PolicyOnNode}> {
		return this.#nodes.flatMap((policies, node) =>
			[...(policies?.byName.values() ?? [])]
				.flat()
				.filter(policy => policy.claims.rests.some(({signal}) => signal.enforced > 0 || signal.monitored > 0))
				.map(policy => ({node, policy})),
		);
	}

	#meant(policies: PoliciesOfNode, name: string, namespace: string): PolicyOnNode | undefined {
		const same = policies.byName.get(name) ?? [];
		const known = same.find(other => other.namespace === namespace);
		if (known !== undefined) {
			return known;
		}

		// Events arrived before the list; they do not name the policy's namespace.
		const guessed = same.find(other => other.status === undefined);
		if (guessed !== undefined) {
			guessed.namespace = namespace;
			return guessed;
		}

		return this.#add(policies, name, namespace);
	}

	#add(policies: PoliciesOfNode, name: string, namespace: string): PolicyOnNode | undefined {
		if (policies.count >= mostPolicies) {
			return undefined;
		}

		policies.count++;
		const policy = new PolicyOnNode(name, namespace);
		policy.isWhole = policies.isWhole(name);
		const same = policies.byName.get(name);
		if (same === undefined) {
			policies.byName.set(name, [policy]);
		} else {
			same.push(policy);
		}

		return policy;
	}
}

/** The counters of most policies fell: an agent that restarted, although its stream did not show it. */
function hasBegunAnew(known: readonly PolicyOnNode[], list: readonly PolicyStatus[]): boolean {
	const counting = list.flatMap(status => {
		const policy = known.find(({name, namespace}) => name === status.name && namespace === (status.namespace ?? ''));
		return policy?.hasCounted === true ? [policy.isBehind(status)] : [];
	});
	const fallen = counting.filter(Boolean).length;
	return fallen > 0 && fallen * 2 >= counting.length;
}

function pick(same: readonly PolicyOnNode[] | undefined, namespace: string): PolicyOnNode | undefined {
	if (same === undefined) {
		return undefined;
	}

	// A policy that was removed still gives its mode to late events, but only when no listed one applies.
	function own(policy: PolicyOnNode) {
		return namespace !== '' && policy.namespace === namespace;
	}

	function wide(policy: PolicyOnNode) {
		return policy.namespace === '';
	}

	return (
		same.find(policy => policy.listed && own(policy)) ??
		same.find(policy => policy.listed && wide(policy)) ??
		same.find(own) ??
		same.find(wide)
	);
}
