import {holdYoungGeneration, manyNodes} from '../runtime/heap.js';
import type {Link} from '../tetragon/agent/link.js';
import {Agents} from './agents/agents.js';
import {ClusterNodes} from './agents/cluster-nodes.js';
import {NodeSet} from './agents/node-set.js';
import {OwnExecs} from './agents/own-execs.js';
import {ApiPresence, type PresenceCallbacks} from './api-presence.js';
import {type Cluster, openCluster} from './cluster.js';
import {didYouMean} from './did-you-mean.js';
import {type KubernetesOptions, targetOf} from './options.js';
import {pastOf} from './past/past-of-node.js';
import {preflight, rightWords} from './rights/access-review.js';
import {followTarget} from './target/live.js';
import {notOnNodes} from './target/not-on-nodes.js';
import type {ParsedTarget, Target} from './target/parse.js';
import {type Scope, scopeOf} from './target/target-scope.js';
import {NodeLinks} from './transport/node-links.js';
import {StepMemory} from './transport/step-memory.js';

/** A line of the connect list; it replaces an earlier line with the same id. */
export type Progress = {
	readonly id: 'access' | 'tetragon' | 'rights' | 'target';
	readonly state: 'ok' | 'busy' | 'bad';
	readonly text: string;
};

type DiscoveryCallbacks = PresenceCallbacks & {
	/** A node to listen to. Called again for a known node whose agent changed: it should be dialled now. */
	readonly add: (link: Link) => void;
	readonly remove: (node: string, reason: string) => void;
	readonly progress: (line: Progress) => void;
	/** The target as a filter; again when a bare name was found to be something else. */
	readonly scope: (scope: Scope) => void;
	/** A line of a login plugin's stderr, to be shown before the screen opens. */
	readonly say: (line: string) => void;
};

/**
Finds the target's nodes and the agents on them, and follows both until it is closed. Throws a Refusal for arguments, names
and files that cannot work; everything that happens later is reported by the callbacks.
@param opened a cluster that was opened with the same options, to log in before the screen opens; closed with the Discovery.
*/
export function discover(options: KubernetesOptions, callbacks: DiscoveryCallbacks, opened?: Cluster): Discovery {
	const cluster = opened ?? openCluster(options, callbacks.say);
	const discovery = new Discovery(cluster, options, callbacks);
	discovery.start();
	return discovery;
}

export class Discovery {
	readonly cluster: Cluster;
	readonly target: ParsedTarget;
	/** Recognizes the processes that tetratop itself starts on the nodes. */
	readonly own = new OwnExecs();
	readonly agents: Agents;
	readonly #callbacks: DiscoveryCallbacks;
	readonly #closing = new AbortController();
	readonly #presence: ApiPresence;
	readonly #links: NodeLinks;
	readonly #nodes: NodeSet;
	readonly #clusterNodes: ClusterNodes;
	/** Ends the hold of the young generation; undefined: it was not held. */
	#release: (() => void) | undefined;
	#isReporting = false;
	#hasAskedRights = false;

