import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {discover, type Progress} from '../../source/kubernetes/discover.js';
import type {KubernetesOptions} from '../../source/kubernetes/options.js';
import type {Scope} from '../../source/kubernetes/target/target-scope.js';
import type {Problem, Refusal} from '../../source/problem.js';
import type {Connection, EndReason, Link} from '../../source/tetragon/agent/link.js';
import {agentPod, pod, startCluster, type TestCluster} from './cluster/test-cluster.js';
import {until} from './cluster/until.js';

function watch(t: TestContext, cluster: TestCluster, options: Partial<KubernetesOptions> = {}) {
	const seen = {
		links: new Map<string, Link>(),
		problems: new Map<string, Problem>(),
		everyProblem: [] as Problem[],
		progress: new Map<string, Progress>(),
		scopes: [] as Scope[],
		/** Every call of `add`: a repetition means "try now". */
		added: [] as string[],
		offline: [] as Array<number | undefined>,
	};
	const discovery = discover(
		{
			access: {kubeconfig: cluster.kubeconfig, ...options.access},
			words: [],
			environment: {},
			lingerMs: 50,
			...without(options),
		},
		{
			add(link) {
				seen.added.push(link.node);
				seen.links.set(link.node, link);
			},
			remove: node => seen.links.delete(node),
			problem(problem) {
				seen.everyProblem.push(problem);
				seen.problems.set(problem.id, problem);
			},
			solved: id => seen.problems.delete(id),
			progress: line => seen.progress.set(line.id, line),
			scope: scope => seen.scopes.push(scope),
			offline: sinceMs => seen.offline.push(sinceMs),
			say: () => undefined,
		},
	);
	t.after(() => discovery.close());
	return {...seen, discovery};
}

function without({access: _, ...rest}: Partial<KubernetesOptions>) {
	return rest;
}

function names(links: ReadonlyMap<string, Link>) {
	return [...links.keys()].sort();
}

async function open(t: TestContext, link: Link | undefined) {
	assert.ok(link);
	const connection: Connection = await link.open(AbortSignal.timeout(60_000));
	t.after(() => connection.close());
	const state = {connection, end: undefined as EndReason | undefined, frames: 0};
	connection.events(
		{},
		{
			frame: () => state.frames++,
			event: () => undefined,
			malformed: () => undefined,
			end: reason => {
				state.end = reason;
			},
		},
	);
	return state;
}

test('without a target every node is reached, through whichever way its agent allows', async t => {
	const cluster = await startCluster(t);
	const {links, progress, scopes} = watch(t, cluster);
	await until('three links', () => links.size === 3);
	const ways = new Map<string, string>();
	for (const [node, link] of links) {
		const {connection} = await open(t, link);
		ways.set(node, `${connection.via} ${await connection.version()}`);
	}

	assert.equal(ways.get('worker-1'), 'exec v1.7.0');
	assert.equal(ways.get('worker-2'), 'port-forward v1.2.0');
	assert.match(ways.get('worker-3') ?? '', /v1\.8\.0$/);
	assert.equal(scopes[0]?.query, '');
	await until('rights are told', () => progress.has('rights'));
	assert.match(progress.get('access')?.text ?? '', /context test, user alice/);
	assert.equal(progress.get('tetragon')?.text, 'Tetragon: 3 of 3 pods ready in kube-system');
	assert.match(progress.get('rights')?.text ?? '', /may .*create pods\/exec in kube-system/);
});

test('a pod leads to the agent of its node, with no other argument', async t => {
	const cluster = await startCluster(t);
	const agent = cluster.agents.get('worker-1');
	const {links, scopes} = watch(t, cluster, {words: ['xwing']});
	await until('a link', () => links.size === 1);
	const stream = await open(t, links.get('worker-1'));
	await until('subscribed', () => agent?.subscribers.size === 1);
	agent?.send({process_exec: {process: {exec_id: 'x'}}});
	await until('an event', () => stream.frames === 1);
	assert.deepEqual([...links.keys()], ['worker-1']);
	assert.deepEqual(scopes[0]?.filters, [{namespace: ['default'], pod_regex: ['^xwing$']}]);
});

