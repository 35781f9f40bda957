import {Refusal} from '../../problem.js';
import {inSlices} from '../../runtime/slices.js';
import type {Connection, DumpedProcess, Link} from '../../tetragon/agent/link.js';
import {processFactsOf} from '../../tetragon/wire/process-message.js';
import type {Agents} from '../agents/agents.js';
import {taintsOf} from '../agents/cluster-nodes.js';
import type {AgentPod} from '../agents/select.js';
import {defaultServerAddress, readServerAddress, type ServerAddress} from '../agents/server-address.js';
import {DelegatedConnection} from './delegated-connection.js';
import {type Dialler, dialAgent} from './dial.js';

/** Milliseconds that a dial waits for the agents' ConfigMap: knowing the address saves one useless try at most. */
const addressPatienceMs = 300;

/** A Link for each node. It dials the pod that is the node's agent at the moment, by whichever transport works. */
export class NodeLinks {
	readonly #dialler: Dialler;
	readonly #agents: Agents;
	readonly #signal: AbortSignal;
	readonly #links = new Map<string, Link>();
	readonly #open = new Map<string, NodeConnection>();
	/** By ConfigMap: one request for all nodes of a DaemonSet. */
	readonly #addresses = new Map<string, Promise<ServerAddress>>();

	constructor(dialler: Dialler, agents: Agents, signal: AbortSignal) {
		this.#dialler = dialler;
		this.#agents = agents;
		this.#signal = signal;
	}

	/** Returns the same Link for the same node. */
	link(node: string): Link {
		const link = this.#links.get(node) ?? {node, open: abort => this.#openNode(node, abort)};
		this.#links.set(node, link);
		return link;
	}

	/** The node's agent changed: a connection to the old pod is closed. */
	agentChanged(node: string): void {
		const connection = this.#open.get(node);
		const now = this.#agents.at(node);
		// A pod that is being deleted still sends events; it is left when it is gone or has a successor.
		if (
			connection !== undefined &&
			(now.state === 'none' || (now.state === 'ready' && now.agent.uid !== connection.uid))
		) {
			this.#open.delete(node);
			connection.close();
		}
	}

	forget(node: string): void {
		this.#links.delete(node);
	}

	async #openNode(node: string, abort: AbortSignal): Promise<Connection> {
		// A node may be known before the first search for agents is done.
		await this.#agents.looked;
		abort.throwIfAborted();
		const agent = await this.#agentOf(node, abort);
		const inner = await dialAgent(this.#dialler, agent, await this.#addressOf(agent), abort);
		const connection: NodeConnection = new NodeConnection(inner, agent, this.#dialler.own, () => {
			if (this.#open.get(node) === connection) {
				this.#open.delete(node);
			}
		});
		this.#open.set(node, connection);
		return connection;
	}

	/** Rejects with a Refusal that says why no pod can be dialled; a change of the pods tries again, a retry does not help. */
	async #agentOf(node: string, abort: AbortSignal): Promise<AgentPod> {
		const found = this.#agents.at(node);
		switch (found.state) {
			case 'ready':
				return found.agent;
			case 'waiting':
				throw new Refusal(
					`${node}: ${found.pod}`,
					found.why,
					'see kubectl describe pod; tetratop connects when the pod is Ready',
					false,
				);
			case 'none':
				if (this.#agents.unseen !== undefined) {
					throw new Refusal(
						`${node}: the agent is not known`,
						this.#agents.unseen,
						'ask for the right to list pods there: see `tetratop rbac`',
						false,
					);
				}

				throw new Refusal(
					`${node}: no Tetragon pod`,
					(await taintsOf(this.#dialler.api, node, abort)) ?? 'no Tetragon pod is on this node',
					'add a toleration to the DaemonSet if the node has a taint; tetratop connects when a pod is Ready',
					false,
				);
		}
	}

	#addressOf(agent: AgentPod): Promise<ServerAddress> {
		const key = `${agent.namespace}/${agent.configMaps.join('/')}`;
		const known = this.#addresses.get(key);
		if (known !== undefined) {
			return known;
		}

		const late = Promise.withResolvers<ServerAddress>();
		const timer = setTimeout(() => late.resolve(defaultServerAddress), addressPatienceMs);
		const read = readServerAddress(this.#dialler.api, agent, this.#signal).finally(() => clearTimeout(timer));
		// A late answer still counts for the nodes that are dialled later.
		read.then(value => this.#addresses.set(key, Promise.resolve(value)));
		const address = Promise.race([read, late.promise]);
		this.#addresses.set(key, address);
		return address;
	}
}

class NodeConnection extends DelegatedConnection {
	/** Of the agent's pod. */
	readonly uid: string;
	readonly #node: string;
	readonly #own: Dialler['own'];
	readonly #closed: () => void;

	constructor(inner: Connection, {node, uid}: AgentPod, own: Dialler['own'], closed: () => void) {
		super(inner);
		this.uid = uid;
		this.#node = node;
		this.#own = own;
		this.#closed = closed;
	}

	/** Without the processes that tetratop started: the agent's cache has its nc, alive. */
	override async dump(): Promise<readonly DumpedProcess[] | undefined> {
		const processes = await super.dump();
		if (processes === undefined) {
			return undefined;
		}

		const others: DumpedProcess[] = [];
		await inSlices(this.#addOthers(processes, others));
		return others;
	}

	*#addOthers(processes: readonly DumpedProcess[], others: DumpedProcess[]): Generator<undefined> {
		for (const dumped of processes) {
			if (!this.#own.isOwn(this.#node, processFactsOf(dumped.process))) {
				others.push(dumped);
			}

			yield;
		}
	}

	override close(): void {
		this.#closed();
		super.close();
	}
}
