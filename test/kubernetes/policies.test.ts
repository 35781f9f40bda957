import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test from 'node:test';
import {FollowedPolicies} from '../../source/kubernetes/policies/follow-policies.js';
import {
	asPolicyObject,
	asPolicyPod,
	policyNews,
	policyPodNews,
} from '../../source/kubernetes/policies/policy-objects.js';
import {scopeOf} from '../../source/kubernetes/target/target-scope.js';
import {PoliciesWatch} from '../../source/modes/cluster/policies-watch.js';
import {programWords} from '../program/program.js';
import {connectApi, startServer} from './cluster/test-api.js';
import {pod, startCluster} from './cluster/test-cluster.js';
import {until} from './cluster/until.js';

const [command = '', ...first] = programWords;

async function run(kubeconfig: string, ...args: readonly string[]) {
	const child = spawn(command, [...first, 'policies', ...args], {
		env: {KUBECONFIG: kubeconfig, PATH: '/nowhere'},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let [out, err] = ['', ''];
	child.stdout.on('data', chunk => {
		out += chunk;
	});
	child.stderr.on('data', chunk => {
		err += chunk;
	});
	const [code] = (await once(child, 'close')) as [number];
	return {code, out, err};
}

const enabled = {state: 'TP_STATE_ENABLED', mode: 'TP_MODE_ENFORCE'};

function policy(name: string, spec: object = {}, namespace = '') {
	return {metadata: {name, ...(namespace === '' ? {} : {namespace})}, spec: {kprobes: [{call: 'x'}], ...spec}};
}

test('`tetratop policies xwing` joins objects, the lists of the agents and the pods', async t => {
	const cluster = await startCluster(t);
	const {store} = cluster.server;
	store.put('tracingpolicies', policy('egress'));
	store.put('tracingpolicies', policy('shadow-kill', {podSelector: {matchLabels: {class: 'xwing'}}}));
	store.put('tracingpolicies', policy('of-others', {podSelector: {matchLabels: {class: 'tie'}}}));
	store.put('tracingpoliciesnamespaced', policy('files', {}, 'default'));
	store.put('tracingpoliciesnamespaced', policy('elsewhere', {}, 'payments'));
	const agent = cluster.agents.get('worker-1');
	const error = 'attach kprobe foo: not found';
	agent?.policies.splice(
		0,
		1,
		{name: 'egress', ...enabled},
		{name: 'files', namespace: 'default', ...enabled},
		{name: 'shadow-kill', ...enabled, state: 'TP_STATE_LOAD_ERROR', error},
	);
	const text = await run(cluster.kubeconfig, 'xwing');
	assert.equal(text.code, 0, text.err);
	assert.match(text.out, /^NAME +NAMESPACE +MODE +STATE +NODES +PODS +OBJECT +SELECTS$/m);
	assert.match(text.out, /^egress +\(all\) +enforce +enabled +1\/1 +1 +yes +everything, pods and hosts$/m);
	assert.match(text.out, /^applies to xwing: 3 policies; loaded on its node: 2$/m);
	assert.match(text.out, /^shadow-kill is not loaded on worker-1: load_error: attach kprobe foo: not found$/m);
	assert.doesNotMatch(text.out, /of-others|elsewhere/);

	const json = await run(cluster.kubeconfig, '-o', 'json', 'xwing');
	const lines = json.out
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as Record<string, unknown>);
	assert.deepEqual(
		lines.map(({type, name, object, notLoaded}) => [type, name, object, notLoaded]),
		[
			['policy', 'egress', true, []],
			['policy', 'files', true, []],
			['policy', 'shadow-kill', true, [{node: 'worker-1', why: `load_error: ${error}`}]],
			['summary', undefined, undefined, undefined],
		],
	);

	const all = await run(cluster.kubeconfig);
	assert.match(all.out, /^of-others is an object \(TracingPolicy\) of the cluster, and no agent lists it$/m);
	assert.match(all.out, /^policy-of-worker-2 is loaded on worker-2, and no object of the cluster explains it:/m);
	assert.match(all.out, /^egress is not loaded on worker-2, worker-3: its agent does not list it$/m);
});

test('without the right to list policies the agents are listed, the missing right is named, and the exit code is 1', async t => {
	const cluster = await startCluster(t);
	cluster.server.denials.push({group: 'cilium.io'});
	const {code, out} = await run(cluster.kubeconfig, 'xwing');
	assert.equal(code, 1);
	assert.match(out, /^policy-of-worker-1 +\(all\) .* \? +\? +\?$/m);
	assert.match(
		out,
		/^not allowed: list, watch tracingpolicies in all namespaces: which policies the whole cluster has/m,
	);
	assert.match(out, /^not allowed: list, watch tracingpoliciesnamespaced in default:/m);
	assert.doesNotMatch(out, /no object of the cluster|applies to/);
});

test('an object of a server is read by its shape: null is not the same as missing, and what nobody reads is dropped', () => {
	const metadata = {name: 'p', namespace: 'default'};
	const read: (spec: unknown) => unknown = spec => {
		const object = asPolicyObject({metadata, spec});
		return object && policyNews(object);
	};
	const none = {name: 'p', namespace: 'default', podSelector: undefined, containerSelector: undefined};
	assert.deepEqual(read({kprobes: []}), {...none, nodeSelector: undefined, selectsNoPods: false});
	assert.deepEqual(read({podSelector: null}), {...none, nodeSelector: undefined, selectsNoPods: true});
	assert.deepEqual(read({hostSelector: {}}), {...none, nodeSelector: undefined, selectsNoPods: true});
	assert.deepEqual(read({hostSelector: {}, podSelector: {}}), {
		...none,
		podSelector: {},
		nodeSelector: undefined,
		selectsNoPods: false,
	});
	assert.deepEqual(read('text'), {...none, nodeSelector: undefined, selectsNoPods: false});
	const kept = asPolicyObject({metadata, spec: {kprobes: [1], podSelector: {}}});
	assert.deepEqual(kept?.spec, {podSelector: {}});
});

test('a pod is read with its running containers and their repositories; a finished one is none', () => {
	const running = {running: {startedAt: 'x'}};
	const object = {
		metadata: {name: 'a', namespace: 'n', labels: {app: 'x'}},
		spec: {nodeName: 'w', containers: [{name: 'main'}, {name: 'gone'}]},
		status: {
			phase: 'Running',
			containerStatuses: [
				{name: 'main', imageID: 'docker.io/library/ubuntu@sha256:aa', state: running},
				{name: 'gone', imageID: 'x@y', state: {terminated: {}}},
			],
			ephemeralContainerStatuses: [{name: 'debug', imageID: 'sha256:bb', state: running}],
		},
	};
	const read: (value: unknown) => unknown = value => {
		const one = asPolicyPod(value);
		return one && policyPodNews(one);
	};
	assert.deepEqual(read(object), {
		namespace: 'n',
		name: 'a',
		node: 'w',
		labels: {app: 'x'},
		containers: [
			{name: 'main', repo: 'docker.io/library/ubuntu'},
			{name: 'debug', repo: ''},
		],
	});
	assert.equal(read({...object, status: {phase: 'Succeeded'}}), undefined);
});

test('policies that come, change and go are followed', async t => {
	const server = await startServer(t);
	const api = connectApi(t, server);
	const followed = new FollowedPolicies(undefined);
	const stop = new AbortController();
	t.after(() => stop.abort());
	const over = followed.follow(api, stop.signal);
	await until('all lists were read', () => followed.now().isComplete);
	assert.deepEqual(followed.now().objects, []);
	server.store.put('tracingpolicies', policy('a'));
	await until('it came', () => followed.now().objects.length === 1);
	server.store.put('tracingpolicies', policy('a', {podSelector: {matchLabels: {app: 'x'}}}));
	await until('it changed', () => followed.now().objects[0]?.podSelector !== undefined);
	server.store.delete('tracingpolicies', '', 'a');
	await until('it went', () => followed.now().objects.length === 0);
	stop.abort();
	await over;
});

test('the API is asked for policies only while the view is open or a target is watched', async t => {
	const server = await startServer(t);
	server.store.put('pods', pod('default', 'xwing', 'worker-1'));
	const api = connectApi(t, server);
	const watch = new PoliciesWatch(undefined);
	t.after(() => watch.close());
	watch.start(api, false);
	watch.scope(scopeOf({type: 'all'}));
	assert.equal(watch.now(), undefined);
	watch.open(true);
	await until('it is read', () => watch.now()?.isComplete === true);
	assert.equal(watch.now()?.seesNamespaces, 'all');
	assert.equal(watch.now(), watch.now());
	watch.open(false);
	assert.equal(watch.now(), undefined);
	watch.scope(scopeOf({type: 'pod', namespace: 'default', name: 'xwing', certain: true}));
	await until('it is read for the target', () => watch.now()?.isComplete === true);
	assert.deepEqual(watch.now()?.seesNamespaces, ['default']);
	assert.equal(watch.now()?.target?.isTarget('default', 'xwing-2'), false);
});
