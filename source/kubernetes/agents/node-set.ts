/** Decides which nodes are listened to: those with the target's pods, or without a target those with agents. */
import type {NodeAgent} from './select.js';

type NodeSetOptions = {
	/** --node: these nodes and no others; empty: any. */
	readonly only: readonly string[];
	/** Milliseconds that a node is kept after the last target pod left it. */
	readonly lingerMs: number | undefined;
	/** All nodes of the cluster; undefined: listing them is not allowed. */
	readonly known: () => ReadonlySet<string> | undefined;
	/** Called for a new node, and again for a node in the set whose agent changed. */
	readonly add: (node: string) => void;
	readonly remove: (node: string, reason: string) => void;
};

/** A pod's last exit events arrive after the pod is gone: an agent holds events back until it has their metadata. */
const defaultLingerMs = 5000;
/** Without the right to list nodes: a node whose agent is missing for longer than a rollout takes is gone. */
const goneMs = 60_000;

export class NodeSet {
	readonly #options: NodeSetOptions;
	readonly #lingerMs: number;
	readonly #only: ReadonlySet<string>;
	readonly #present = new Set<string>();
	readonly #leaving = new Map<string, NodeJS.Timeout>();
	readonly #withAgent = new Set<string>();
	#target: ReadonlySet<string> = new Set();
	#isEverywhere = false;

	constructor(options: NodeSetOptions) {
		this.#options = options;
		this.#lingerMs = options.lingerMs ?? defaultLingerMs;
		this.#only = new Set(options.only);
	}

	/** There is no target: every node is wanted that has an agent or is known. */
	everywhere(): void {
		this.#isEverywhere = true;
		this.refresh();
	}

	/** These nodes carry the target's pods. */
	target(nodes: ReadonlySet<string>): void {
		this.#target = nodes;
		this.refresh();
	}

	agent(node: string, state: NodeAgent['state']): void {
		if (state === 'none') {
			this.#withAgent.delete(node);
		} else {
			this.#withAgent.add(node);
		}

		const wasPresent = this.#present.has(node);
		this.#update(node);
		// A new agent, or one that became ready, is tried now and not at the end of a back-off.
		if (wasPresent && this.#present.has(node) && state !== 'none') {
			this.#options.add(node);
		}
	}

	refresh(): void {
		const candidates = this.#isEverywhere
			? [...this.#withAgent, ...this.#only, ...(this.#options.known() ?? [])]
			: this.#target;
		for (const node of new Set([...this.#present, ...candidates])) {
			this.#update(node);
		}
	}

	close(): void {
		for (const timer of this.#leaving.values()) {
			clearTimeout(timer);
		}

		this.#leaving.clear();
	}

	#isWanted(node: string): boolean {
		if (this.#only.size > 0 && !this.#only.has(node)) {
			return false;
		}

		return this.#isEverywhere
			? this.#withAgent.has(node) || this.#only.has(node) || (this.#options.known()?.has(node) ?? false)
			: this.#target.has(node);
	}

	#update(node: string): void {
		if (!this.#isWanted(node)) {
			if (this.#present.has(node)) {
				this.#leave(node);
			}

			return;
		}

		clearTimeout(this.#leaving.get(node));
		this.#leaving.delete(node);
		if (!this.#present.has(node)) {
			this.#present.add(node);
			this.#options.add(node);
		}
	}

	#leave(node: string): void {
		if (this.#leaving.has(node)) {
			return;
		}

		const timer = setTimeout(() => {
			this.#leaving.delete(node);
			this.#present.delete(node);
			const reason = this.#isEverywhere ? 'the node is gone' : 'no pod of the target is on it any more';
			this.#options.remove(node, reason);
		}, this.#leaveMs(node));
		timer.unref();
		this.#leaving.set(node, timer);
	}

	#leaveMs(node: string): number {
		if (!this.#isEverywhere) {
			return this.#lingerMs;
		}

		const known = this.#options.known();
		return known !== undefined && !known.has(node) ? 0 : goneMs;
	}
}