	/** Throws a Refusal for arguments that name no target. */
	constructor(cluster: Cluster, options: KubernetesOptions, callbacks: DiscoveryCallbacks) {
		this.cluster = cluster;
		this.target = targetOf(options, cluster.access.namespace);
		this.#callbacks = callbacks;
		this.#presence = new ApiPresence(callbacks);
		const {signal} = this.#closing;
		this.agents = this.#createAgents(options, signal);
		const {api, kubectl, ways} = cluster;
		const tunnel = options.pingMs === undefined ? {} : {tunnel: {pingMs: options.pingMs}};
		const {longestMessage} = options;
		const dialler = {api, kubectl, ways, memory: new StepMemory(), own: this.own, longestMessage, ...tunnel};
		this.#links = new NodeLinks(dialler, this.agents, signal);
		this.#clusterNodes = new ClusterNodes(() => {
			this.#nodes.refresh();
			this.#checkNodeNames();
		});
		this.#nodes = new NodeSet({
			only: this.target.nodes,
			lingerMs: options.lingerMs,
			known: () => this.#clusterNodes.names,
			add: node => callbacks.add({...this.#links.link(node), past: pastOf(dialler, this.agents, node)}),
			remove: (node, reason) => {
				this.#links.forget(node);
				callbacks.remove(node, reason);
			},
		});
	}

	start(): void {
		const {progress, scope} = this.#callbacks;
		const {target} = this.target;
		progress({id: 'access', state: 'ok', text: this.cluster.words});
		scope(scopeOf(target));
		progress({id: 'tetragon', state: 'busy', text: 'looking for Tetragon'});
		void this.agents.follow();
		if (target.type === 'all') {
			this.#nodes.everywhere();
			void this.#clusterNodes.follow(this.cluster.api, this.#closing.signal);
		} else {
			progress({id: 'target', state: 'busy', text: `looking for ${scopeOf(target).words}`});
			this.#followTarget(target);
		}
	}

	/** Ends every request. The connections of the Links stay: the fleet closes them. */
	close(): void {
		this.#closing.abort();
		this.#release?.();
		this.#nodes.close();
		this.cluster.api.close();
	}

	#createAgents(options: KubernetesOptions, signal: AbortSignal): Agents {
		const {api, access} = this.cluster;
		return new Agents(
			api,
			{
				namespace: options.tetragonNamespace,
				selector: options.tetragonSelector,
				container: options.tetragonContainer,
				homeNamespace: access.namespace,
				signal,
			},
			{
				changed: node => this.#agentChanged(node),
				looked: () => {
					this.#agentsChanged();
					this.#checkNodeNames();
					void this.#askRights();
				},
				problem: problem => {
					this.#callbacks.progress({id: 'tetragon', state: 'bad', text: problem.what});
					this.#callbacks.problem(problem);
				},
				solved: this.#callbacks.solved,
				trouble: refusal => this.#presence.trouble('agents', refusal),
				well: () => this.#presence.well('agents'),
			},
		);
	}

	/** @param node '': an agent's pod that is on no node yet. */
	#agentChanged(node: string): void {
		if (node !== '') {
			this.#links.agentChanged(node);
			this.#nodes.agent(node, this.agents.at(node).state);
			this.#agentsChanged();
		}
	}

	/** Reports once for all changes of this turn of the event loop. */
	#agentsChanged(): void {
		if (this.#isReporting) {
			return;
		}

		if (this.agents.count().all >= manyNodes) {
			this.#release ??= holdYoungGeneration();
		}

		this.#isReporting = true;
		queueMicrotask(() => {
			this.#isReporting = false;
			const {ready, all} = this.agents.count();
			const {namespace} = this.agents;
			if (namespace !== undefined && all > 0 && !this.#closing.signal.aborted) {
				const text = `Tetragon: ${ready} of ${all} pods ready in ${namespace}`;
				this.#callbacks.progress({id: 'tetragon', state: ready > 0 ? 'ok' : 'bad', text});
			}
		});
	}

	/** Once, after the first search for agents: the rights are checked in the agents' namespace. */
	async #askRights(): Promise<void> {
		const {signal} = this.#closing;
		if (this.#hasAskedRights || signal.aborted) {
			return;
		}

		this.#hasAskedRights = true;
		const {rights} = await preflight(this.cluster, this.agents.namespace, this.target.target, signal);
		const may = rights.filter(({allowed}) => allowed === true).map(({right}) => rightWords(right));
		const not = rights.filter(({allowed}) => allowed === false).map(({right}) => rightWords(right));
		const words = [
			...(may.length > 0 ? [`may ${may.join(', ')}`] : []),
			...(not.length > 0 ? [`may not ${not.join(', ')}`] : []),
		];
		if (words.length > 0 && !signal.aborted) {
			this.#callbacks.progress({id: 'rights', state: not.length === 0 ? 'ok' : 'busy', text: words.join('; ')});
		}
	}

	#followTarget(target: Exclude<Target, {type: 'all'}>): void {
		const {progress, problem, scope, solved} = this.#callbacks;
		const {api, access} = this.cluster;
		let found: Target = target;
		void followTarget(
			api,
			target,
			{
				nodes: wanted => {
					this.#nodes.target(wanted);
					const elsewhere = notOnNodes(scopeOf(target).words, wanted, this.target.nodes);
					if (elsewhere === undefined) {
						solved('target-node');
					} else {
						progress({id: 'target', state: 'bad', text: `${elsewhere.what}: ${elsewhere.why}`});
						problem(elsewhere);
						return;
					}

					if (wanted.size > 0) {
						const on = wanted.size > 3 ? `${wanted.size} nodes` : [...wanted].join(', ');
						progress({id: 'target', state: 'ok', text: `${scopeOf(found).words} on ${on}`});
					}
				},
				found: exact => {
					if (JSON.stringify(exact) !== JSON.stringify(found)) {
						found = exact;
						scope(scopeOf(exact));
					}
				},
				pods: names => scope(scopeOf(found, names)),
				problem: why => {
					progress({id: 'target', state: 'bad', text: why.what});
					problem(why);
				},
				solved,
				trouble: refusal => this.#presence.trouble('target', refusal),
				well: () => this.#presence.well('target'),
			},
			{elsewhere: !access.namespaceGiven, signal: this.#closing.signal},
		);
	}

	/** A problem for each name of --node that no node has. */
	#checkNodeNames(): void {
		const known = new Set([...this.agents.nodes, ...(this.#clusterNodes.names ?? [])]);
		for (const node of this.target.nodes) {
			const id = `node-name/${node}`;
			if (known.has(node) || known.size === 0) {
				this.#callbacks.solved(id);
				continue;
			}

			const near = didYouMean(node, known);
			const names = [...known].sort().slice(0, 10).join(', ');
			this.#callbacks.problem({
				id,
				severity: 'error',
				isAwaited: true,
				what: `no node ${node}`,
				why: 'no node has this name; tetratop waits for it',
				fix: near === undefined ? `known: ${names}` : `did you mean ${near}?`,
			});
		}
	}
}
