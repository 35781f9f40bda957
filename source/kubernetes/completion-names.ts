/** Names for shell completion: of the cluster's objects and of the kubeconfig's entries. Short deadlines, small answers. */
import {paths} from './api/api.js';
import {asListOf, asObject, nameOf} from './api/objects.js';
import {openCluster} from './cluster.js';
import {loadKubeconfig} from './kubeconfig/load.js';
import type {KubernetesOptions} from './options.js';
import type {WorkloadKind} from './target/parse.js';
import {workloads} from './target/source.js';

type NameKind = 'namespace' | 'pod' | 'node' | 'context' | 'cluster' | 'user' | 'policy' | WorkloadKind;

/** Milliseconds. A user does not wait longer for a completion. */
const deadlineMs = 3000;

/** A shell does not show more names than this. */
const mostNames = '1000';

/** Metadata only: the specs of 1 000 pods are 10 MB. Servers that do not support it answer with whole objects. */
const namesOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** Rejects with a Refusal when the cluster does not answer. */
export async function listNames(kind: NameKind, options: KubernetesOptions): Promise<readonly string[]> {
	if (kind === 'context' || kind === 'cluster' || kind === 'user') {
		const file = loadKubeconfig(options.access.kubeconfig, options.environment);
		const sections = {context: file.contexts, cluster: file.clusters, user: file.users};
		return [...sections[kind].keys()];
	}

	const {access, api} = openCluster(options, () => {});
	const lists = listsOf(kind, options.allNamespaces === true ? undefined : access.namespace);
	const signal = AbortSignal.timeout(deadlineMs);
	try {
		const answers = await Promise.allSettled(
			lists.map(path => api.get(path, asListOf(asObject), {query: {limit: mostNames}, accept: namesOnly, signal})),
		);
		const names = answers.flatMap(answer =>
			answer.status === 'fulfilled' ? (answer.value.items ?? []).map(nameOf) : [],
		);
		return [...new Set(names)];
	} finally {
		api.close();
	}
}

/** @param namespace undefined: all namespaces. */
function listsOf(
	kind: Exclude<NameKind, 'context' | 'cluster' | 'user'>,
	namespace: string | undefined,
): readonly string[] {
	switch (kind) {
		case 'namespace':
			return [paths.namespaces];
		case 'node':
			return [paths.nodes];
		case 'pod':
			return [paths.pods(namespace)];
		case 'policy':
			// Without a namespace, and those of every namespace: a policy is named as the agents name it.
			return ['tracingpolicies', 'tracingpoliciesnamespaced'].map(name => `/apis/cilium.io/v1alpha1/${name}`);
		default:
			return [workloads(kind, namespace)];
	}
}
