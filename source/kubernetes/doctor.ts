/** Tries every step of the connection to each agent once, and reports each as a line: `tetratop doctor` for a cluster. */

import {Refusal} from '../problem.js';
import type {Connection} from '../tetragon/agent/link.js';
import {Agents} from './agents/agents.js';
import {ClusterNodes, taintsOf} from './agents/cluster-nodes.js';
import {OwnExecs} from './agents/own-execs.js';
import type {AgentPod} from './agents/select.js';
import {defaultServerAddress, readServerAddress} from './agents/server-address.js';
import {objectOf, text} from './api/shape.js';
import {type Cluster, openCluster} from './cluster.js';
import {type DoctorLine, examineAgent, type Tell} from './doctor-agent.js';
import {type KubernetesOptions, targetOf} from './options.js';
import {preflight, rightWords} from './rights/access-review.js';
import {grantWords} from './rights/missing-right.js';
import {isRunningSomewhere, problemOf, schedulerWords} from './target/live.js';
import {notOnNodes} from './target/not-on-nodes.js';
import type {ParsedTarget} from './target/parse.js';
import {findSource, podsNow} from './target/source.js';
import {scopeOf} from './target/target-scope.js';
import {kubectlWords} from './transport/advice.js';
import {dialAgent} from './transport/dial.js';
import {StepMemory} from './transport/step-memory.js';

export type {DoctorLine} from './doctor-agent.js';

/** 0: every agent streams; 1: some do; 2: none does. */
type DoctorCode = 0 | 1 | 2;

/** Milliseconds for one agent, over all transports. */
const openMs = 20_000;
/** Nodes that are examined at the same time; the fleet dials as many. */
const atOnce = 25;

/** @param say shows a line of a login plugin's stderr. */
export async function examineCluster(
	options: KubernetesOptions,
	tell: Tell,
	say: (line: string) => void = () => undefined,
): Promise<DoctorCode> {
	const stop = new AbortController();
	let cluster: Cluster | undefined;
	let step: DoctorLine['step'] = 'kubeconfig';
	try {
		cluster = openCluster(options, say);
		tell({step: 'kubeconfig', state: 'ok', node: '', text: cluster.words});
		const target = targetOf(options, cluster.access.namespace);
		step = 'api-server';
		await askVersion(cluster, tell);
		step = 'target';
		return await new Examination(cluster, options, target, tell, stop.signal).run();
	} catch (error) {
		const refusal = error instanceof Refusal ? error : new Refusal('doctor', String((error as Error).message), '');
		tell({step, state: 'bad', node: '', text: refusal.message, fix: refusal.fix});
		return 2;
	} finally {
		stop.abort();
		cluster?.api.close();
	}
}

const asVersion = objectOf<{readonly gitVersion?: string}>({gitVersion: text});

async function askVersion({api}: Cluster, tell: Tell): Promise<void> {
	const startMs = performance.now();
	const answer = await api.get('/version', asVersion).catch((error: unknown) => {
		// Some clusters do not let every user read the version: a refusal proves as well that the server answers.
		if (error instanceof Refusal && 'code' in error && (error.code === 403 || error.code === 404)) {
			return {gitVersion: undefined};
		}

		throw error;
	});
	const text = `${api.server} answers${answer.gitVersion === undefined ? '' : `: ${answer.gitVersion}`}`;
	tell({step: 'api-server', state: 'ok', node: '', text, tookMs: performance.now() - startMs});
}

class Examination {
	readonly #cluster: Cluster;
	readonly #target: ParsedTarget;
	readonly #tell: Tell;
	readonly #signal: AbortSignal;
	readonly #agents: Agents;
	readonly #longestMessage: number | undefined;
	readonly #memory = new StepMemory();
	readonly #looked = Promise.withResolvers<void>();