test('a rollout of the DaemonSet ends the old connection and asks to try the new pod at once', async t => {
	const cluster = await startCluster(t);
	const {links, added} = watch(t, cluster, {words: ['xwing']});
	await until('a link', () => links.size === 1);
	const before = await open(t, links.get('worker-1'));
	assert.equal(before.connection.agent, 'tetragon-worker-1');
	const calls = added.length;
	const name = cluster.replaceAgentPod('worker-1');
	await until('the old one ended', () => before.end !== undefined);
	await until('asked to try', () => added.length > calls);
	const after = await open(t, links.get('worker-1'));
	assert.equal(after.connection.agent, name);
	assert.deepEqual(names(links), ['worker-1'], 'the node is the same');
});

test('a target that moves is followed to its new node, and the old one is let go', async t => {
	const cluster = await startCluster(t);
	const {links} = watch(t, cluster, {words: ['pod/xwing']});
	await until('on worker-1', () => links.has('worker-1'));
	cluster.server.store.delete('pods', 'default', 'xwing');
	cluster.server.store.put('pods', pod('default', 'xwing', 'worker-2'));
	await until('moved', () => links.has('worker-2') && !links.has('worker-1'));
});

test('a workload that is scaled is followed; its selector finds the pods, or their owners do', async t => {
	const cluster = await startCluster(t);
	const {store} = cluster.server;

	function replica(name: string, node: string) {
		const made = pod('default', name, node, {app: 'ds'});
		return {
			...made,
			metadata: {...made.metadata, ownerReferences: [{kind: 'ReplicaSet', name: 'deathstar-7848d6c4d5'}]},
		};
	}

	const deployment = {
		metadata: {namespace: 'default', name: 'deathstar'},
		spec: {selector: {matchLabels: {app: 'ds'}}},
	};
	store.put('deployments', deployment);
	store.put('pods', replica('deathstar-7848d6c4d5-aaaaa', 'worker-1'));
	const bySelector = watch(t, cluster, {words: ['deploy/deathstar']});
	const byName = watch(t, cluster, {words: ['deathstar']});
	await until('found', () => bySelector.links.size === 1 && byName.links.size === 1);
	cluster.server.denials = [{resource: 'deployments'}];
	const byOwner = watch(t, cluster, {words: ['deploy/deathstar']});
	await until('found by owner', () => byOwner.links.size === 1);
	store.put('pods', replica('deathstar-7848d6c4d5-bbbbb', 'worker-3'));
	for (const {links} of [bySelector, byName, byOwner]) {
		await until('scaled up', () => names(links).join() === 'worker-1,worker-3');
	}

	assert.equal(byName.scopes.at(-1)?.query, 'ns=default pod=deathstar-7848d6c4d5-aaaaa|deathstar-7848d6c4d5-bbbbb');
	store.delete('pods', 'default', 'deathstar-7848d6c4d5-aaaaa');
	await until('scaled down', () => names(bySelector.links).join() === 'worker-3');
});

test('a selector, a namespace and --node each narrow the nodes', async t => {
	const cluster = await startCluster(t);
	cluster.server.store.put('pods', pod('team', 'a', 'worker-2', {app: 'x'}));
	cluster.server.store.put('pods', pod('default', 'b', 'worker-3', {app: 'x'}));
	const all = watch(t, cluster, {selector: 'app=x', allNamespaces: true});
	const one = watch(t, cluster, {access: {kubeconfig: cluster.kubeconfig, namespaces: ['team']}});
	const node = watch(t, cluster, {nodes: ['worker-3', 'worker-1']});
	await until('selected', () => names(all.links).join() === 'worker-2,worker-3');
	await until('of the namespace', () => names(one.links).join() === 'worker-2');
	await until('of --node', () => names(node.links).join() === 'worker-1,worker-3');
});

test('a Pending pod, an unknown name and an empty selection each say so, and are followed when they come', async t => {
	const cluster = await startCluster(t);
	const {store} = cluster.server;
	const waiting = pod('default', 'slow', '');
	store.put('pods', {
		...waiting,
		...{
			status: {
				phase: 'Pending',
				conditions: [{type: 'PodScheduled', status: 'False', message: '0/3 nodes: too little cpu'}],
			},
		},
	});
	const pending = watch(t, cluster, {words: ['slow']});
	const unknown = watch(t, cluster, {words: ['xwnig']});
	const empty = watch(t, cluster, {selector: 'app=none'});
	await until('said', () => [pending, unknown, empty].every(({problems}) => problems.has('target')));
	assert.equal(pending.problems.get('target')?.what, 'default/slow: Pending, on no node yet');
	assert.equal(pending.problems.get('target')?.why, '0/3 nodes: too little cpu');
	assert.equal(unknown.problems.get('target')?.what, 'no pod or workload xwnig in namespace default');
	assert.equal(unknown.problems.get('target')?.fix, 'did you mean xwing?');
	assert.equal(empty.problems.get('target')?.what, 'default -l app=none: no pod at the moment');
	store.put('pods', pod('default', 'slow', 'worker-2'));
	store.put('pods', pod('default', 'late', 'worker-3', {app: 'none'}));
	await until('followed', () => pending.links.has('worker-2') && empty.links.has('worker-3'));
	assert.equal(pending.problems.size, 0);
});

