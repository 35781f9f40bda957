/** The agents' pods by node, and the one that counts for each node. */
import {nameOf, namespaceOf, type Pod} from '../api/objects.js';
import {type AgentRule, isAgentPod, type NodeAgent, selectAgent} from './select.js';

export class AgentPods {
	readonly #rule: AgentRule;
	readonly #changed: (node: string) => void;
	readonly #pods = new Map<string, Pod>();
	/** The same pods by node: a change of one node must not walk over the pods of 500. */
	readonly #byNode = new Map<string, Map<string, Pod>>();
	readonly #chosen = new Map<string, NodeAgent>();

	/** @param changed called with a node whose agent is another, or in another state, than before. */
	constructor(rule: AgentRule, changed: (node: string) => void) {
		this.#rule = rule;
		this.#changed = changed;
	}

	get size(): number {
		return this.#pods.size;
	}

	/** The namespace of the first pod; undefined: there is none. */
	get namespace(): string | undefined {
		const [first] = this.#pods.values();
		return first === undefined ? undefined : namespaceOf(first);
	}

	/** Nodes with an agent's pod, ready or not. */
	get nodes(): readonly string[] {
		return [...this.#chosen.keys()].filter(node => node !== '');
	}

	at(node: string): NodeAgent {
		return this.#chosen.get(node) ?? {state: 'none'};
	}

	count(): {readonly ready: number; readonly all: number} {
		const all = [...this.#chosen.values()];
		return {ready: all.filter(({state}) => state === 'ready').length, all: all.length};
	}

	replaceAll(items: readonly Pod[]): void {
		const before = [...this.#byNode.keys()];
		this.#pods.clear();
		this.#byNode.clear();
		for (const pod of items) {
			this.#put(pod);
		}

		for (const node of new Set([...before, ...this.#byNode.keys()])) {
			this.#choose(node);
		}
	}

	put(pod: Pod): void {
		this.#put(pod);
		this.#choose(nodeOf(pod));
	}

	drop(pod: Pod): void {
		this.#drop(pod);
		this.#choose(nodeOf(pod));
	}

	#put(pod: Pod): void {
		if (!isAgentPod(pod, this.#rule)) {
			return;
		}

		this.#drop(pod);
		this.#pods.set(keyOf(pod), pod);
		const ofNode = this.#byNode.get(nodeOf(pod)) ?? new Map<string, Pod>();
		this.#byNode.set(nodeOf(pod), ofNode.set(keyOf(pod), pod));
	}

	#drop(pod: Pod): void {
		const key = keyOf(pod);
		const node = nodeOf(this.#pods.get(key) ?? {});
		this.#pods.delete(key);
		this.#byNode.get(node)?.delete(key);
		if (this.#byNode.get(node)?.size === 0) {
			this.#byNode.delete(node);
		}
	}

	#choose(node: string): void {
		const before = this.#chosen.get(node);
		const now = selectAgent([...(this.#byNode.get(node)?.values() ?? [])], this.#rule.container);
		if (now.state === 'none') {
			this.#chosen.delete(node);
		} else {
			this.#chosen.set(node, now);
		}

		if (JSON.stringify(before) !== JSON.stringify(now)) {
			this.#changed(node);
		}
	}
}

function keyOf(pod: Pod): string {
	return `${namespaceOf(pod)}/${nameOf(pod)}`;
}

/** '': the pod is on no node yet. */
function nodeOf(pod: Pod): string {
	return pod.spec?.nodeName ?? '';
}
