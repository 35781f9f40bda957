import {Keep} from '../store/keep.js';
import type {Link} from '../tetragon/agent/link.js';
import {DialLimiter} from './dial-limiter.js';
import {IdleCuts} from './idle-cuts.js';
import {FleetNode, type NodeOptions} from './node.js';
import {StallWatch} from './stall.js';

export type FleetOptions = Omit<NodeOptions, 'limiter' | 'idleCuts' | 'keep'> & {
	/** undefined: the events that the request asks for are kept. */
	readonly keep?: Keep;
	/** Dials that run at the same time. */
	readonly dials?: number;
	/** Milliseconds, monotonic: a jump shows that this process stood still. */
	readonly clock?: () => number;
};

/** All nodes. They are independent: none waits for another. */
export class Fleet {
	readonly #options: NodeOptions;
	readonly #nodes = new Map<string, FleetNode>();
	readonly #watch: StallWatch;

	/** Throws for a filter that cannot be built; buildRequest() rejects such filters with a message before. */
	constructor(options: FleetOptions) {
		this.#options = {
			...options,
			limiter: new DialLimiter(options.dials),
			idleCuts: new IdleCuts(options.store),
			keep: options.keep ?? new Keep({request: options.request}),
		};
		this.#watch = new StallWatch({
			...(options.clock ? {clock: options.clock} : {}),
			stalled: forMs => {
				for (const node of this.#nodes.values()) {
					node.stalled(forMs);
				}
			},
		});
	}

	/** Starts a node for the link. A second link to the same node replaces the first one. */
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

	/** @param name the link's node. Resolves when the connection is closed. */
	async remove(name: string, reason = 'the node is gone'): Promise<void> {
		const node = this.#nodes.get(name);
		this.#nodes.delete(name);
		await node?.close(reason);
	}

	get nodes(): ReadonlyMap<string, FleetNode> {
		return this.#nodes;
	}

	/** Gives every agent the request as it is now. */
	refilter(): void {
		for (const node of this.#nodes.values()) {
			node.refilter();
		}
	}

	/** @param id the store's id. */
	node(id: number): FleetNode | undefined {
		for (const node of this.#nodes.values()) {
			if (node.id === id) {
				return node;
			}
		}

		return undefined;
	}

	/** Ends the wait of all nodes that wait for a retry; with an id, replaces that node's connection. */
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
		this.#options.past?.close();
		const nodes = [...this.#nodes.values()];
		this.#nodes.clear();
		await Promise.all(nodes.map(async node => node.close()));
	}
}
