/** A target's pods are exactly those that its owner references or its selector name, whatever their names are. */
import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {discover} from '../../../source/kubernetes/discover.js';
import type {KubernetesOptions} from '../../../source/kubernetes/options.js';
import type {Scope} from '../../../source/kubernetes/target/target-scope.js';
import type {Problem} from '../../../source/problem.js';
import {pod, startCluster, type TestCluster} from '../cluster/test-cluster.js';
import {until} from '../cluster/until.js';

type Owner = {readonly kind: string; readonly name: string};

function owned(
	name: string,
	owner: Owner | undefined,
	labels: Readonly<Record<string, string>> = {},
	node = 'worker-1',
) {
	const made = pod('default', name, node, labels);
	const owners = owner === undefined ? {} : {ownerReferences: [{...owner, controller: true}]};
	return {...made, metadata: {...made.metadata, ...owners}};
}

function object(name: string, owner?: Owner, spec: object = {}) {
	const owners = owner === undefined ? {} : {ownerReferences: [{...owner, controller: true}]};
	return {metadata: {namespace: 'default', name, ...owners}, ...{spec}};
}

/** A deployment with a ReplicaSet and a pod of each hash. */
function deployment(
	cluster: TestCluster,
	name: string,
	labels: Readonly<Record<string, string>>,
	hashes: readonly string[],
) {
	const {store} = cluster.server;
	store.put('deployments', object(name, undefined, {selector: {matchLabels: labels}}));
	for (const hash of hashes) {
		const set = `${name}-${hash}`;
		store.put('replicasets', object(set, {kind: 'Deployment', name}));
		store.put('pods', owned(`${set}-x7k2p`, {kind: 'ReplicaSet', name: set}, {...labels, 'pod-template-hash': hash}));
	}
}

function watch(
	t: TestContext,
	cluster: TestCluster,
	words: readonly string[],
	options: Partial<KubernetesOptions> = {},
) {
	const seen = {scopes: [] as Scope[], problems: new Map<string, Problem>(), nodes: new Set<string>()};
	const discovery = discover(
		{access: {kubeconfig: cluster.kubeconfig}, words, environment: {}, lingerMs: 50, ...options},
		{
			add: link => seen.nodes.add(link.node),
			remove: node => seen.nodes.delete(node),
			problem: problem => seen.problems.set(problem.id, problem),
			solved: id => seen.problems.delete(id),
			progress: () => undefined,
			scope: scope => seen.scopes.push(scope),
			offline: () => undefined,
			say: () => undefined,
		},
	);
	t.after(() => discovery.close());
	return seen;
}

/** The names for which the agents and the filter here ask, once `wanted` has come. */
async function podsOf(seen: ReturnType<typeof watch>, wanted: string) {
	function asked() {
		return (seen.scopes.at(-1)?.pods?.asked.pod_regex ?? []).map(pattern => pattern.slice(1, -1));
	}

	await until(`the pod ${wanted} in ${asked().join(', ')}`, () => asked().includes(wanted));
	const here = /pod=(\S+)/.exec(seen.scopes.at(-1)?.query ?? '')?.[1]?.split('|') ?? [];
	assert.deepEqual([...here].sort(), asked().sort(), 'the agents and the filter here mean the same pods');
	return asked().sort();
}

test('deployments whose names are prefixes of each other have their own pods only, also those of an older ReplicaSet', async t => {
	const cluster = await startCluster(t);
	deployment(cluster, 'deathstar', {app: 'ds'}, ['7848d6c4d5', '5f6b4c9d7f']);
	// The selector of deathstar selects these as well.
	deployment(cluster, 'deathstar-blue', {app: 'ds', colour: 'blue'}, ['6bcd8f9xkz']);
	const {store} = cluster.server;
	store.put('pods', owned('deathstar-debug', undefined, {}));
	store.put('pods', owned('by-hand', undefined, {app: 'ds'}));
	store.put('pods', owned('deathstar-set-q', {kind: 'ReplicaSet', name: 'deathstar-set'}, {app: 'ds'}));
	const mine = ['by-hand', 'deathstar-5f6b4c9d7f-x7k2p', 'deathstar-7848d6c4d5-x7k2p'];
	assert.deepEqual(await podsOf(watch(t, cluster, ['deploy/deathstar']), 'by-hand'), mine);
	assert.deepEqual(await podsOf(watch(t, cluster, ['deathstar']), 'by-hand'), mine, 'the bare name');
	const blue = watch(t, cluster, ['deploy/deathstar-blue']);
	assert.deepEqual(await podsOf(blue, 'deathstar-blue-6bcd8f9xkz-x7k2p'), ['deathstar-blue-6bcd8f9xkz-x7k2p']);
	cluster.server.denials = [{resource: 'deployments'}, {resource: 'replicasets'}];
	for (const word of ['deploy/deathstar', 'deathstar']) {
		const byOwner = await podsOf(watch(t, cluster, [word]), 'deathstar-7848d6c4d5-x7k2p');
		assert.deepEqual(byOwner, mine.slice(1), `${word}: without the right to read them, the owners decide`);
	}
});

