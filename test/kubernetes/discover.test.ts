import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import type {Connection, Link} from '../../source/fleet/link.js';
import {discover, type Progress} from '../../source/kubernetes/discover.js';
import type {KubernetesOptions} from '../../source/kubernetes/options.js';
import type {Problem} from '../../source/kubernetes/problem.js';
import type {Scope} from '../../source/kubernetes/target/scope.js';
import {startCluster, type TestCluster} from './test-cluster.js';
import {until} from './until.js';

function watch(t: TestContext, cluster: TestCluster, options: Partial<KubernetesOptions> = {}) {
	const links = new Map<string, Link>();
	const problems = new Map<string, Problem>();
	const progress = new Map<string, Progress>();
	const scopes: Scope[] = [];
	const added: string[] = [];
	const discovery = discover(
		{access: {kubeconfig: cluster.kubeconfig}, words: [], environment: {}, lingerMs: 50, ...options},
		{
			add(link) {
				added.push(link.node);
				links.set(link.node, link);
			},
			remove: node => links.delete(node),
			problem: problem => problems.set(problem.id, problem),
			solved: id => problems.delete(id),
			progress: line => progress.set(line.id, line),
			scope: scope => scopes.push(scope),
			offline: () => undefined,
			say: () => undefined,
		},
	);
	t.after(() => discovery.close());
	return {discovery, links, problems, progress, scopes, added};
}

async function open(t: TestContext, link: Link | undefined): Promise<Connection> {
	assert.ok(link);
	const connection = await link.open(AbortSignal.timeout(5000));
	t.after(() => connection.close());
	return connection;
}

test('every node is reached through whichever way its agent allows', async t => {
	const cluster = await startCluster(t);
	const {links} = watch(t, cluster);
	await until('three links', () => links.size === 3);
	const ways = new Map<string, string>();
	for (const [node, link] of links) {
		const connection = await open(t, link);
		ways.set(node, `${connection.via} ${await connection.version()}`);
	}

	assert.equal(ways.get('worker-1'), 'exec v1.7.0');
	assert.equal(ways.get('worker-2'), 'port-forward v1.2.0');
	assert.match(ways.get('worker-3') ?? '', /v1\.8\.0$/);
});
