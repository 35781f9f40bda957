import type {Problem, Refusal} from '../../problem.js';
import {Turns} from '../../runtime/turns.js';
import {type Api, paths} from '../api/api.js';
import {follow, listAll} from '../api/follow.js';
import {asPod, type Pod} from '../api/objects.js';
import {isForbidden} from '../api/refusal.js';
import {grantWords, rightOfRefusal} from '../rights/missing-right.js';
import {AgentPods} from './agent-pods.js';
import {type AgentRule, defaultContainer, defaultSelector, isAgentPod, type NodeAgent} from './select.js';

type AgentsOptions = {
	/** --tetragon-namespace, --tetragon-selector, --tetragon-container */
	readonly namespace?: string | undefined;
	readonly selector?: string | undefined;
	readonly container?: string | undefined;
	/** The namespace of the context: searched when pods of the whole cluster may not be listed. */
	readonly homeNamespace: string;
	readonly signal: AbortSignal;
	/** Milliseconds until the next search when no agent was found. */
	readonly againMs?: number;
};

type AgentsSeen = {
	/** The agent of this node is another, or in another state, than before. */
	readonly changed: (node: string) => void;
	/** A search is done, whether it found agents or not. */
	readonly looked: () => void;
	readonly problem: (problem: Problem) => void;
	readonly solved: (id: string) => void;
	/** A request failed; it is tried again. */
	readonly trouble: (refusal: Refusal) => void;
	/** Requests succeed, again or for the first time. */
	readonly well: () => void;
};

const usualNamespace = 'kube-system';
const noTetragon = 'no-tetragon';
const defaultAgainMs = 10_000;

/** Finds the agents' pods and follows them. */
export class Agents {
	readonly #api: Api;
	readonly #options: AgentsOptions;
	readonly #seen: AgentsSeen;
	readonly #selector: string;
	readonly #rule: AgentRule;
	readonly #pods: AgentPods;
	#unseen: string | undefined;
	readonly #firstLook = Promise.withResolvers<void>();
	#found: string | undefined;