test('the filter follows the pods: a new one is asked for while it is Pending, and one that is gone no longer', async t => {
	const cluster = await startCluster(t);
	deployment(cluster, 'web', {app: 'web'}, ['7848d6c4d5']);
	const seen = watch(t, cluster, ['deploy/web']);
	await podsOf(seen, 'web-7848d6c4d5-x7k2p');
	const set = {kind: 'ReplicaSet', name: 'web-7848d6c4d5'};
	cluster.server.store.put('pods', owned('web-7848d6c4d5-late1', set, {app: 'web'}, ''));
	assert.equal((await podsOf(seen, 'web-7848d6c4d5-late1')).length, 2);
	cluster.server.store.delete('pods', 'default', 'web-7848d6c4d5-x7k2p');
	await until('its last events had their time', () => seen.scopes.at(-1)?.pods?.asked.pod_regex?.length === 1);
	assert.match(seen.scopes.at(-1)?.query ?? '', /x7k2p/, 'its events of the past stay on the screen');
});

test('a CronJob has the pods of its Jobs, also of one made by hand, and none of a Job that is only named like it', async t => {
	const cluster = await startCluster(t);
	const {store} = cluster.server;
	store.put('cronjobs', object('nightly'));
	for (const [job, owner] of [
		['nightly-29000123', {kind: 'CronJob', name: 'nightly'}],
		['backfill', {kind: 'CronJob', name: 'nightly'}],
		['nightly-29000999', undefined],
	] as const) {
		store.put('jobs', object(job, owner));
		store.put('pods', owned(`${job}-abcde`, {kind: 'Job', name: job}));
	}

	const pods = await podsOf(watch(t, cluster, ['cj/nightly']), 'backfill-abcde');
	assert.deepEqual(pods, ['backfill-abcde', 'nightly-29000123-abcde']);
	assert.deepEqual(await podsOf(watch(t, cluster, ['job/backfill']), 'backfill-abcde'), ['backfill-abcde']);
});

test('every other kind has the pods that it owns, and none that is only named like them', async t => {
	const cluster = await startCluster(t);
	const {store} = cluster.server;
	for (const [resource, kind] of [
		['statefulsets', 'StatefulSet'],
		['daemonsets', 'DaemonSet'],
		['replicasets', 'ReplicaSet'],
		['jobs', 'Job'],
	] as const) {
		for (const name of ['db', 'db-0']) {
			store.put(resource, object(name, undefined, {selector: {matchLabels: {app: 'db'}}}));
			store.put('pods', owned(`${name}-${kind.toLowerCase()}`, {kind, name}, {app: 'db'}));
		}

		const word = `${kind.toLowerCase()}/db`;
		const mine = `db-${kind.toLowerCase()}`;
		assert.deepEqual(await podsOf(watch(t, cluster, [word]), mine), [mine], word);
	}
});

