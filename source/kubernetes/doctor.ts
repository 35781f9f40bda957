/** Every step of the way to each agent, tried once and told in a line: what `tetratop doctor` prints for a cluster. */

import {Refusal} from '../problem.js';
import type {Connection} from '../tetragon/agent/link.js';
import {type Agents, followAgents} from './agents/agents.js';
import {followNodes, taintsOf} from './agents/cluster-nodes.js';
import {createOwnExecs} from './agents/own-execs.js';
import {defaultServerAddress, readServerAddress} from './agents/server-address.js';
import {listAll} from './api/follow.js';
import type {Pod} from './api/objects.js';
import {type Cluster, openCluster} from './cluster.js';
import type {KubernetesOptions} from './options.js';
import {preflight, rightWords} from './rights/access-review.js';
import {grantWords} from './rights/missing-right.js';
import {type ParsedTarget, parseTarget} from './target/parse.js';
import {findSource} from './target/source.js';
import {scopeOf} from './target/target-scope.js';
import {dialAgent} from './transport/dial.js';
import {createMemory} from './transport/memory.js';

export type DoctorLine = {
	readonly step:
		| 'kubeconfig'
		| 'api-server'
		| 'target'
		| 'agents'
		| 'rights'
		| 'transport'
		| 'agent'
		| 'events'
		| 'policies';
	readonly state: 'ok' | 'warning' | 'bad';
	/** '' for what concerns the cluster. */
	readonly node: string;
	readonly text: string;
	/** Milliseconds that the step took, where that says something. */
	readonly tookMs?: number;
	readonly fix?: string;
};

/** 0: every agent streams; 1: some; 2: none. */
export type DoctorCode = 0 | 1 | 2;

/** A quiet node is not a broken one: this long is waited for an event. */
const eventMs = 2000;
const openMs = 20_000;
/** Nodes examined at once, as the fleet dials. */
const atOnce = 25;

export async function examineCluster(
	options: KubernetesOptions,
	tell: (line: DoctorLine) => void,
	say: (line: string) => void = () => undefined,
): Promise<DoctorCode> {
	const stop = new AbortController();
	let cluster: Cluster | undefined;
	let step: DoctorLine['step'] = 'kubeconfig';
	try {
		cluster = openCluster(options, say);
		tell({step: 'kubeconfig', state: 'ok', node: '', text: cluster.words});
		const parsed = parseTarget({
			words: options.words,
			namespace: options.access.namespace,
			defaultNamespace: cluster.access.namespace,
			allNamespaces: options.allNamespaces,
			selector: options.selector,
			nodes: options.nodes,
		});
		step = 'api-server';
		await askVersion(cluster, tell);
		step = 'target';
		return await examineNodes(cluster, options, parsed, tell, stop.signal);
	} catch (error) {
		const refusal = error instanceof Refusal ? error : new Refusal('doctor', String((error as Error).message), '');
		tell({step, state: 'bad', node: '', text: refusal.message, fix: refusal.fix});
		return 2;
	} finally {
		stop.abort();
		cluster?.api.close();
	}
}

async function askVersion({api}: Cluster, tell: (line: DoctorLine) => void): Promise<void> {
	const startMs = performance.now();
	const answer = await api.get<{readonly gitVersion?: string}>('/version').catch((error: unknown) => {
		// Some clusters do not let everybody see the version: the refusal is an answer as well.
		if (error instanceof Refusal && 'code' in error && (error.code === 403 || error.code === 404)) {
			return {gitVersion: undefined};
		}

		throw error;
	});
	const text = `${api.server} answers${answer.gitVersion === undefined ? '' : `: ${answer.gitVersion}`}`;
	tell({step: 'api-server', state: 'ok', node: '', text, tookMs: performance.now() - startMs});
}

