/**
Which nodes the cluster has: only to say where no agent is. Needs a right that many do not have; without it the agents
alone tell. Names only (PartialObjectMetadata): a node's own object lists every image it ever pulled.
*/
import {type Api, paths} from '../api/api.js';
import {follow} from '../api/follow.js';
import {type KubeObject, type Node, nameOf} from '../api/objects.js';
import {isForbidden} from '../api/refusal.js';

const metadataOnly = {
	list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
	watch: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
};

export type ClusterNodes = {
	/** undefined: we may not know. */
	readonly names: () => ReadonlySet<string> | undefined;
};

export function followNodes(api: Api, signal: AbortSignal, changed: () => void): ClusterNodes {
	let names: Set<string> | undefined;
	const stop = new AbortController();
	void follow<KubeObject>(
		api,
		paths.nodes,
		{
			list: items => {
				names = new Set(items.map(nameOf));
				changed();
			},
			change: (type, node) => {
				// A heartbeat is no news.
				const known = names?.has(nameOf(node)) ?? false;
				if (type === 'DELETED') {
					names?.delete(nameOf(node));
				} else {
					names?.add(nameOf(node));
				}

				if (known !== (type !== 'DELETED')) {
					changed();
				}
			},
			trouble: refusal => {
				if (isForbidden(refusal)) {
					stop.abort();
					changed();
				}
			},
			well: () => undefined,
		},
		{accept: metadataOnly, signal: AbortSignal.any([signal, stop.signal]), pollMs: 60_000},
	);
	return {names: () => names};
}

/** Why a node may have no agent: `taint dedicated=gpu:NoSchedule`; undefined where nothing tells, or we may not look. */
export async function taintsOf(api: Api, node: string, signal: AbortSignal): Promise<string | undefined> {
	try {
		const {spec} = await api.get<Node>(`${paths.nodes}/${encodeURIComponent(node)}`, {signal});
		const taints = (spec?.taints ?? []).filter(taint => taint.effect !== 'PreferNoSchedule');
		const words = taints.map(
			({key, value, effect}) => `taint ${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`,
		);
		return words.length === 0 ? undefined : words.join(', ');
	} catch {
		return undefined;
	}
}
