/** Texts that are read when the user opens them: a policy of the cluster, the end of an agent's log. */
import {dump} from 'js-yaml';
import type {NodeAgent} from './agents/select.js';
import {type Api, inNamespace, paths} from './api/api.js';

const logLines = '200';

type Custom = {readonly metadata?: Record<string, unknown>; readonly [field: string]: unknown};

/** The policy as YAML, without the fields that the API server adds. Rejects with a Refusal when it cannot be read. */
export async function policyYaml(api: Api, name: string, namespace: string): Promise<string> {
	const kind = namespace === '' ? 'tracingpolicies' : 'tracingpoliciesnamespaced';
	const path = `/apis/cilium.io/v1alpha1${inNamespace(namespace)}/${kind}/${encodeURIComponent(name)}`;
	const {status: _status, ...policy} = await api.get<Custom>(path);
	const {managedFields: _fields, ...metadata} = policy.metadata ?? {};
	return dump({...policy, metadata}, {lineWidth: -1});
}

/** The newest `logLines` lines of the agent's container. Rejects with an Error when the node has no ready agent. */
export async function agentLog(api: Api, agent: NodeAgent | undefined): Promise<string> {
	if (agent?.state !== 'ready') {
		throw new Error(
			agent?.state === 'waiting' ? `${agent.pod}: ${agent.why}` : 'there is no Tetragon pod on this node',
		);
	}

	const {namespace, pod, container} = agent.agent;
	const stream = await api.stream(`${paths.pod(namespace, pod)}/log`, {query: {container, tailLines: logLines}});
	const chunks: Buffer[] = [];
	for await (const chunk of stream) {
		chunks.push(Buffer.from(chunk));
	}

	return Buffer.concat(chunks).toString('utf8').trimEnd();
}
