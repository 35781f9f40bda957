/** The time windows and bounds of the room that need no cluster, with a fake clock: each at its limit and one before. */
import assert from 'node:assert/strict';
import {PassThrough, type Readable} from 'node:stream';
import test from 'node:test';
import {Agents} from '../../source/kubernetes/agents/agents.js';
import {ClusterNodes} from '../../source/kubernetes/agents/cluster-nodes.js';
import {NodeSet} from '../../source/kubernetes/agents/node-set.js';
import type {Api} from '../../source/kubernetes/api/api.js';
import {LineSplitter} from '../../source/kubernetes/api/body-lines.js';
import {follow} from '../../source/kubernetes/api/follow.js';
import {asPod} from '../../source/kubernetes/api/objects.js';
import {ApiRefusal} from '../../source/kubernetes/api/refusal.js';
import {hideSecrets} from '../../source/kubernetes/auth/secrets.js';
import {examineAgent} from '../../source/kubernetes/doctor-agent.js';
import {agentLog} from '../../source/kubernetes/policy-and-log.js';
import {followTarget} from '../../source/kubernetes/target/live.js';
import {scopeOf} from '../../source/kubernetes/target/target-scope.js';
import {openExecJson} from '../../source/kubernetes/transport/exec-json.js';
import type {PodRunner} from '../../source/kubernetes/transport/pod-stream.js';
import type {Connection} from '../../source/tetragon/agent/link.js';
import {fakeClock, turn} from './fake-clock.js';

const forbidden = new ApiRefusal('list', 'forbidden', '', 403, 'Forbidden');

/** An API server without a network: counts its requests. */
class FakeApi implements Api {
	readonly server = 'https://api.test';
	readonly upgrade = undefined;
	/** `GET path` and `STREAM path`, in order. */
	readonly calls: string[] = [];
	readonly queries: unknown[] = [];
	items: readonly unknown[] = [];
	/** undefined: watching is forbidden. */
	body: (() => Readable) | undefined;

	async get<Answer>(path: string): Promise<Answer> {
		this.calls.push(`GET ${path}`);
		return {items: this.items, metadata: {resourceVersion: '1'}} as Answer;
	}

	async create<Answer>(): Promise<Answer> {
		throw forbidden;
	}

	async stream(path: string, request?: {readonly query?: unknown}): Promise<Readable> {
		this.calls.push(`STREAM ${path}`);
		this.queries.push(request?.query);
		if (this.body === undefined) {
			throw forbidden;
		}

		return this.body();
	}

	async logIn(): Promise<void> {}

	secrets(): readonly string[] {
		return [];
	}

	close(): void {}

	count(start: string): number {
		return this.calls.filter(call => call.startsWith(start)).length;
	}
}

function nothing(): undefined {
	return undefined;
}

const ignored = {problem: nothing, solved: nothing, trouble: nothing, well: nothing};

function stopAfter(t: {after: (end: () => void) => void}): AbortSignal {
	const stop = new AbortController();
	t.after(() => stop.abort());
	return stop.signal;
}

test('without the right to watch, a collection is listed every 10 s, and nodes every minute', async t => {
	const pass = fakeClock(t);
	const api = new FakeApi();
	void follow(
		api,
		'/pods',
		asPod,
		{list: nothing, change: nothing, trouble: nothing, well: nothing},
		{signal: stopAfter(t)},
	);
	void new ClusterNodes(nothing).follow(api, stopAfter(t));
	await turn();
	await pass(9999);
	assert.equal(api.count('GET /pods'), 1);
	await pass(1);
	assert.equal(api.count('GET /pods'), 2);
	await pass(49_999);
	assert.equal(api.count('GET /api/v1/nodes'), 1);
	await pass(1);
	assert.equal(api.count('GET /api/v1/nodes'), 2);
});

test('a watch that is silent for 330 s is opened again', async t => {
	const pass = fakeClock(t);
	const api = new FakeApi();
	api.body = () => new PassThrough();
	void follow(
		api,
		'/pods',
		asPod,
		{list: nothing, change: nothing, trouble: nothing, well: nothing},
		{signal: stopAfter(t)},
	);
	await turn();
	await pass(329_999);
	assert.equal(api.count('STREAM'), 1);
	await pass(1);
	await pass(1000);
	assert.equal(api.count('STREAM'), 2);
});

test('agents that were not found are looked for again after 10 s, a target after 5 s', async t => {
	const pass = fakeClock(t);
	const api = new FakeApi();
	const seen = {...ignored, changed: nothing, looked: nothing};
	void new Agents(api, {namespace: 'tetragon', homeNamespace: 'home', signal: stopAfter(t)}, seen).follow();
	const target = {type: 'pod', namespace: 'home', name: 'x', certain: true} as const;
	void followTarget(
		api,
		target,
		{...ignored, nodes: nothing, found: nothing, pods: nothing},
		{elsewhere: false, signal: stopAfter(t)},
	);
	await turn();
	const once = api.count('GET /api/v1/namespaces/home/pods');
	await pass(4999);
	assert.equal(api.count('GET /api/v1/namespaces/home/pods'), once);
	await pass(1);
	assert.equal(api.count('GET /api/v1/namespaces/home/pods'), 2 * once);
	await pass(4999);
	assert.equal(api.count('GET /api/v1/namespaces/tetragon/pods'), 1);
	await pass(1);
	assert.equal(api.count('GET /api/v1/namespaces/tetragon/pods'), 2);
});