test('a pod of one other namespace is what was meant where none was given; with -n it is only said', async t => {
	const cluster = await startCluster(t);
	cluster.server.store.put('pods', pod('rebels', 'falcon', 'worker-2'));
	const meant = watch(t, cluster, {words: ['falcon']});
	await until('found', () => meant.links.has('worker-2'));
	assert.equal(meant.scopes.at(-1)?.query, 'ns=rebels pod=falcon');
	const strict = watch(t, cluster, {
		words: ['falcon'],
		access: {kubeconfig: cluster.kubeconfig, namespaces: ['default']},
	});
	await until('said', () => strict.problems.has('target'));
	assert.match(strict.problems.get('target')?.fix ?? '', /tetratop -n rebels falcon/);
	assert.equal(strict.links.size, 0);
});

test('no Tetragon is said, another namespace is found by itself, and a pod that is not Ready says why', async t => {
	const cluster = await startCluster(t);
	const {store} = cluster.server;
	for (const node of cluster.agents.keys()) {
		store.delete('pods', 'kube-system', `tetragon-${node}`);
	}

	const none = watch(t, cluster);
	await until('said', () => none.problems.has('no-tetragon'));
	assert.match(
		none.problems.get('no-tetragon')?.what ?? '',
		/^No Tetragon DaemonSet found by label app\.kubernetes\.io\/name=tetragon/,
	);

	const agent = agentPod('worker-1', 'tetragon-x');
	store.put('pods', {...agent, metadata: {...agent.metadata, namespace: 'security'}});
	const job = agentPod('worker-2', 'certgen');
	store.put('pods', {
		...job,
		metadata: {...job.metadata, namespace: 'security', ownerReferences: [{kind: 'Job', name: 'certgen'}]},
	});
	const broken = agentPod('worker-3', 'tetragon-y');
	const waiting = {
		name: 'tetragon',
		state: {waiting: {reason: 'CrashLoopBackOff'}},
		lastState: {terminated: {exitCode: 1}},
	};
	store.put('pods', {
		...broken,
		metadata: {...broken.metadata, namespace: 'security'},
		...{status: {phase: 'Running', containerStatuses: [waiting]}},
	});
	const elsewhere = watch(t, cluster);
	await until('found', () => elsewhere.progress.get('tetragon')?.text === 'Tetragon: 1 of 2 pods ready in security');

	async function refusal(node: string) {
		return (await elsewhere.links
			.get(node)
			?.open(AbortSignal.timeout(60_000))
			.catch(error => error)) as Refusal;
	}

	await until('nodes are known', () => elsewhere.links.size === 3);
	assert.match((await refusal('worker-3')).message, /tetragon-y: CrashLoopBackOff, last: container exit 1/);
	store.put('nodes', {
		metadata: {name: 'worker-2'},
		...{spec: {taints: [{key: 'dedicated', value: 'gpu', effect: 'NoSchedule'}]}},
	});
	assert.match((await refusal('worker-2')).message, /worker-2: no Tetragon pod: taint dedicated=gpu:NoSchedule/);
	await open(t, elsewhere.links.get('worker-1'));
});

test('a node that leaves the cluster leaves the fleet, and a new one joins', async t => {
	const cluster = await startCluster(t);
	const {links} = watch(t, cluster);
	await until('three links', () => links.size === 3);
	cluster.server.store.delete('pods', 'kube-system', 'tetragon-worker-3');
	cluster.server.store.delete('nodes', '', 'worker-3');
	await until('gone', () => names(links).join() === 'worker-1,worker-2');
	cluster.server.store.put('nodes', {metadata: {name: 'worker-4'}});
	await until('joined', () => links.has('worker-4'));
});

