/** What the tree shows. */
import type {Process} from '../processes/process.js';
import type {TreeOrder} from './tree-order.js';

export type TreeOptions = {
	/** Row ids that are folded (true) or unfolded (false); all others are unfolded. */
	readonly folded: ReadonlyMap<string, boolean>;
	/** false: all hosts are one folded row with id `host`. */
	readonly showHost: boolean;
	/** false: each infrastructure namespace is one folded row. */
	readonly showInfra: boolean;
	readonly filter?: ((process: Process) => boolean) | undefined;
	/** A list of processes, without groups and depth. */
	readonly flat: boolean;
	/** Rows change places only with another instance. undefined: by name and start. */
	readonly order?: TreeOrder | undefined;
	readonly nowMs: number;
};

/** Namespaces of Kubernetes itself, hidden by default. */
export function isInfra(namespace: string): boolean {
	return namespace === 'kube-system' || namespace === 'kube-public' || namespace === 'kube-node-lease';
}