async function examineNodes(
	cluster: Cluster,
	options: KubernetesOptions,
	parsed: ParsedTarget,
	tell: (line: DoctorLine) => void,
	signal: AbortSignal,
): Promise<DoctorCode> {
	const {api} = cluster;
	const [agents, wanted] = await Promise.all([
		lookForAgents(cluster, options, tell, signal),
		nodesOfTarget(cluster, parsed, tell, signal),
	]);
	const nodes = (wanted ?? (await allNodes(cluster, agents, signal))).filter(
		node => parsed.nodes.length === 0 || parsed.nodes.includes(node),
	);
	for (const node of parsed.nodes.filter(name => !nodes.includes(name))) {
		tell({step: 'agents', state: 'bad', node, text: 'no such node, or nothing of the target is on it'});
	}

	const {target} = parsed;
	const targetNamespace = target.type === 'all' ? undefined : (target.namespace ?? '');
	const review = await preflight(api, cluster.ways, agents.namespace() ?? 'kube-system', targetNamespace, signal);
	for (const {right, allowed} of review.rights) {
		const state = allowed === true ? 'ok' : 'warning';
		const words = allowed === undefined ? 'the server would not say' : allowed ? 'allowed' : 'not allowed';
		const fix = allowed === false ? {fix: grantWords(right)} : {};
		tell({step: 'rights', state, node: '', text: `${rightWords(right)}: ${words}`, ...fix});
	}

	const memory = createMemory();
	const waiting = [...nodes].sort();
	let well = 0;

	async function worker() {
		for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
			const isWell = await examineNode(cluster, agents, memory, node, tell, signal);
			well += isWell ? 1 : 0;
		}
	}

	await Promise.all(Array.from({length: Math.min(atOnce, waiting.length)}, worker));
	return well === 0 ? 2 : well === nodes.length && parsed.nodes.every(node => nodes.includes(node)) ? 0 : 1;
}

async function lookForAgents(
	{api, access}: Cluster,
	options: KubernetesOptions,
	tell: (line: DoctorLine) => void,
	signal: AbortSignal,
): Promise<Agents> {
	const {promise, resolve, reject} = Promise.withResolvers<void>();
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
			changed: () => undefined,
			looked: resolve,
			problem: ({what, why, fix}) => tell({step: 'agents', state: 'bad', node: '', text: `${what} ${why}`, fix}),
			solved: () => undefined,
			trouble: reject,
			well: () => undefined,
		},
	);
	await promise;
	const {ready, all} = agents.count();
	if (all > 0) {
		const text = `${ready} of ${all} Tetragon pods ready in ${agents.namespace()}`;
		tell({step: 'agents', state: ready === all ? 'ok' : 'warning', node: '', text});
	}

	return agents;
}

/** undefined: the target is every node. */
async function nodesOfTarget(
	{api, access}: Cluster,
	{target}: ParsedTarget,
	tell: (line: DoctorLine) => void,
	signal: AbortSignal,
): Promise<readonly string[] | undefined> {
	if (target.type === 'all') {
		return undefined;
	}

	const source = await findSource(api, target, !access.namespaceGiven, signal);
	const {items} = await listAll<Pod>(api, source.path, {query: source.query, signal});
	const pods = items.filter(source.meant);
	const nodes = new Set(pods.flatMap(pod => pod.spec?.nodeName ?? []));
	const pending = pods.filter(pod => (pod.spec?.nodeName ?? '') === '').length;
	const text = `${scopeOf(source.target).words}: ${pods.length} pods on ${[...nodes].join(', ') || 'no node'}`;
	const state = nodes.size === 0 ? 'bad' : pending > 0 ? 'warning' : 'ok';
	tell({step: 'target', state, node: '', text: pending > 0 ? `${text}, ${pending} Pending` : text});
	return [...nodes];
}

async function allNodes({api}: Cluster, agents: Agents, signal: AbortSignal): Promise<readonly string[]> {
	const stop = new AbortController();
	const {promise, resolve} = Promise.withResolvers<void>();
	const known = followNodes(api, AbortSignal.any([signal, stop.signal]), resolve);
	await promise;
	stop.abort();
	return [...new Set([...agents.nodes(), ...(known.names() ?? [])])];
}

