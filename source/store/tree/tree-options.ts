/** What a reader wants to see of the tree. */
import type {Process} from '../processes/process.js';
import type {TreeOrder} from './tree-order.js';

export type TreeOptions = {
	/** What somebody folded (true) or unfolded (false) by row id; all else is open. */
	readonly folded: ReadonlyMap<string, boolean>;
	/** false: all hosts are one folded row with id `host`. */
	readonly showHost: boolean;
	/** false: each infrastructure namespace is one folded row. */
	readonly showInfra: boolean;
	readonly filter?: ((process: Process) => boolean) | undefined;
	/** Processes alone, without groups and without depth. */
	readonly flat: boolean;
	/** Its identity is the look at the values: the rows change places only with another one. undefined: by name and start. */
	readonly order?: TreeOrder | undefined;
	readonly nowMs: number;
};

/** Namespaces of the cluster's own machinery, hidden until asked for. */
export function isInfra(namespace: string): boolean {
	return namespace === 'kube-system' || namespace === 'kube-public' || namespace === 'kube-node-lease';
}
