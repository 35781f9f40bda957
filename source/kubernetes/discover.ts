/**
From the user's words to Links, for as long as the program runs: the target's nodes, the agents on them, and what is to be
said when either is not there. The one thing of this folder that the front door loads, and only when it needs a cluster.
*/

import type {Problem} from '../problem.js';
import {holdYoungGeneration, manyNodes} from '../runtime/heap.js';
import type {Link} from '../tetragon/agent/link.js';
import {type Agents, followAgents} from './agents/agents.js';
import {type ClusterNodes, followNodes} from './agents/cluster-nodes.js';
import {createNodeSet} from './agents/node-set.js';
import {createOwnExecs, type OwnExecs} from './agents/own-execs.js';
import {isOffline} from './api/refusal.js';
import {type Cluster, openCluster} from './cluster.js';
import {didYouMean} from './did-you-mean.js';
import type {KubernetesOptions} from './options.js';
import {preflight, rightWords} from './rights/access-review.js';
import {problemOfRefusal} from './rights/missing-right.js';
import {followTarget} from './target/live.js';
import {type ParsedTarget, parseTarget} from './target/parse.js';
import {type Scope, scopeOf} from './target/target-scope.js';
import {createMemory} from './transport/memory.js';
import {createNodeLinks} from './transport/node-links.js';

/** A line of the connect list; a later line of the same id takes its place. */
export type Progress = {
	readonly id: 'access' | 'tetragon' | 'rights' | 'target';
	readonly state: 'ok' | 'busy' | 'bad';
	readonly text: string;
};

export type DiscoveryCallbacks = {
	/** A node to listen to. Called again for a node that is known already when something changed: try now, do not wait. */
	readonly add: (link: Link) => void;
	readonly remove: (node: string, reason: string) => void;
	/** Replaces an earlier one of the same id. */
	readonly problem: (problem: Problem) => void;
	readonly solved: (id: string) => void;
	readonly progress: (line: Progress) => void;
	/** The target's chips; again when a bare name turned out to be something else. */
	readonly scope: (scope: Scope) => void;
	/** The API server: milliseconds since 1970 when it was lost, undefined while it answers. Streams and data stay. */
	readonly offline: (sinceMs: number | undefined, why: string) => void;
	/** A line of a login plugin's stderr: for the person, before the screen opens. */
	readonly say: (line: string) => void;
};

export type Discovery = {
	readonly cluster: Cluster;
	readonly target: ParsedTarget;
	/** Tells our own processes on the nodes from all others. */
	readonly own: OwnExecs;
	readonly agents: Agents;
	/** Ends every request. Connections are ended by whoever opened the Links. */
	readonly close: () => void;
};