async function examineNode(
	cluster: Cluster,
	agents: Agents,
	memory: ReturnType<typeof createMemory>,
	node: string,
	tell: (line: DoctorLine) => void,
	signal: AbortSignal,
): Promise<boolean> {
	const found = agents.at(node);
	if (found.state !== 'ready') {
		const why =
			found.state === 'waiting' ? `${found.pod}: ${found.why}` : ((await taintsOf(cluster.api, node, signal)) ?? '');
		tell({step: 'agents', state: 'bad', node, text: why === '' ? 'no Tetragon pod' : `no agent: ${why}`});
		return false;
	}

	const {agent} = found;
	const limit = AbortSignal.any([signal, AbortSignal.timeout(openMs)]);
	const dialler = {
		api: cluster.api,
		kubectl: cluster.kubectl,
		ways: cluster.ways,
		memory,
		own: createOwnExecs(),
		tried: (way: string, outcome: Connection | Refusal, tookMs: number) => {
			const failed = outcome instanceof Refusal;
			const text = failed ? `${way}: ${outcome.why}` : `${way}: ${agent.pod} answers`;
			tell({step: 'transport', state: failed ? 'warning' : 'ok', node, text, tookMs});
		},
	};
	let connection: Connection;
	try {
		const address =
			agent.configMaps.length === 0 ? defaultServerAddress : await readServerAddress(cluster.api, agent, limit);
		connection = await dialAgent(dialler, agent, address, limit);
	} catch (error) {
		const refusal = error instanceof Refusal ? error : new Refusal(node, 'it does not answer in time', '');
		tell({step: 'transport', state: 'bad', node, text: refusal.message, fix: refusal.fix});
		return false;
	}

	try {
		return await examineAgent(connection, node, tell);
	} catch (error) {
		tell({step: 'agent', state: 'bad', node, text: String((error as Error).message)});
		return false;
	} finally {
		connection.close();
	}
}

async function examineAgent(connection: Connection, node: string, tell: (line: DoctorLine) => void): Promise<boolean> {
	const version = await connection.version();
	const stream = await watchForEvent(connection);
	const policies = await connection.policies();
	const dump = await connection.dump().catch(() => undefined);
	const missing = connection.missing();
	const features = [dump === undefined ? '' : `${dump.length} processes in its cache`, ...missing].filter(
		text => text !== '',
	);
	tell({
		step: 'agent',
		state: missing.length === 0 ? 'ok' : 'warning',
		node,
		text: [`${version || 'version unknown'} via ${connection.via}`, ...features].join('; '),
	});
	tell({
		step: 'events',
		state: stream.ended === undefined ? 'ok' : 'bad',
		node,
		text: stream.words,
		tookMs: stream.tookMs,
	});
	const broken = (policies ?? []).filter(({error}) => error !== undefined && error !== '' && error !== '<nil>');
	const names = broken.map(({name, error}) => `${name}: ${error}`).join('; ');
	const text =
		policies === undefined ? 'cannot be read' : `${policies.length} loaded${names === '' ? '' : `; ${names}`}`;
	tell({step: 'policies', state: broken.length > 0 || policies === undefined ? 'warning' : 'ok', node, text});
	return stream.ended === undefined;
}

type StreamProof = {readonly words: string; readonly ended: string | undefined; readonly tookMs: number};

async function watchForEvent(connection: Connection): Promise<StreamProof> {
	const startMs = performance.now();
	const {promise, resolve} = Promise.withResolvers<StreamProof>();

	function done(words: string, ended?: string) {
		return resolve({words, ended, tookMs: performance.now() - startMs});
	}

	const timer = setTimeout(done, eventMs, `the stream is open; no event in ${eventMs / 1000} s (quiet)`);
	const subscription = connection.events(
		{},
		{
			frame: () => done('an event came'),
			event: () => done('an event came'),
			malformed: () => undefined,
			end: ({text}) => done(`the stream ended: ${text}`, text),
		},
	);
	const proof = await promise;
	clearTimeout(timer);
	subscription.cancel();
	return proof;
}
