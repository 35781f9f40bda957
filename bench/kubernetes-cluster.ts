/** The other side of bench/kubernetes.ts, in a process of its own: an API server with as many nodes and agents as asked for. */
import process from 'node:process';
import {TestApiServer} from '../test/kubernetes/cluster/api-server.js';
import {startAgent, type TestAgent} from '../test/kubernetes/cluster/test-agent.js';
import {agentPod, kubeconfigText} from '../test/kubernetes/cluster/test-cluster.js';

const count = Number(process.argv[2] ?? 500);
const server = new TestApiServer();
const agents: TestAgent[] = [];
for (let index = 0; index < count; index++) {
	const node = `node-${index}`;
	const agent = await startAgent({node, unix: true});
	agents.push(agent);
	server.nodes.set(node, {name: node, socket: agent.socket, nc: true});
	server.store.put('nodes', {metadata: {name: node}});
	server.store.put('pods', agentPod(node, `tetragon-${node}`));
}

await server.start();
process.on('disconnect', async () => {
	await server.stop();
	await Promise.all(agents.map(async agent => agent.close()));
	process.exit(0);
});
process.on('message', () => {
	for (const agent of agents) {
		agent.send({process_exec: {process: {exec_id: agent.node, pid: 1, binary: '/bin/x'}}});
	}
});
process.send?.({kubeconfig: kubeconfigText(server.url, 'token: good-token')});
