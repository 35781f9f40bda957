/** Names for shell completion: of the cluster's objects and of the kubeconfig's entries. Short deadlines, small answers. */
import {paths} from './api/api.js';
import {asListOf, asObject, nameOf} from './api/objects.js';
import {openCluster} from './cluster.js';
import {loadKubeconfig} from './kubeconfig/load.js';
import type {KubernetesOptions} from './options.js';

type NameKind = 'namespace' | 'pod' | 'node' | 'context' | 'cluster' | 'user';

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
	const path = {
		namespace: paths.namespaces,
		node: paths.nodes,
		pod: paths.pods(options.allNamespaces ? undefined : access.namespace),
	}[kind];

	try {
		const list = await api.get(path, asListOf(asObject), {
			query: {limit: mostNames},
			accept: namesOnly,
			signal: AbortSignal.timeout(deadlineMs),
		});
		return (list.items ?? []).map(nameOf);
	} finally {
		api.close();
	}
}