	constructor(cluster: Cluster, options: KubernetesOptions, target: ParsedTarget, tell: Tell, signal: AbortSignal) {
		this.#cluster = cluster;
		this.#target = target;
		this.#tell = tell;
		this.#signal = signal;
		this.#longestMessage = options.longestMessage;
		this.#agents = new Agents(
			cluster.api,
			{
				namespace: options.tetragonNamespace,
				selector: options.tetragonSelector,
				container: options.tetragonContainer,
				homeNamespace: cluster.access.namespace,
				signal,
			},
			{
				changed: () => undefined,
				looked: this.#looked.resolve,
				problem: ({what, why, fix}) => tell({step: 'agents', state: 'bad', node: '', text: `${what} ${why}`, fix}),
				solved: () => undefined,
				trouble: this.#looked.reject,
				well: () => undefined,
			},
		);
	}

	async run(): Promise<DoctorCode> {
		const [, ofTarget] = await Promise.all([this.#lookForAgents(), this.#nodesOfTarget()]);
		const {nodes: chosen} = this.#target;
		const nodes = (ofTarget ?? (await this.#allNodes())).filter(node => chosen.length === 0 || chosen.includes(node));
		const missing = chosen.filter(name => !nodes.includes(name));
		for (const node of missing) {
			const isThere = this.#agents.nodes.includes(node);
			const text = isThere ? 'no pod of the target is on this node' : 'no node has this name, or it has no agent';
			this.#tell({step: 'agents', state: 'bad', node, text});
		}

		await this.#reviewRights();
		const streaming = await this.#examineNodes(nodes);
		if (streaming === 0) {
			return 2;
		}

		return streaming === nodes.length && missing.length === 0 ? 0 : 1;
	}

	async #lookForAgents(): Promise<void> {
		void this.#agents.follow();
		await this.#looked.promise;
		const {ready, all} = this.#agents.count();
		if (all > 0) {
			const text = `${ready} of ${all} Tetragon pods ready in ${this.#agents.namespace}`;
			this.#tell({step: 'agents', state: ready === all ? 'ok' : 'warning', node: '', text});
		}
	}

	/** undefined: the target is every node. */
	async #nodesOfTarget(): Promise<readonly string[] | undefined> {
		const {target} = this.#target;
		if (target.type === 'all') {
			return undefined;
		}

		const {api, access} = this.#cluster;
		const source = await findSource(api, target, !access.namespaceGiven, this.#signal);
		const pods = await podsNow(api, source, this.#signal);
		// Succeeded and Failed pods make no more events: the nodes they ran on are no target.
		const running = pods.filter(isRunningSomewhere);
		const nodes = new Set(running.flatMap(pod => pod.spec?.nodeName ?? []));
		const {words} = scopeOf(source.target);
		const problem = problemOf(pods, source) ?? notOnNodes(words, nodes, this.#target.nodes);
		if (problem !== undefined) {
			this.#tell({step: 'target', state: 'bad', node: '', text: `${problem.what}: ${problem.why}`, fix: problem.fix});
			return [...nodes];
		}

		const pending = pods.filter(pod => (pod.spec?.nodeName ?? '') === '');
		const finished = pods.length - running.length - pending.length;
		const others = [
			...(pending.length > 0 ? [`${pending.length} Pending (${schedulerWords(pending[0])})`] : []),
			...(finished > 0 ? [`${finished} finished`] : []),
		];
		const counted = `${running.length} ${running.length === 1 ? 'pod' : 'pods'}`;
		const text = [`${words}: ${counted} on ${[...nodes].join(', ')}`, ...others].join(', ');
		this.#tell({step: 'target', state: pending.length > 0 ? 'warning' : 'ok', node: '', text});
		return [...nodes];
	}

	async #allNodes(): Promise<readonly string[]> {
		const stop = new AbortController();
		const listed = Promise.withResolvers<void>();
		const nodes = new ClusterNodes(listed.resolve);
		void nodes.follow(this.#cluster.api, AbortSignal.any([this.#signal, stop.signal]));
		await listed.promise;
		stop.abort();
		return [...new Set([...this.#agents.nodes, ...(nodes.names ?? [])])];
	}

	async #reviewRights(): Promise<void> {
		const {rights} = await preflight(this.#cluster, this.#agents.namespace, this.#target.target, this.#signal);
		for (const {right, allowed} of rights) {
			const answer = allowed === undefined ? 'the server did not answer' : allowed ? 'allowed' : 'not allowed';
			this.#tell({
				step: 'rights',
				state: allowed === true ? 'ok' : 'warning',
				node: '',
				text: `${rightWords(right)}: ${answer}`,
			});
		}

		// One text for all of them: applied one after the other, roles of one name would replace each other.
		const lacking = rights.filter(({allowed}) => allowed === false).map(({right}) => right);
		if (lacking.length > 0) {
			const text = `${lacking.length} rights are missing`;
			const mayCreate = rights.some(
				({right, allowed}) => allowed === true && right.subresource === 'exec' && right.verb === 'create',
			);
			const kubectl = mayCreate ? lacking.flatMap(kubectlWords) : [];
			const fix = [...kubectl, grantWords(...lacking)].join('\n');
			this.#tell({step: 'rights', state: 'warning', node: '', text, fix});
		}
	}

	/** Returns how many nodes stream. */
	async #examineNodes(nodes: readonly string[]): Promise<number> {
		const waiting = [...nodes].sort();
		let streaming = 0;
		const workers = Array.from({length: Math.min(atOnce, waiting.length)}, async () => {
			for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
				const doesStream = await this.#examineNode(node);
				streaming += doesStream ? 1 : 0;
			}
		});
		await Promise.all(workers);
		return streaming;
	}

	async #examineNode(node: string): Promise<boolean> {
		const found = this.#agents.at(node);
		if (found.state !== 'ready') {
			const why =
				found.state === 'waiting'
					? `${found.pod}: ${found.why}`
					: (this.#agents.unseen ?? (await taintsOf(this.#cluster.api, node, this.#signal)) ?? '');
			this.#tell({step: 'agents', state: 'bad', node, text: why === '' ? 'no Tetragon pod' : `no agent: ${why}`});
			return false;
		}

		const connection = await this.#dial(node, found.agent);
		if (connection === undefined) {
			return false;
		}

		try {
			return await examineAgent(connection, node, this.#tell);
		} catch (error) {
			this.#tell({step: 'agent', state: 'bad', node, text: String((error as Error).message)});
			return false;
		} finally {
			connection.close();
		}
	}

	/** undefined: no transport reaches the agent, and the line that says so is reported. */
	async #dial(node: string, agent: AgentPod): Promise<Connection | undefined> {
		const {api, kubectl, ways} = this.#cluster;
		const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(openMs)]);
		const tried: (step: string, outcome: Connection | Refusal, tookMs: number) => void = (step, outcome, tookMs) => {
			const hasFailed = outcome instanceof Refusal;
			const text = hasFailed ? `${step}: ${outcome.why}` : `${step}: ${agent.pod} answers`;
			this.#tell({step: 'transport', state: hasFailed ? 'warning' : 'ok', node, text, tookMs});
		};

		try {
			const address = agent.configMaps.length === 0 ? defaultServerAddress : await readServerAddress(api, agent, limit);
			const dialler = {
				api,
				kubectl,
				ways,
				memory: this.#memory,
				own: new OwnExecs(),
				longestMessage: this.#longestMessage,
				tried,
			};
			const {connection} = await dialAgent(dialler, agent, address, limit);
			return connection;
		} catch (error) {
			const why = `no answer in ${openMs / 1000} s`;
			const refusal = error instanceof Refusal ? error : new Refusal(node, why, 'check the agent: kubectl logs');
			this.#tell({step: 'transport', state: 'bad', node, text: refusal.message, fix: refusal.fix});
			return undefined;
		}
	}
}
