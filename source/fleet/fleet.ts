/** All nodes at once. Each lives its own life: none waits for another, and one that is removed leaves nothing behind. */

import {Keep} from '../store/keep.js';
import type {Link} from '../tetragon/agent/link.js';
import {DialLimiter} from './dial-limiter.js';
import {IdleCuts} from './idle-cuts.js';
import {FleetNode, type NodeOptions} from './node.js';
import {watchStalls} from './stall.js';

export type FleetOptions = Omit<NodeOptions, 'gate' | 'idleCuts' | 'keep'> & {
	/** undefined: what the request asks for is kept. */
	readonly keep?: Keep;
	/** Dials under way at once. */
	readonly dials?: number;
	/** Milliseconds, monotonic: for noticing that this process stood still. */
	readonly clock?: () => number;
};

export class Fleet {
	readonly #options: NodeOptions;
	readonly #nodes = new Map<string, FleetNode>();
	readonly #watch: {readonly close: () => void};

	/** Throws for a filter that cannot be built; buildRequest() has refused such in words before. */
	constructor(options: FleetOptions) {
		this.#options = {
			...options,
			gate: new DialLimiter(options.dials),
			idleCuts: new IdleCuts(options.store),
			keep: options.keep ?? new Keep({request: options.request}),
		};
		this.#watch = watchStalls({
			...(options.clock ? {clock: options.clock} : {}),
			stalled: forMs => {
				for (const node of this.#nodes.values()) {
					node.stalled(forMs);
				}
			},
		});
	}

	/** The node that the link leads to; a second link to the same node replaces the first. */
	add(link: Link): FleetNode {
		const known = this.#nodes.get(link.node);
		if (known) {
			known.relink(link);
			return known;
		}

		const node = new FleetNode(link, this.#options);
		this.#nodes.set(link.node, node);
		node.start();
		return node;
	}

	/** By the name that its link gave it. Resolves when the connection is closed. */
	async remove(name: string, reason = 'the node is gone'): Promise<void> {
		const node = this.#nodes.get(name);
		this.#nodes.delete(name);
		await node?.close(reason);
	}

	get nodes(): ReadonlyMap<string, FleetNode> {
		return this.#nodes;
	}

	/** Opens every stream anew: what is asked for has changed. */
	reopen(): void {
		for (const node of this.#nodes.values()) {
			node.reconnect('another filter is run by the agents');
		}
	}

	/** By the store's id. */
	node(id: number): FleetNode | undefined {
		for (const node of this.#nodes.values()) {
			if (node.id === id) {
				return node;
			}
		}

		return undefined;
	}

	/** Tries the waiting ones now; with an id, drops that node's connection and makes a new one. */
	retry(id?: number): void {
		if (id !== undefined) {
			this.node(id)?.reconnect();
			return;
		}

		for (const node of this.#nodes.values()) {
			node.retry();
		}
	}

	/** Resolves when the last socket is closed. */
	async close(): Promise<void> {
		this.#watch.close();
		const nodes = [...this.#nodes.values()];
		this.#nodes.clear();
		await Promise.all(nodes.map(async node => node.close()));
	}
}
