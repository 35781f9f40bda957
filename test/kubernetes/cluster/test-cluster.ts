/** Three nodes as clusters have them: one agent on a unix socket only, one on TCP only and old, one on both. */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';
import type {Pod} from '../../../source/kubernetes/api/objects.js';
import {certificate, TestApiServer} from './api-server.js';
import {startAgent, type TestAgent} from './test-agent.js';

export type TestCluster = {
	readonly server: TestApiServer;
	readonly agents: ReadonlyMap<string, TestAgent>;
	/** Path of a kubeconfig with a token. */
	readonly kubeconfig: string;
	readonly directory: string;
	/** Another agent pod on the node: the old one is gone, a new one is Ready. Returns its name. */
	readonly replaceAgentPod: (node: string) => string;
};

export const agentLabels = {'app.kubernetes.io/name': 'tetragon'};

export async function startCluster(t: TestContext): Promise<TestCluster> {
	const directory = mkdtempSync(path.join(tmpdir(), 'tt-k8s-'));
	const server = new TestApiServer();
	const agents = new Map<string, TestAgent>();
	for (const options of [
		{node: 'worker-1', unix: true},
		{node: 'worker-2', tcp: true, version: 'v1.2.0'},
		{node: 'worker-3', unix: true, tcp: true, version: 'v1.8.0'},
	]) {
		const agent = await startAgent(options);
		agents.set(agent.node, agent);
		server.nodes.set(agent.node, {name: agent.node, socket: agent.socket, port: agent.port, nc: true});
		server.store.put('nodes', {metadata: {name: agent.node}});
		server.store.put('pods', agentPod(agent.node, `tetragon-${agent.node}`));
	}

	server.store.put('pods', pod('default', 'xwing', 'worker-1', {class: 'xwing'}));
	await server.start();
	const kubeconfig = path.join(directory, 'config');
	writeFileSync(kubeconfig, kubeconfigText(server.url, 'token: good-token'), {mode: 0o600});
	t.after(async () => {
		server.killCommands();
		await server.stop();
		await Promise.all([...agents.values()].map(async agent => agent.close()));
		rmSync(directory, {recursive: true, force: true});
	});
	let replaced = 0;
	return {
		server,
		agents,
		kubeconfig,
		directory,
		replaceAgentPod(node) {
			const name = `tetragon-${node}-${++replaced}`;
			for (const old of server.store.list('pods', 'kube-system') as Pod[]) {
				if (old.spec?.nodeName === node) {
					server.store.put('pods', {...old, metadata: {...old.metadata, deletionTimestamp: new Date().toISOString()}});
					server.store.delete('pods', 'kube-system', old.metadata?.name ?? '');
				}
			}

			server.store.put('pods', pending(agentPod('', name)));
			server.store.put('pods', pending(agentPod(node, name)));
			server.store.put('pods', agentPod(node, name));
			return name;
		},
	};
}

/** A kubeconfig with one user, whose fields are given as YAML in one line or several. */
export function kubeconfigText(
	url: string,
	user: string,
	cluster = `certificate-authority: ${certificate('ca.crt')}`,
): string {
	function indented(text: string) {
		return text.replaceAll('\n', '\n    ');
	}

	return `apiVersion: v1
kind: Config
current-context: test
clusters:
- name: test
  cluster:
    server: ${url}
    ${indented(cluster)}
users:
- name: alice
  user:
    ${indented(user)}
contexts:
- name: test
  context: {cluster: test, user: alice}
`;
}

function pending(agent: Pod): Pod {
	return {...agent, status: {phase: 'Pending'}};
}

let created = 0;

export function agentPod(node: string, name: string): Pod {
	return {
		metadata: {
			name,
			namespace: 'kube-system',
			labels: agentLabels,
			creationTimestamp: new Date(1_700_000_000_000 + ++created * 1000).toISOString(),
			ownerReferences: [{kind: 'DaemonSet', name: 'tetragon', controller: true}],
		},
		spec: {
			...(node === '' ? {} : {nodeName: node}),
			containers: [
				{name: 'export-stdout', image: 'quay.io/cilium/hubble-export-stdout:v1.1.0'},
				{name: 'tetragon', image: 'quay.io/cilium/tetragon:v1.7.0'},
			],
		},
		status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]},
	};
}

export function pod(namespace: string, name: string, node: string, labels: Readonly<Record<string, string>> = {}): Pod {
	return {
		metadata: {name, namespace, labels},
		spec: {...(node === '' ? {} : {nodeName: node}), containers: [{name: 'main'}]},
		status: node === '' ? {phase: 'Pending'} : {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]},
	};
}
