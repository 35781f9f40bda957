import {Refusal} from '../../problem.js';
import {inSlices} from '../../runtime/slices.js';
import type {TurnsOptions} from '../../runtime/turns.js';
import type {
	Connection,
	DumpedProcess,
	EventsRequest,
	EventsSink,
	Link,
	Subscription,
} from '../../tetragon/agent/link.js';
import {processFactsOf} from '../../tetragon/wire/process-message.js';
import {lastResorts} from '../../transports.js';
import type {Agents} from '../agents/agents.js';
import {taintsOf} from '../agents/cluster-nodes.js';
import type {AgentPod} from '../agents/select.js';
import {defaultServerAddress, readServerAddress, type ServerAddress} from '../agents/server-address.js';
import {lookForBetterWay} from './better-way.js';
import {DelegatedConnection} from './delegated-connection.js';
import {betterSteps, type Dialled, type Dialler, dialAgent, dialBetter} from './dial.js';

/** Milliseconds that a dial waits for the agents' ConfigMap: knowing the address saves one useless try at most. */
const addressPatienceMs = 300;
/** Milliseconds of one search for a better way, over all steps. */
const betterMs = 30_000;

/** A Link for each node. It dials the pod that is the node's agent at the moment, by whichever transport works. */
export class NodeLinks {
	readonly #dialler: Dialler;
	readonly #agents: Agents;
	readonly #signal: AbortSignal;
	readonly #links = new Map<string, Link>();
	readonly #open = new Map<string, NodeConnection>();
	/** Connections by gRPC that were found while a last resort carried the node: the next dial of the node takes them. */
	readonly #better = new Map<string, {readonly uid: string; readonly dialled: Dialled}>();
	readonly #turns: TurnsOptions | undefined;
	/** By ConfigMap: one request for all nodes of a DaemonSet. */
	readonly #addresses = new Map<string, Promise<ServerAddress>>();

	/** @param turns of the search for a better way than a last resort. */
	constructor(dialler: Dialler, agents: Agents, signal: AbortSignal, turns?: TurnsOptions) {
		this.#dialler = dialler;
		this.#agents = agents;
		this.#signal = signal;
		this.#turns = turns;
		signal.addEventListener('abort', () => this.#dropBetter(), {once: true});
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
			connection.leave(
				now.state === 'none' ? `${connection.agent} is gone` : `${now.agent.pod} replaces ${connection.agent}`,
			);
		}
	}

	forget(node: string): void {
		this.#links.delete(node);
		this.#takeBetter(node)?.dialled.connection.close();
	}

	async #openNode(node: string, abort: AbortSignal): Promise<Connection> {
		// A node may be known before the first search for agents is done.
		await this.#agents.looked;
		abort.throwIfAborted();
		const agent = await this.#agentOf(node, abort);
		const address = await this.#addressOf(agent);
		const dialled = this.#betterFor(agent) ?? (await dialAgent(this.#dialler, agent, address, abort));
		const search = new AbortController();
		const connection: NodeConnection = new NodeConnection(dialled.connection, agent, this.#dialler.own, () => {
			search.abort();
			if (this.#open.get(node) === connection) {
				this.#open.delete(node);
			}
		});
		this.#open.set(node, connection);
		if (lastResorts.has(dialled.step) && betterSteps(this.#dialler, node, address).length > 0) {
			void this.#leaveLastResort(connection, agent, address, search.signal);
		}

		return connection;
	}

	/** Resolves when the connection is closed; never rejects. */
	async #leaveLastResort(
		connection: NodeConnection,
		agent: AgentPod,
		address: ServerAddress,
		closed: AbortSignal,
	): Promise<void> {
		let dialled: Dialled | undefined;
		await lookForBetterWay({
			signal: AbortSignal.any([closed, this.#signal]),
			turns: this.#turns,
			dial: async signal => {
				dialled = await dialBetter(
					this.#dialler,
					agent,
					address,
					AbortSignal.any([signal, AbortSignal.timeout(betterMs)]),
				);
				return dialled?.connection;
			},
			found: () => {
				if (dialled !== undefined) {
					this.#better.set(agent.node, {uid: agent.uid, dialled});
					connection.leave(`${dialled.connection.via} answers: it gives more than ${connection.via}`);
				}
			},
		});
	}

	/** The connection that was found for this pod, once. */
	#betterFor({node, uid}: AgentPod): Dialled | undefined {
		const better = this.#takeBetter(node);
		if (better === undefined || better.uid === uid) {
			return better?.dialled;
		}

		better.dialled.connection.close();
		return undefined;
	}

	#takeBetter(node: string) {
		const better = this.#better.get(node);
		this.#better.delete(node);
		return better;
	}

	#dropBetter(): void {
		for (const node of [...this.#better.keys()]) {
			this.#takeBetter(node)?.dialled.connection.close();
		}
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
	/** Why tetratop itself closed the connection. */
	#left: string | undefined;

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

	override events(request: EventsRequest, sink: EventsSink): Subscription {
		return super.events(request, {
			frame: sink.frame,
			event: sink.event,
			malformed: sink.malformed,
			...(sink.room === undefined ? {} : {room: sink.room}),
			end: reason => sink.end(this.#left === undefined ? reason : {code: undefined, text: this.#left}),
		});
	}

	/** Closes the connection; `why` becomes the reason of the stream's end. */
	leave(why: string): void {
		this.#left = why;
		this.close();
	}

	override close(): void {
		this.#closed();
		super.close();
	}
}