	constructor(api: Api, options: AgentsOptions, seen: AgentsSeen) {
		this.#api = api;
		this.#options = options;
		this.#seen = seen;
		this.#selector = options.selector ?? defaultSelector;
		this.#rule = {
			container: options.container ?? defaultContainer,
			anyOwner: this.#selector !== defaultSelector,
		};
		this.#pods = new AgentPods(this.#rule, seen.changed);
	}

	/** Resolves when the first search is done, whether it found agents or not. */
	get looked(): Promise<void> {
		return this.#firstLook.promise;
	}

	/** Nodes with an agent's pod, ready or not. */
	get nodes(): readonly string[] {
		return this.#pods.nodes;
	}

	/** The namespaces whose pods may not be listed, in words; undefined: all could be searched. */
	get unseen(): string | undefined {
		return this.#unseen;
	}

	/** Where the agents were found; undefined before that. */
	get namespace(): string | undefined {
		return this.#options.namespace ?? this.#found;
	}

	at(node: string): NodeAgent {
		return this.#pods.at(node);
	}

	/** Number of agents that are ready, and of all. */
	count(): {readonly ready: number; readonly all: number} {
		return this.#pods.count();
	}

	/** Resolves when the signal aborts; never rejects. */
	async follow(): Promise<void> {
		const {signal, againMs = defaultAgainMs} = this.#options;
		const turns = new Turns(signal);
		while (await turns.next()) {
			const {path, hasFailed} = await this.#tryToLook();
			this.#firstLook.resolve();
			this.#seen.looked();
			if (path !== undefined) {
				await this.#followPods(path);
			}

			if (!hasFailed) {
				turns.rest(againMs);
			}
		}
	}

	async #tryToLook(): Promise<{readonly path: string | undefined; readonly hasFailed: boolean}> {
		try {
			const path = await this.#look();
			this.#seen.well();
			return {path, hasFailed: false};
		} catch (error) {
			if (!this.#options.signal.aborted) {
				this.#seen.trouble(error as Refusal);
			}

			return {path: undefined, hasFailed: true};
		}
	}

	/** The path of a pod list with agents in it; undefined: none was found, and the problem is reported. */
	async #look(): Promise<string | undefined> {
		const {namespace: given, homeNamespace, signal} = this.#options;
		const namespaces = given === undefined ? [usualNamespace, undefined, homeNamespace] : [given];
		const forbidden: Refusal[] = [];
		for (const namespace of new Set(namespaces)) {
			try {
				const {items} = await listAll(this.#api, paths.pods(namespace), asPod, {query: this.#query, signal});
				if (items.some(pod => isAgentPod(pod, this.#rule))) {
					this.#unseen = undefined;
					this.#replaceAll(items);
					return paths.pods(namespace);
				}
			} catch (error) {
				if (!isForbidden(error)) {
					throw error;
				}

				forbidden.push(error);
			}
		}

		this.#unseen = forbidden.length === 0 ? undefined : `no right to see pods in ${given ?? usualNamespace}`;
		this.#replaceAll([]);
		this.#seen.problem(this.#nothingFound(forbidden));
		return undefined;
	}

	/** Returns when the last agent is gone: it is looked for in other namespaces then. */
	async #followPods(path: string): Promise<void> {
		const {signal} = this.#options;
		const inner = new AbortController();
		await follow(
			this.#api,
			path,
			asPod,
			{
				list: items => {
					this.#replaceAll(items);
					if (this.#pods.size === 0) {
						inner.abort();
					}
				},
				change: (type, pod) => {
					if (type === 'DELETED') {
						this.#pods.drop(pod);
					} else {
						this.#pods.put(pod);
					}
				},
				trouble: this.#seen.trouble,
				well: this.#seen.well,
			},
			{query: this.#query, signal: AbortSignal.any([signal, inner.signal])},
		);
	}

	#replaceAll(items: readonly Pod[]): void {
		this.#pods.replaceAll(items);
		if (this.#pods.size > 0) {
			this.#found = this.#pods.namespace;
			this.#seen.solved(noTetragon);
		}
	}

	get #query(): {readonly labelSelector: string} {
		return {labelSelector: this.#selector};
	}

	#nothingFound(refusals: readonly Refusal[]): Problem {
		const {namespace} = this.#options;
		const [refusal] = refusals;
		if (refusal !== undefined) {
			return this.#notAllowed(refusals);
		}

		const where = namespace === undefined ? 'in any namespace' : `in ${namespace}`;
		return {
			id: noTetragon,
			severity: 'error',
			isAwaited: refusal === undefined,
			what: `No Tetragon DaemonSet found by label ${this.#selector} ${where}`,
			why: `no pod has this label, a container ${this.#rule.container} and a DaemonSet as its owner; the next search is in 10 s`,
			fix: 'set --tetragon-namespace, --tetragon-selector or --tetragon-container; or install Tetragon: helm install tetragon cilium/tetragon -n kube-system',
		};
	}

	/** Tetragon may be where pods may not be listed: that is not "there is no Tetragon". */
	#notAllowed(refusals: readonly Refusal[]): Problem {
		const rights = refusals.flatMap(refusal => rightOfRefusal(refusal) ?? []);
		const places = rights.map(({namespace = ''}) => (namespace === '' ? 'all namespaces' : namespace));
		const home = rights.filter(right => right.namespace === (this.#options.namespace ?? usualNamespace));
		const grant = home.length > 0 ? [grantWords(...home)] : [];
		return {
			id: noTetragon,
			severity: 'error',
			what: `No right to see pods in ${places.join(', ') || usualNamespace}: whether Tetragon is there is not known.`,
			why: refusals.map(({why}) => why).join('; '),
			fix: ['set --tetragon-namespace NAMESPACE if Tetragon is elsewhere', ...grant].join('\n'),
		};
	}
}
