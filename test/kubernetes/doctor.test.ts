import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {type DoctorLine, examineCluster} from '../../source/kubernetes/doctor.js';
import type {KubernetesOptions} from '../../source/kubernetes/options.js';
import {pod, startCluster, type TestCluster} from './cluster/test-cluster.js';

async function examine(cluster: TestCluster, options: Partial<KubernetesOptions> = {}) {
	const lines: DoctorLine[] = [];
	const code = await examineCluster(
		{access: {kubeconfig: cluster.kubeconfig}, words: [], environment: {}, ...options},
		line => lines.push(line),
	);

	function of(step: DoctorLine['step'], node = '') {
		return lines.filter(line => line.step === step && line.node === node).map(line => `${line.state} ${line.text}`);
	}

	return {lines, code, of};
}

/** An event now and then, as on a real node. */
function chatter(t: TestContext, cluster: TestCluster) {
	const timer = setInterval(() => {
		for (const agent of cluster.agents.values()) {
			agent.send({process_exec: {process: {exec_id: 'x', pid: 1}}});
		}
	}, 20);
	t.after(() => clearInterval(timer));
}

test('a healthy cluster is told step by step, for each node, and the code is 0', async t => {
	const cluster = await startCluster(t);
	chatter(t, cluster);
	const {code, of} = await examine(cluster);
	assert.equal(code, 0);
	assert.match(of('kubeconfig')[0] ?? '', /^ok kubeconfig .*context test, user alice/);
	assert.match(of('api-server')[0] ?? '', /^ok https:\/\/127\.0\.0\.1:\d+ answers/);
	assert.deepEqual(of('agents'), ['ok 3 of 3 Tetragon pods ready in kube-system']);
	assert.ok(of('rights').includes('ok create pods/exec in kube-system: allowed'));
	assert.match(of('transport', 'worker-1').at(-1) ?? '', /^ok nc-unix: tetragon-worker-1 answers/);
	assert.match(of('agent', 'worker-2')[0] ?? '', /^warning v1\.2\.0 via port-forward; no policy modes/);
	assert.deepEqual(of('events', 'worker-3'), ['ok an event came']);
	assert.deepEqual(of('policies', 'worker-3'), ['ok 1 loaded']);
});

test('a node that cannot be reached makes it 1, with every way that was tried and the right that is missing', async t => {
	const cluster = await startCluster(t);
	chatter(t, cluster);
	cluster.server.denials = [{subresource: 'exec'}];
	const {code, of, lines} = await examine(cluster);
	assert.equal(code, 1);
	assert.match(
		of('transport', 'worker-1').join('\n'),
		/warning port-forward: .*connection refused[\s\S]*bad .*cannot get resource "pods\/exec"/,
	);
	const missing = lines.find(line => line.text === '2 rights are missing');
	assert.match(
		missing?.fix ?? '',
		/resources: \["pods\/exec"\]\n {2}verbs: \["get", "create"\][\s\S]*kind: RoleBinding/,
	);
});

test('an unknown name, a lost server and a login that fails make it 2, in one sentence', async t => {
	const cluster = await startCluster(t);
	const unknown = await examine(cluster, {words: ['xwnig']});
	assert.equal(unknown.code, 2);
	assert.equal(unknown.lines.at(-1)?.fix, 'did you mean xwing?');
	const refused = await examine(cluster, {access: {kubeconfig: cluster.kubeconfig, token: 'wrong-token'}});
	assert.equal(refused.code, 2);
	assert.doesNotMatch(JSON.stringify(refused.lines), /wrong-token/);
	await cluster.server.stop();
	const lost = await examine(cluster);
	assert.match(lost.lines.at(-1)?.text ?? '', /connection refused/);
	assert.equal(lost.code, 2);
	await cluster.server.start();
});

test('finished pods are no target, and a Pending one is said in the words of the scheduler', async t => {
	const cluster = await startCluster(t);
	const {store} = cluster.server;
	store.put('pods', {...pod('default', 'done', 'worker-2', {app: 'job'}), ...{status: {phase: 'Succeeded'}}});
	const done = await examine(cluster, {words: ['done']});
	assert.match(done.of('target')[0] ?? '', /^bad .*finished \(Succeeded\): a finished pod makes no more events/);
	assert.equal(done.code, 2);
	assert.deepEqual(done.of('transport', 'worker-2'), []);
	const message = '0/3 nodes are available: 3 Insufficient memory.';
	const status = {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', message}]};
	store.put('pods', {...pod('default', 'waits', '', {app: 'job'}), ...{status}});
	const waits = await examine(cluster, {words: ['waits']});
	assert.match(
		waits.of('target')[0] ?? '',
		/Pending, on no node yet: 0\/3 nodes are available: 3 Insufficient memory\./,
	);
	store.put('pods', pod('default', 'runs', 'worker-1', {app: 'job'}));
	const some = await examine(cluster, {selector: 'app=job'});
	assert.match(some.of('target')[0] ?? '', /^warning .*: 1 pod on worker-1, 1 Pending \(0\/3 nodes.*\), 1 finished$/);
});

test('a target on another node than that of --node is said to be there', async t => {
	const cluster = await startCluster(t);
	const {of, code} = await examine(cluster, {words: ['xwing'], nodes: ['worker-2']});
	assert.match(of('target')[0] ?? '', /^bad .*xwing is not on worker-2: it is on worker-1$/);
	assert.match(of('agents', 'worker-2')[0] ?? '', /no pod of the target is on this node/);
	assert.equal(code, 2);
});