test('a lost API server is OFFLINE and nothing else: links stay, and it is found again', async t => {
	const cluster = await startCluster(t);
	const {links, offline, problems} = watch(t, cluster, {words: ['xwing']});
	await until('a link', () => links.size === 1);
	await cluster.server.stop();
	await until('offline', () => offline.length > 0);
	assert.equal(typeof offline[0], 'number');
	assert.ok(problems.has('api'));
	assert.equal(links.size, 1);
	await cluster.server.start();
	await until('back', () => offline.at(-1) === undefined && !problems.has('api'));
	await open(t, links.get('worker-1'));
});

test('a token that ends while we run is said without the token, and a renewed one is enough', async t => {
	const cluster = await startCluster(t);
	const {links, problems, everyProblem} = watch(t, cluster, {words: ['xwing']});
	await until('a link', () => links.size === 1);
	cluster.server.tokens.delete('good-token');
	cluster.server.endWatches();
	await until('said', () => problems.has('api/target') || problems.has('api/agents'));
	cluster.server.tokens.set('good-token', 'alice');
	await until('taken again', () => !problems.has('api/target') && !problems.has('api/agents'));
	assert.doesNotMatch(JSON.stringify(everyProblem), /good-token/);
});

test('a missing right to list pods gives the sentence and the YAML', async t => {
	const cluster = await startCluster(t);
	cluster.server.denials = [{resource: 'pods', verb: 'list', namespace: 'default'}];
	const {problems} = watch(t, cluster, {words: ['pod/xwing']});
	await until('said', () => problems.has('target'));
	const problem = problems.get('target');
	assert.equal(problem?.what, 'Not allowed: list pods in default');
	assert.match(problem?.why ?? '', /User "alice" cannot list resource "pods"/);
	assert.match(
		problem?.fix ?? '',
		/kubectl auth can-i list pods -n default[\s\S]*kind: Role[\s\S]*verbs: \["get", "list", "watch"\]/,
	);
});

test('no right to see pods in kube-system is not "no Tetragon": the sentence says what is not known', async t => {
	const cluster = await startCluster(t);
	cluster.server.denials = [
		{resource: 'pods', namespace: 'kube-system'},
		{resource: 'pods', namespace: ''},
	];
	const {links, problems} = watch(t, cluster, {words: ['pod/xwing']});
	await until('said', () => problems.has('no-tetragon') && links.has('worker-1'));
	const problem = problems.get('no-tetragon');
	assert.match(
		problem?.what ?? '',
		/^No right to see pods in kube-system, all namespaces: whether Tetragon is there is not known/,
	);
	assert.match(problem?.fix ?? '', /kind: Role\n[\s\S]*kind: RoleBinding\n[\s\S]*name: "alice"/);
	const refusal = (await links
		.get('worker-1')
		?.open(AbortSignal.timeout(60_000))
		.catch(error => error)) as Refusal;
	assert.match(refusal.message, /no right to see pods in kube-system/);
	assert.doesNotMatch(refusal.message, /no Tetragon pod/);
});

test('without the right to list nodes the agents alone tell which nodes there are', async t => {
	const cluster = await startCluster(t);
	cluster.server.denials = [{resource: 'nodes'}];
	const {links, problems} = watch(t, cluster);
	await until('three links', () => links.size === 3);
	assert.equal(problems.size, 0);
});

test('an unknown --node is said with the name that is near', async t => {
	const cluster = await startCluster(t);
	const {problems} = watch(t, cluster, {nodes: ['wroker-1']});
	await until('said', () => problems.has('node-name/wroker-1'));
	assert.equal(problems.get('node-name/wroker-1')?.fix, 'did you mean worker-1?');
});

test('our own exec is told from what others run', async t => {
	const cluster = await startCluster(t);
	const {links, discovery} = watch(t, cluster, {words: ['xwing']});
	await until('a link', () => links.size === 1);
	await open(t, links.get('worker-1'));
	const process = {
		execId: 'e',
		parentExecId: '',
		pid: 1,
		uid: 0,
		binary: '/usr/bin/nc',
		arguments: 'local:/var/run/tetragon/tetragon.sock 0',
		cwd: '/',
		flags: '',
		startMs: Date.now(),
		namespace: 'kube-system',
		pod: 'tetragon-worker-1',
		container: 'tetragon',
		containerId: '',
		image: '',
		workload: '',
		workloadKind: '',
		podLabels: undefined,
		inInitTree: false,
		execProbe: false,
	};
	assert.equal(discovery.own.isOwn('worker-1', process), true);
});
