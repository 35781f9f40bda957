/** A Link for each node: whichever pod is its agent at the moment, by whichever way works. */

import {Refusal} from '../../problem.js';
import type {Connection, Link} from '../../tetragon/agent/link.js';
import {processFactsOf} from '../../tetragon/wire/process-message.js';
import type {Agents} from '../agents/agents.js';
import {taintsOf} from '../agents/cluster-nodes.js';
import type {AgentPod} from '../agents/select.js';
import {defaultServerAddress, readServerAddress, type ServerAddress} from '../agents/server-address.js';
import {type Dialler, dialAgent} from './dial.js';

export type NodeLinks = {
	/** The same Link for the same node. */
	readonly link: (node: string) => Link;
	/** The agent of the node is another than before: a connection to the old one is ended. */
	readonly agentChanged: (node: string) => void;
	readonly forget: (node: string) => void;
};

/** How long a dial waits for the agents' ConfigMap: it saves one useless try at best. */
const addressPatienceMs = 300;

export function createNodeLinks(dialler: Dialler, agents: () => Agents, signal: AbortSignal): NodeLinks {
	const links = new Map<string, Link>();
	const open = new Map<string, {readonly uid: string; readonly connection: Connection}>();
	/** By ConfigMap: one request for all nodes of a DaemonSet. */
	const addresses = new Map<string, Promise<ServerAddress>>();

	function addressOf(agent: AgentPod): Promise<ServerAddress> {
		const key = `${agent.namespace}/${agent.configMaps.join('/')}`;
		let address = addresses.get(key);
		if (address === undefined) {
			const late = Promise.withResolvers<ServerAddress>();
			const timer = setTimeout(() => late.resolve(defaultServerAddress), addressPatienceMs);
			const read = readServerAddress(dialler.api, agent, signal).finally(() => clearTimeout(timer));
			// A slow answer still counts for the nodes that come later.
			read.then(value => addresses.set(key, Promise.resolve(value)));
			address = Promise.race([read, late.promise]);
			addresses.set(key, address);
		}

		return address;
	}

	async function openNode(node: string, abort: AbortSignal): Promise<Connection> {
		// The node may be known before its agent is.
		await agents().looked;
		abort.throwIfAborted();
		const found = agents().at(node);
		if (found.state === 'none') {
			const why = (await taintsOf(dialler.api, node, abort)) ?? 'no Tetragon pod is on this node';
			throw new Refusal(
				`${node}: no Tetragon pod`,
				why,
				'let the DaemonSet tolerate the taint; it is connected as soon as a pod is Ready',
				false,
			);
		}

		if (found.state === 'waiting') {
			throw new Refusal(
				`${node}: ${found.pod}`,
				found.why,
				'kubectl describe pod; it is connected as soon as it is Ready',
				false,
			);
		}

		const {agent} = found;
		const connection = await dialAgent(dialler, agent, await addressOf(agent), abort);
		const entry = {uid: agent.uid, connection};
		open.set(node, entry);
		return {
			...connection,
			// The cache of the agent has our own nc, as alive as can be.
			async dump() {
				const processes = await connection.dump();
				return processes?.filter(({process}) => !dialler.own.isOwn(node, processFactsOf(process)));
			},
			close() {
				if (open.get(node) === entry) {
					open.delete(node);
				}

				connection.close();
			},
		};
	}

	return {
		link(node) {
			let link = links.get(node);
			if (link === undefined) {
				link = {node, open: abort => openNode(node, abort)};
				links.set(node, link);
			}

			return link;
		},
		agentChanged(node) {
			const entry = open.get(node);
			const now = agents().at(node);
			// A pod that is only marked for deletion still sends; one that has a successor does not matter any more.
			if (entry !== undefined && (now.state === 'none' || (now.state === 'ready' && now.agent.uid !== entry.uid))) {
				open.delete(node);
				entry.connection.close();
			}
		},
		forget(node) {
			links.delete(node);
		},
	};
}
