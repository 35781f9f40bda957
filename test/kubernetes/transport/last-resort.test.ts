/** exec of tetra is a last resort: it is left as soon as gRPC answers, and a restart of the agent does not end on it. */
import assert from 'node:assert/strict';
import {rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {Fleet} from '../../../source/fleet/fleet.js';
import {Agents} from '../../../source/kubernetes/agents/agents.js';
import {OwnExecs} from '../../../source/kubernetes/agents/own-execs.js';
import {NodeLinks} from '../../../source/kubernetes/transport/node-links.js';
import {StepMemory} from '../../../source/kubernetes/transport/step-memory.js';
import {Store} from '../../../source/store/store.js';
import {transportsOf} from '../../../source/transports.js';
import {writeTetra} from '../cluster/fake-tetra.js';
import {connectApi} from '../cluster/test-api.js';
import {startCluster} from '../cluster/test-cluster.js';
import {until} from '../cluster/until.js';

/** worker-1 (an agent on a unix socket, with tetra in its image) under a real fleet. */
async function setUp(t: TestContext) {
	const cluster = await startCluster(t);
	const node = cluster.server.nodes.get('worker-1');
	assert.ok(node);
	node.bin = writeTetra(cluster.directory, [], {version: 'v1.7.0'});
	const api = connectApi(t, cluster.server);
	const stop = new AbortController();

	function nothing() {
		return undefined;
	}

	const agents: Agents = new Agents(
		api,
		{homeNamespace: 'default', signal: stop.signal},
		{changed: nothing, looked: nothing, problem: nothing, solved: nothing, trouble: nothing, well: nothing},
	);
	void agents.follow();
	const dialler = {api, kubectl: undefined, ways: transportsOf('auto'), memory: new StepMemory(), own: new OwnExecs()};
	const links = new NodeLinks(dialler, agents, stop.signal, {firstMs: 20, maximumMs: 50});
	const store = new Store();
	const fleet = new Fleet({store, request: {}, backoff: {firstMs: 10, maximumMs: 50}, timers: {attemptMs: 0}});
	t.after(async () => {
		await fleet.close();
		stop.abort();
	});
	fleet.add(links.link('worker-1'));

	/** The transport of the open stream; undefined: there is none. */
	function via(): string | undefined {
		const found = store.nodes(Date.now()).find(({state}) => state === 'streaming');
		return found?.via;
	}

	function words(): readonly string[] {
		return store.rules().map(rule => JSON.stringify(rule));
	}

	return {cluster, node, via, words};
}

test('after an agent restarts, its node is on gRPC again, 10 of 10', async t => {
	const {cluster, node, via, words} = await setUp(t);
	const {socket} = node;
	await until('on gRPC', () => via() === 'exec');
	const down = path.join(cluster.directory, 'agent-down');
	for (let restart = 0; restart < 10; restart++) {
		const before = cluster.server.commands.length;
		node.socket = undefined;
		writeFileSync(down, '');
		cluster.server.cutTunnels();
		// Its tetra is asked, and answers with its own version only.
		await until('tetra was asked', () =>
			cluster.server.commands.slice(before).some(({command, exited}) => command[0] === 'tetra' && exited),
		);
		assert.notEqual(via(), 'exec-json');
		rmSync(down);
		node.socket = socket;
		await until('on gRPC again', () => via() === 'exec');
	}

	assert.deepEqual(
		words().filter(word => word.includes('agent replaced')),
		[],
	);
});

test('a node that came to exec-json is back on gRPC as soon as the socket answers', async t => {
	const {cluster, node, via, words} = await setUp(t);
	await until('on gRPC', () => via() === 'exec');
	const {socket} = node;
	node.socket = undefined;
	cluster.server.cutTunnels();
	await until('on the last resort', () => via() === 'exec-json');
	node.socket = socket;
	await until('on gRPC again', () => via() === 'exec');
	assert.ok(words().some(word => word.includes('exec answers: it gives more than exec-json')));
	assert.ok(!words().some(word => word.includes('agent replaced') || word.includes('agent restarted')));
	await until('nothing of tetra is left', () =>
		cluster.server.commands.every(({command, exited}) => command[0] === 'nc' || exited),
	);
});

test('a node on the exported log comes to gRPC when the right is granted', async t => {
	const {cluster, via} = await setUp(t);
	cluster.server.denials = [{subresource: 'portforward'}, {subresource: 'exec'}];
	cluster.server.cutTunnels();
	await until('on the log', () => via() === 'logs');
	cluster.server.denials = [];
	await until('on gRPC', () => via() === 'exec');
});
