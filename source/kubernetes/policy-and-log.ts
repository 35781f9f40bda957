/** Texts that are read when the user opens them: a policy of the cluster, the end of an agent's log. */
import {dump} from 'js-yaml';
import {readBounded} from '../runtime/bounded-body.js';
import type {NodeAgent} from './agents/select.js';
import {type Api, inNamespace, paths} from './api/api.js';
import {anyObject, type Shape} from './api/shape.js';

const logLines = '200';

type Custom = {readonly metadata?: Readonly<Record<string, unknown>>; readonly [field: string]: unknown};

/** Bytes of a log's end that are read: 200 lines of 16 kB, the longest of a container runtime. */
const longestLog = 4 * 1024 ** 2;

const asCustom: Shape<Custom> = value => {
	const object = anyObject(value);
	return object && {...object, metadata: anyObject(object['metadata']) ?? {}};
};

/** The policy as YAML, without the fields that the API server adds. Rejects with a Refusal when it cannot be read. */
export async function policyYaml(api: Api, name: string, namespace: string): Promise<string> {
	const kind = namespace === '' ? 'tracingpolicies' : 'tracingpoliciesnamespaced';
	const path = `/apis/cilium.io/v1alpha1${inNamespace(namespace)}/${kind}/${encodeURIComponent(name)}`;
	const {status: _status, ...policy} = await api.get(path, asCustom);
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
	const bytes = await readBounded(stream, longestLog);
	return bytes.toString('utf8').trimEnd();
}