test('a node is kept for 5 s without the target, for a minute without an agent, and not at all when it left the cluster', async t => {
	const pass = fakeClock(t);

	function nodeSet(known: () => ReadonlySet<string> | undefined) {
		const present = new Set<string>();
		const nodes = new NodeSet({
			only: [],
			lingerMs: undefined,
			known,
			add: node => present.add(node),
			remove: node => present.delete(node),
		});
		return {nodes, present};
	}

	const targeted = nodeSet(() => undefined);
	targeted.nodes.target(new Set(['a']));
	targeted.nodes.target(new Set());
	const unknown = nodeSet(() => undefined);
	unknown.nodes.everywhere();
	unknown.nodes.agent('a', 'ready');
	unknown.nodes.agent('a', 'none');
	let names = new Set(['a']);
	const known = nodeSet(() => names);
	known.nodes.everywhere();
	names = new Set();
	known.nodes.refresh();
	assert.deepEqual(
		[targeted, unknown, known].map(({present}) => present.size),
		[1, 1, 1],
	);
	await pass(1);
	assert.equal(known.present.size, 0);
	await pass(4998);
	assert.equal(targeted.present.size, 1);
	await pass(1);
	assert.equal(targeted.present.size, 0);
	await pass(54_999);
	assert.equal(unknown.present.size, 1);
	await pass(1);
	assert.equal(unknown.present.size, 0);
});

test('doctor waits 2 s for an event of a quiet node', async t => {
	const pass = fakeClock(t);
	const lines: string[] = [];
	const connection = {
		agent: 'a',
		via: 'exec',
		version: async () => 'v1',
		health: async () => undefined,
		events: () => ({cancel: nothing}),
		policies: async () => [],
		dump: async () => [],
		missing: () => [],
		close: nothing,
	} satisfies Connection;
	const isStreaming = examineAgent(connection, 'n', ({text}) => lines.push(text));
	await turn();
	await pass(1999);
	assert.equal(lines.length, 0);
	await pass(1);
	assert.equal(await isStreaming, true);
	assert.ok(lines.includes('the stream is open; no event in 2 s (quiet)'));
});

test('a command of tetra is given up after 20 s, the dump of the process cache after 60 s', async t => {
	const pass = fakeClock(t);
	const aborted: string[] = [];
	const runner: PodRunner = {
		start: () => new Promise(nothing),
		async once([, name = ''], signal) {
			if (name === 'version') {
				return Buffer.from('server version: v1.6.1');
			}

			const {promise, reject} = Promise.withResolvers<Buffer>();
			signal.addEventListener('abort', () => {
				aborted.push(name);
				reject(new Error('it took too long'));
			});
			return promise;
		},
	};
	const agent = {
		node: 'n',
		namespace: 'ns',
		pod: 'p',
		uid: '',
		container: 'tetragon',
		imageVersion: '',
		containers: [],
		configMaps: [],
	};
	const connection = await openExecJson(runner, agent, 'exec-json', new AbortController().signal);
	const answers = Promise.all([connection.policies(), connection.dump()]);
	await pass(19_999);
	assert.deepEqual(aborted, []);
	await pass(1);
	assert.deepEqual(aborted, ['tracingpolicy']);
	await pass(39_999);
	assert.deepEqual(aborted, ['tracingpolicy']);
	await pass(1);
	assert.deepEqual(aborted, ['tracingpolicy', 'debug']);
	assert.deepEqual(await answers, [undefined, undefined]);
	assert.match(connection.missing().join(), /no process cache: it took too long/);
});

test('a line of 10 MiB is whole, a longer one is cut', () => {
	const lengths: number[] = [];
	const splitter = new LineSplitter(line => lengths.push(line.length));
	const limit = 10 * 1024 * 1024;
	splitter.push(Buffer.alloc(limit, 'x'));
	assert.equal(lengths.length, 0, 'it may still end');
	splitter.push(Buffer.from('\n'));
	assert.deepEqual(lengths, [limit]);
	splitter.push(Buffer.alloc(limit + 1, 'x'));
	assert.deepEqual(lengths, [limit, limit + 1], 'handed over before its end');
	splitter.push(Buffer.from('xx\nnext\n'));
	assert.deepEqual(lengths, [limit, limit + 1, 4]);
});

test('a secret of four characters is hidden, one of three is not', () => {
	assert.equal(hideSecrets('a wxyz b', ['wxyz']), 'a [hidden] b');
	assert.equal(hideSecrets('a xyz b', ['xyz']), 'a xyz b');
});

test('an agent compares with 100 names; more pods are asked for by their labels, or by their namespace alone', () => {
	function asked(count: number, selector: string) {
		const names = Array.from({length: count}, (_, index) => ({namespace: 'n', name: `a-${index}`}));
		const target = {type: 'workload', namespace: 'n', kind: 'deployment', name: 'a'} as const;
		return scopeOf(target, {all: names, live: names, selector}).pods?.asked;
	}

	assert.equal(asked(100, 'app=a')?.pod_regex?.length, 100);
	assert.deepEqual(asked(101, 'app=a'), {labels: ['app=a']});
	assert.deepEqual(asked(101, ''), {});
});

test('the newest 200 lines of an agent’s log are asked for', async () => {
	const api = new FakeApi();
	api.body = () => {
		const body = new PassThrough();
		body.end('last line\n');
		return body;
	};
	const agent = {
		node: 'n',
		namespace: 'ns',
		pod: 'p',
		uid: '',
		container: 'tetragon',
		imageVersion: '',
		containers: [],
		configMaps: [],
	};
	assert.equal(await agentLog(api, {state: 'ready', agent}), 'last line');
	assert.deepEqual(api.queries, [{container: 'tetragon', tailLines: '200'}]);
});
