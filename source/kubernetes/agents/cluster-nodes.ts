/**
The cluster's nodes, so that nodes without an agent can be shown. Listing nodes needs a right that many users do not have;
without it only nodes with agents are known. Names only (PartialObjectMetadata): a full Node object lists every image.
*/
import {type Api, paths} from '../api/api.js';
import {follow} from '../api/follow.js';
import {asNode, asObject, nameOf} from '../api/objects.js';
import {isForbidden} from '../api/refusal.js';

const metadataOnly = {
	list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
	watch: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
};

/** Milliseconds between lists when nodes may be listed but not watched. */
const pollMs = 60_000;

export class ClusterNodes {
	readonly #changed: () => void;
	readonly #stop = new AbortController();
	#names: Set<string> | undefined;

	/** @param changed called for each new or removed node, and once when listing nodes is forbidden. */
	constructor(changed: () => void) {
		this.#changed = changed;
	}

	/** undefined: not listed yet, or listing is not allowed. */
	get names(): ReadonlySet<string> | undefined {
		return this.#names;
	}

	/** Resolves when the signal aborts, or when listing nodes is forbidden. */
	async follow(api: Api, signal: AbortSignal): Promise<void> {
		await follow(
			api,
			paths.nodes,
			asObject,
			{
				list: items => {
					this.#names = new Set(items.map(nameOf));
					this.#changed();
				},
				change: (type, node) => this.#change(type === 'DELETED', nameOf(node)),
				trouble: refusal => {
					if (isForbidden(refusal)) {
						this.#stop.abort();
						this.#changed();
					}
				},
				well: () => undefined,
			},
			{accept: metadataOnly, signal: AbortSignal.any([signal, this.#stop.signal]), pollMs},
		);
	}

	#change(isDeleted: boolean, node: string): void {
		const names = this.#names ?? new Set<string>();
		const wasKnown = names.has(node);
		if (isDeleted) {
			names.delete(node);
		} else {
			names.add(node);
		}

		// The kubelet's heartbeat modifies the Node every few minutes.
		if (wasKnown === isDeleted) {
			this.#changed();
		}
	}
}

/** Why a node may have no agent: `taint dedicated=gpu:NoSchedule`; undefined: no taint, or the Node cannot be read. */
export async function taintsOf(api: Api, node: string, signal: AbortSignal): Promise<string | undefined> {
	try {
		const {spec} = await api.get(`${paths.nodes}/${encodeURIComponent(node)}`, asNode, {signal});
		const taints = (spec?.taints ?? []).filter(taint => taint.effect !== 'PreferNoSchedule');
		const words = taints.map(
			({key, value, effect}) => `taint ${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`,
		);
		return words.length === 0 ? undefined : words.join(', ');
	} catch {
		return undefined;
	}
}
