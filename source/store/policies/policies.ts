/**
The policies of every node: their modes, which decide the states of enforcements, and how many of their events
arrived.
*/

import type {PolicyStatus} from '../../tetragon/agent/policy.js';
import type {ProcessFacts} from '../../tetragon/event/facts.js';
import type {PolicyMode} from '../enforcement-states.js';
import {PolicyOnNode} from './policy-on-node.js';
import type {UnseenAlert} from './unseen-ledger.js';

/** Bound of the policies of a node: events may name policies that no list has. */
const mostPolicies = 4096;

export type Unseen = {readonly node: number; readonly policy: PolicyOnNode; readonly alert: UnseenAlert};

/** An UNSEEN enforcement whose event arrived after all. */
type Late = {readonly node: number; readonly policy: string; readonly alertMs: number};

export type PoliciesOfNode = {
	readonly byName: Map<string, PolicyOnNode[]>;
	count: number;
	/** Arrival time of the newest list; undefined: none could be read. */
	listedMs: number | undefined;
	/** Arrival time of the list that settle() has handled. */
	settledMs: number | undefined;
};

/**
Events that a list has counted may still be on their way for this long. With the 10 s between two polls an UNSEEN
alert comes within 15 s.
*/
const settleMs = 4000;

export class Policies {
	readonly #nodes: PoliciesOfNode[] = [];
	#late: Late[] = [];

	ofNode(node: number): PoliciesOfNode {
		const known = this.#nodes[node];
		if (known !== undefined) {
			return known;
		}

		const made: PoliciesOfNode = {byName: new Map(), count: 0, listedMs: undefined, settledMs: undefined};
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

	/** Counts an event for the policy of that name that applies to the namespace of the process. */
	see(node: number, name: string, namespace: string, timeMs: number, enforces: boolean): PolicyOnNode | undefined {
		const policies = this.ofNode(node);
		const policy = this.of(node, name, namespace) ?? this.#add(policies, name, '');
		const alertMs = policy?.see(timeMs, enforces);
		if (policy !== undefined && alertMs !== undefined) {
			this.#late.push({node, policy: policy.name, alertMs});
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

	/** The mode of an enforcement that arrived before the list; in monitor mode it is counted in the blast radius. */
	judge(node: number, name: string, process: ProcessFacts | undefined): PolicyMode {
		const mode = this.modeOf(node, name, process?.namespace);
		if (mode === 'monitor') {
			pick(this.#nodes[node]?.byName.get(name), process?.namespace ?? '')?.wouldHit(process);
		}

		return mode;
	}

	/** Takes a policy list; undefined: it could not be read, and no mode is known from now on. */
	take(node: number, list: readonly PolicyStatus[] | undefined, nowMs: number): Unseen[] {
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

		policies.listedMs = nowMs;
		for (const policy of known) {
			policy.listed = false;
		}

		const unseen: Unseen[] = [];
		for (const status of list) {
			const name = status.name ?? '';
			const namespace = status.namespace ?? '';
			const policy = this.#meant(policies, name, namespace);
			const alert = policy?.poll(status, nowMs);
			if (policy !== undefined && alert !== undefined) {
				unseen.push({node, policy, alert});
			}
		}

		return unseen;
	}

	/** The enforcements that the newest lists count and that have no event, once the events had time to arrive. */
	settle(nowMs: number): Unseen[] {
		const unseen: Unseen[] = [];
		for (const [node, policies] of this.#nodes.entries()) {
			if (policies?.listedMs === undefined || policies.settledMs === policies.listedMs) {
				continue;
			}

			if (nowMs - policies.listedMs < settleMs) {
				continue;
			}

			policies.settledMs = policies.listedMs;
			for (const policy of [...policies.byName.values()].flat()) {
				const alert = policy.listed ? policy.settle(nowMs) : undefined;
				if (alert !== undefined) {
					unseen.push({node, policy, alert});
				}
			}
		}

		return unseen;
	}

	/** The UNSEEN enforcements that were taken back since the last call. */
	takeLate(): readonly Late[] {
		const late = this.#late;
		if (late.length > 0) {
			this.#late = [];
		}

		return late;
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
		const same = policies.byName.get(name);
		if (same === undefined) {
			policies.byName.set(name, [policy]);
		} else {
			same.push(policy);
		}

		return policy;
	}
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
