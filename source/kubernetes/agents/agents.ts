import type {Problem, Refusal} from '../../problem.js';
import {Backoff} from '../../runtime/backoff.js';
import {pause} from '../../runtime/pause.js';
import {type Api, paths} from '../api/api.js';
import {follow, listAll} from '../api/follow.js';
import {nameOf, namespaceOf, type Pod} from '../api/objects.js';
import {isForbidden} from '../api/refusal.js';
import {type AgentRule, defaultContainer, defaultSelector, isAgentPod, type NodeAgent, selectAgent} from './select.js';

export type AgentsOptions = {
	/** --tetragon-namespace, --tetragon-selector, --tetragon-container */
	readonly namespace?: string | undefined;
	readonly selector?: string | undefined;
	readonly container?: string | undefined;
	/** The namespace that the user is at home in: looked at where the whole cluster may not be read. */
	readonly homeNamespace: string;
	readonly signal: AbortSignal;
	/** Milliseconds until it is looked again where nothing was found. */
	readonly againMs?: number;
};

export type AgentsSeen = {
	/** Something about the agent of this node is other than before. */
	readonly changed: (node: string) => void;
	/** The first look is done, whatever it found. */
	readonly looked: () => void;
	readonly problem: (problem: Problem) => void;
	readonly solved: (id: string) => void;
	readonly trouble: (refusal: Refusal) => void;
	readonly well: () => void;
};

export type Agents = {
	/** Resolves when the first look is done, whatever it found. */
	readonly looked: Promise<void>;
	readonly at: (node: string) => NodeAgent;
	readonly nodes: () => readonly string[];
	/** Where they were found; undefined before that. */
	readonly namespace: () => string | undefined;
	/** Ready and all agents. */
	readonly count: () => {readonly ready: number; readonly all: number};
};

const usualNamespace = 'kube-system';
const noTetragon = 'no-tetragon';

export function followAgents(api: Api, options: AgentsOptions, seen: AgentsSeen): Agents {
	const {signal} = options;
	const container = options.container ?? defaultContainer;
	const selector = options.selector ?? defaultSelector;
	const rule: AgentRule = {container, anyOwner: selector !== defaultSelector};
	const pods = new Map<string, Pod>();
	/** The same pods by node: 500 nodes must not be 500 walks over 500 pods. */
	const byNode = new Map<string, Map<string, Pod>>();
	const chosen = new Map<string, NodeAgent>();
	let found: string | undefined;
	const firstLook = Promise.withResolvers<void>();

	function keyOf(pod: Pod) {
		return `${namespaceOf(pod)}/${nameOf(pod)}`;
	}

	function refresh(node: string) {
		const before = chosen.get(node);
		const now = selectAgent([...(byNode.get(node)?.values() ?? [])], container);
		if (now.state === 'none') {
			chosen.delete(node);
		} else {
			chosen.set(node, now);
		}

		if (JSON.stringify(before) !== JSON.stringify(now)) {
			seen.changed(node);
		}
	}

	function drop(pod: Pod) {
		const known = pods.get(keyOf(pod));
		pods.delete(keyOf(pod));
		const node = known?.spec?.nodeName ?? '';
		byNode.get(node)?.delete(keyOf(pod));
		if (byNode.get(node)?.size === 0) {
			byNode.delete(node);
		}
	}

	function put(pod: Pod) {
		if (!isAgentPod(pod, rule)) {
			return;
		}

		drop(pod);
		pods.set(keyOf(pod), pod);
		const node = pod.spec?.nodeName ?? '';
		const there = byNode.get(node) ?? new Map<string, Pod>();
		byNode.set(node, there.set(keyOf(pod), pod));
	}

	function replaceAll(items: readonly Pod[]) {
		const before = [...byNode.keys()];
		pods.clear();
		byNode.clear();
		for (const pod of items) {
			put(pod);
		}

		for (const node of new Set([...before, ...byNode.keys()])) {
			refresh(node);
		}

		if (pods.size > 0) {
			found = namespaceOf([...pods.values()][0] as Pod);
			seen.solved(noTetragon);
		}
	}

	const query = {labelSelector: selector};

	/** The path that has agents, or undefined and why not. */
	async function look(): Promise<string | undefined> {
		const namespaces =
			options.namespace === undefined ? [usualNamespace, undefined, options.homeNamespace] : [options.namespace];
		const forbidden: Refusal[] = [];
		for (const namespace of new Set(namespaces)) {
			try {
				const {items} = await listAll<Pod>(api, paths.pods(namespace), {query, signal});
				if (items.some(pod => isAgentPod(pod, rule))) {
					replaceAll(items);
					return paths.pods(namespace);
				}
			} catch (error) {
				if (!isForbidden(error)) {
					throw error;
				}

				forbidden.push(error);
			}
		}

		replaceAll([]);
		seen.problem(nothingFound(options, selector, container, forbidden));
		return undefined;
	}

	async function run() {
		const backoff = new Backoff();
		while (!signal.aborted) {
			let path: string | undefined;
			let hasFailed = false;
			try {
				path = await look();
				backoff.reset();
				seen.well();
			} catch (error) {
				hasFailed = true;
				if (!signal.aborted) {
					seen.trouble(error as Refusal);
				}
			}

			firstLook.resolve();
			seen.looked();
			if (path !== undefined) {
				const inner = new AbortController();
				const until = AbortSignal.any([signal, inner.signal]);
				await follow<Pod>(
					api,
					path,
					{
						list: items => {
							replaceAll(items);
							if (pods.size === 0) {
								inner.abort();
							}
						},
						change: (type, pod) => {
							if (type === 'DELETED') {
								drop(pod);
							} else {
								put(pod);
							}

							refresh(pod.spec?.nodeName ?? '');
						},
						trouble: seen.trouble,
						well: seen.well,
					},
					{query, signal: until},
				);
			}

			await pause(hasFailed ? backoff.next() : (options.againMs ?? 10_000), signal);
		}
	}

	void run();

	return {
		looked: firstLook.promise,
		at: node => chosen.get(node) ?? {state: 'none'},
		nodes: () => [...chosen.keys()].filter(node => node !== ''),
		namespace: () => options.namespace ?? found,
		count: () => {
			const all = [...chosen.values()];
			return {ready: all.filter(agent => agent.state === 'ready').length, all: all.length};
		},
	};
}

function nothingFound(
	options: AgentsOptions,
	selector: string,
	container: string,
	forbidden: readonly Refusal[],
): Problem {
	const where = options.namespace === undefined ? 'in any readable namespace' : `in ${options.namespace}`;
	const [refusal] = forbidden;
	return {
		id: noTetragon,
		severity: 'error',
		what: `No Tetragon DaemonSet found by label ${selector} ${where}.`,
		why:
			refusal === undefined
				? `no pod has this label, a container ${container} and a DaemonSet as its owner; looking again every 10 s`
				: refusal.why,
		fix:
			refusal === undefined
				? '--tetragon-namespace, --tetragon-selector, --tetragon-container; or install it: helm install tetragon cilium/tetragon -n kube-system'
				: '--tetragon-namespace NAMESPACE, or the right to list pods there: see `tetratop rbac`',
	};
}
