import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {Fleet} from '../../source/fleet/fleet.js';
import {discover} from '../../source/kubernetes/discover.js';
import type {KubernetesOptions} from '../../source/kubernetes/options.js';
import {Store} from '../../source/store/store.js';
import {pod, startCluster, type TestCluster} from './cluster/test-cluster.js';
import {until} from './cluster/until.js';

/** The real fleet and the real store over a test cluster. */
function run(t: TestContext, cluster: TestCluster, options: Partial<KubernetesOptions> = {}) {
	const store = new Store();
	const fleet = new Fleet({store, request: {}, backoff: {firstMs: 50, maximumMs: 200}});

	function nothing() {
		return undefined;
	}

	const discovery = discover(
		{access: {kubeconfig: cluster.kubeconfig}, words: [], environment: {}, lingerMs: 50, ...options},
		{
			add: link => fleet.add(link),
			remove: (node, reason) => void fleet.remove(node, reason),
			problem: problem => store.raise(problem),
			solved: id => store.settle(id),
			progress: nothing,
			scope: nothing,
			offline: nothing,
			say: nothing,
		},
	);
	t.after(async () => {
		await fleet.close();
		discovery.close();
	});

	function streaming() {
		return store
			.nodes(Date.now())
			.filter(({state}) => state === 'streaming')
			.map(({name, agent}) => `${name} ${agent}`)
			.sort();
	}

	return {store, fleet, streaming};
}

const nodes = ['worker-1', 'worker-2', 'worker-3'];

test('three nodes with three kinds of agents stream, through a rollout of all of them, each with its gap', async t => {
	const cluster = await startCluster(t);
	const {store, streaming} = run(t, cluster);
	await until('3/3', () => streaming().length === 3);
	const names = nodes.map(node => `${node} ${cluster.replaceAgentPod(node)}`);
	await until('3/3 on the new pods', () => streaming().join() === names.join());
	const gaps = store.rules().filter(({type}) => type === 'gap');
	assert.ok(gaps.length >= 3);
	const before = store.totals().events;
	for (const agent of cluster.agents.values()) {
		await until('subscribed', () => agent.subscribers.size > 0);
		agent.send({process_exec: {process: {exec_id: agent.node, pid: 1}}});
	}

	await until('an event of each', () => store.totals().events - before === 3);
});

test('a pod that moves is followed, and the node it left is let go', async t => {
	const cluster = await startCluster(t);
	const {streaming} = run(t, cluster, {words: ['xwing']});
	await until('on worker-1', () => streaming().join() === 'worker-1 tetragon-worker-1');
	cluster.server.store.delete('pods', 'default', 'xwing');
	cluster.server.store.put('pods', pod('default', 'xwing', 'worker-3'));
	await until('on worker-3', () => streaming().join() === 'worker-3 tetragon-worker-3');
});

test('a dead node holds up nobody and says why, and watches that end lose no stream', async t => {
	const cluster = await startCluster(t);
	const dead = cluster.server.nodes.get('worker-2');
	Object.assign(dead ?? {}, {down: true});
	const {store, streaming} = run(t, cluster);
	await until('2/3', () => streaming().length === 2);
	const [status] = store.nodes(Date.now()).filter(({name}) => name === 'worker-2');
	await until('it is retried', () =>
		store.nodes(Date.now()).some(({name, state}) => name === 'worker-2' && state === 'retrying'),
	);
	assert.ok(status);
	const {note} = store.nodes(Date.now()).find(({name}) => name === 'worker-2') ?? {note: ''};
	assert.match(note, /error dialing backend/);
	Object.assign(dead ?? {}, {down: false});
	await until('3/3', () => streaming().length === 3);
	const watches = cluster.server.seen.filter(({query}) => query.has('watch')).length;
	cluster.server.endWatches();
	await until('watched again', () => cluster.server.seen.filter(({query}) => query.has('watch')).length > watches);
	assert.equal(streaming().length, 3);
});