/**
Throws a Refusal for words, names and files that cannot be right; everything later comes by the callbacks.
@param opened a cluster that was opened with the same options, to log in before the screen opened; closed with the Discovery.
*/
export function discover(options: KubernetesOptions, callbacks: DiscoveryCallbacks, opened?: Cluster): Discovery {
	const cluster = opened ?? openCluster(options, callbacks.say);
	const {access, api} = cluster;
	const parsed = parseTarget({
		words: options.words,
		namespace: options.access.namespace,
		defaultNamespace: access.namespace,
		allNamespaces: options.allNamespaces,
		selector: options.selector,
		nodes: options.nodes,
	});
	const closing = new AbortController();
	const {signal} = closing;
	const own = createOwnExecs();
	const presence = watchPresence(callbacks);
	callbacks.progress({id: 'access', state: 'ok', text: cluster.words});
	callbacks.scope(scopeOf(parsed.target));
	callbacks.progress({id: 'tetragon', state: 'busy', text: 'looking for Tetragon'});

	const tunnel = options.pingMs === undefined ? {} : {tunnel: {pingMs: options.pingMs}};
	const dialler = {api, kubectl: cluster.kubectl, ways: cluster.ways, memory: createMemory(), own, ...tunnel};
	const links = createNodeLinks(dialler, () => agents, signal);
	let clusterNodes: ClusterNodes | undefined;
	const nodes = createNodeSet({
		only: parsed.nodes,
		lingerMs: options.lingerMs,
		known: () => clusterNodes?.names(),
		add: node => callbacks.add(links.link(node)),
		remove: (node, reason) => {
			links.forget(node);
			callbacks.remove(node, reason);
		},
	});

	let release = () => {};
	let holding = false;
	let telling = false;

	/** Once for all that changed in this turn. */
	function tellAgents() {
		if (telling) {
			return;
		}

		if (!holding && agents.count().all >= manyNodes) {
			holding = true;
			release = holdYoungGeneration();
		}

		telling = true;
		queueMicrotask(() => {
			telling = false;
			const {ready, all} = agents.count();
			const namespace = agents.namespace();
			if (namespace !== undefined && all > 0 && !signal.aborted) {
				const text = `Tetragon: ${ready} of ${all} pods ready in ${namespace}`;
				callbacks.progress({id: 'tetragon', state: ready > 0 ? 'ok' : 'bad', text});
			}
		});
	}

	const agents = followAgents(
		api,
		{
			namespace: options.tetragonNamespace,
			selector: options.tetragonSelector,
			container: options.tetragonContainer,
			homeNamespace: access.namespace,
			signal,
		},
		{
			changed(node) {
				if (node === '') {
					return;
				}

				links.agentChanged(node);
				nodes.agent(node, agents.at(node).state);
				tellAgents();
			},
			looked() {
				tellAgents();
				checkNodeNames(parsed, agents, clusterNodes, callbacks);
				startPreflight();
			},
			problem(problem) {
				callbacks.progress({id: 'tetragon', state: 'bad', text: problem.what});
				callbacks.problem(problem);
			},
			solved: callbacks.solved,
			trouble: refusal => presence.trouble('agents', refusal),
			well: () => presence.well('agents'),
		},
	);

	let asked = false;

	function startPreflight() {
		if (asked || signal.aborted) {
			return;
		}

		asked = true;
		const agentNamespace = agents.namespace() ?? 'kube-system';
		const {target} = parsed;
		const targetNamespace = target.type === 'all' ? undefined : (target.namespace ?? '');
		void preflight(api, cluster.ways, agentNamespace, targetNamespace, signal).then(({rights}) => {
			const may = rights.filter(({allowed}) => allowed === true).map(({right}) => rightWords(right));
			const not = rights.filter(({allowed}) => allowed === false).map(({right}) => rightWords(right));
			const words = [
				...(may.length > 0 ? [`may ${may.join(', ')}`] : []),
				...(not.length > 0 ? [`may not ${not.join(', ')}`] : []),
			];
			if (words.length > 0 && !signal.aborted) {
				callbacks.progress({id: 'rights', state: not.length === 0 ? 'ok' : 'busy', text: words.join('; ')});
			}
		});
	}

	const {target} = parsed;
	if (target.type === 'all') {
		nodes.everywhere();
		clusterNodes = followNodes(api, signal, () => {
			nodes.refresh();
			checkNodeNames(parsed, agents, clusterNodes, callbacks);
		});
	} else {
		callbacks.progress({id: 'target', state: 'busy', text: `looking for ${scopeOf(target).words}`});
		void followTarget(
			api,
			target,
			{
				nodes: wanted => {
					nodes.target(wanted);
					if (wanted.size > 0) {
						const on = wanted.size > 3 ? `${wanted.size} nodes` : [...wanted].join(', ');
						callbacks.progress({id: 'target', state: 'ok', text: `${scopeOf(target).words} on ${on}`});
					}
				},
				found: exact => {
					if (JSON.stringify(exact) !== JSON.stringify(target)) {
						callbacks.scope(scopeOf(exact));
					}
				},
				problem(problem) {
					callbacks.progress({id: 'target', state: 'bad', text: problem.what});
					callbacks.problem(problem);
				},
				solved: callbacks.solved,
				trouble: refusal => presence.trouble('target', refusal),
				well: () => presence.well('target'),
			},
			{elsewhere: !access.namespaceGiven, signal},
		);
	}

	return {
		cluster,
		target: parsed,
		own,
		agents,
		close() {
			closing.abort();
			release();
			nodes.close();
			api.close();
		},
	};
}

/** The API server is lost when no watch reaches it, and back as soon as one does. */
function watchPresence(callbacks: DiscoveryCallbacks) {
	const lost = new Set<string>();
	let sinceMs: number | undefined;
	return {
		trouble(who: string, refusal: Parameters<typeof problemOfRefusal>[1]) {
			if (!isOffline(refusal)) {
				callbacks.problem(problemOfRefusal(`api/${who}`, refusal));
				return;
			}

			lost.add(who);
			sinceMs ??= Date.now();
			callbacks.offline(sinceMs, `${refusal.what}: ${refusal.why}`);
			callbacks.problem({id: 'api', severity: 'error', what: refusal.what, why: refusal.why, fix: refusal.fix});
		},
		well(who: string) {
			callbacks.solved(`api/${who}`);
			if (lost.delete(who) && lost.size === 0) {
				sinceMs = undefined;
				callbacks.offline(undefined, '');
				callbacks.solved('api');
			}
		},
	};
}

/** --node with a name that nobody has. */
function checkNodeNames(
	{nodes}: ParsedTarget,
	agents: Agents,
	clusterNodes: ClusterNodes | undefined,
	callbacks: DiscoveryCallbacks,
) {
	const known = new Set([...agents.nodes(), ...(clusterNodes?.names() ?? [])]);
	for (const node of nodes) {
		const id = `node-name/${node}`;
		if (known.has(node) || known.size === 0) {
			callbacks.solved(id);
			continue;
		}

		const near = didYouMean(node, known);
		const names = [...known].sort().slice(0, 10).join(', ');
		callbacks.problem({
			id,
			severity: 'error',
			what: `no node ${node}`,
			why: 'no node of this name is known; it is waited for',
			fix: near === undefined ? `known: ${names}` : `did you mean ${near}?`,
		});
	}
}