test('a Service has the pods of its endpoint slices, as they come and go', async t => {
	const cluster = await startCluster(t);
	const {store} = cluster.server;
	function slice(name: string, ...pods: readonly string[]) {
		const endpoints = pods.map(one => ({targetRef: {kind: 'Pod', namespace: 'default', name: one}}));
		return {
			metadata: {namespace: 'default', name, labels: {'kubernetes.io/service-name': 'api'}},
			...{endpoints},
		};
	}

	store.put('services', object('api', undefined, {selector: {app: 'api'}}));
	for (const [name, labels, node] of [
		['api-1', {app: 'api'}, 'worker-1'],
		['api-2', {app: 'api'}, 'worker-2'],
		['api-starts', {app: 'api'}, ''],
		['api-other', {app: 'other'}, 'worker-3'],
	] as const) {
		store.put('pods', pod('default', name, node, labels));
	}

	const bySelector = watch(t, cluster, ['svc/api']);
	assert.deepEqual(await podsOf(bySelector, 'api-1'), ['api-1', 'api-2', 'api-starts'], 'no slice is there yet');
	store.put('endpointslices', slice('api-a', 'api-1'));
	store.put('endpointslices', slice('api-b', 'api-2'));
	const seen = watch(t, cluster, ['service/api']);
	assert.deepEqual(await podsOf(seen, 'api-1'), ['api-1', 'api-2', 'api-starts']);
	assert.deepEqual([...seen.nodes].sort(), ['worker-1', 'worker-2']);
	cluster.server.denials = [{resource: 'services'}];
	const bySlices = watch(t, cluster, ['svc/api']);
	assert.deepEqual(await podsOf(bySlices, 'api-1'), ['api-1', 'api-2']);
	store.put('endpointslices', slice('api-b', 'api-other'));
	assert.ok((await podsOf(bySlices, 'api-other')).includes('api-1'));
	cluster.server.denials = [{resource: 'endpointslices'}];
	assert.deepEqual(await podsOf(watch(t, cluster, ['svc/api']), 'api-1'), ['api-1', 'api-2', 'api-starts']);
	cluster.server.denials = [{resource: 'services'}, {resource: 'endpointslices'}];
	const neither = watch(t, cluster, ['svc/api']);
	await until('said', () => neither.problems.has('target'));
	assert.equal(neither.problems.get('target')?.what, 'Not allowed: list endpointslices in default');
	cluster.server.denials = [];
	const unknown = watch(t, cluster, ['svc/apii']);
	await until('said', () => unknown.problems.has('target'));
	assert.equal(unknown.problems.get('target')?.what, 'no service apii in namespace default');
	assert.equal(unknown.problems.get('target')?.fix, 'did you mean service/api?');
});

test('all namespaces of -n are watched, and one that may not be read is named while the others go on', async t => {
	const cluster = await startCluster(t);
	const {store} = cluster.server;
	store.put('pods', pod('payments', 'a', 'worker-2', {app: 'x'}));
	store.put('pods', pod('rebels', 'b', 'worker-3', {app: 'x'}));
	store.put('pods', pod('rebels', 'c', 'worker-3', {app: 'y'}));
	const access = {kubeconfig: cluster.kubeconfig, namespaces: ['payments', 'default', 'rebels']};
	const spaces = watch(t, cluster, [], {access});
	await until('all nodes', () => [...spaces.nodes].sort().join() === 'worker-1,worker-2,worker-3');
	assert.equal(spaces.scopes.at(-1)?.query, 'ns=payments|default|rebels');
	const selected = watch(t, cluster, [], {access, selector: 'app=x'});
	await until('both nodes', () => [...selected.nodes].sort().join() === 'worker-2,worker-3');
	assert.deepEqual(selected.scopes.at(-1)?.filters, [
		{namespace: ['payments'], pod_regex: ['^a$']},
		{namespace: ['rebels'], pod_regex: ['^b$']},
	]);
	cluster.server.denials = [{resource: 'pods', namespace: 'rebels'}];
	const partly = watch(t, cluster, [], {access});
	await until('the others', () => [...partly.nodes].sort().join() === 'worker-1,worker-2');
	await until('said', () => JSON.stringify([...partly.problems.values()]).includes('in the namespace \\"rebels\\"'));
});

test('a kind that may not be read is not called missing', async t => {
	const cluster = await startCluster(t);
	cluster.server.denials = [{resource: 'deployments'}, {resource: 'replicasets'}];
	const bare = watch(t, cluster, ['web']);
	const named = watch(t, cluster, ['deploy/web']);
	await until('said', () => bare.problems.has('target') && named.problems.has('target'));
	assert.equal(bare.problems.get('target')?.what, 'no pod web in namespace default');
	assert.match(
		bare.problems.get('target')?.why ?? '',
		/deployment, replicaset may not be read: one of this name may exist/,
	);
	assert.match(named.problems.get('target')?.why ?? '', /it is not known whether web exists/);
});
