import type {NodeStatus} from '../../store/snapshot.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';

/** Ids are given in order, so the node is nearly always at its own index. */
export function nodeNameOf(nodes: readonly NodeStatus[], id: number | undefined): SafeText {
	if (id === undefined) {
		return own('?');
	}
	const status = nodes[id]?.id === id ? nodes[id] : nodes.find(node => node.id === id);
	return status ? safe(status.name, 256) : own('?');
}

/** Cells for a column of node names: the longest of them, between four and `most`. It changes only when a node comes. */
export function nodeColumn(nodes: readonly NodeStatus[], most: number): number {
	let longest = 4;
	for (const {name} of nodes) {
		longest = Math.max(longest, widthOf(safe(name, 256)));
	}
	return Math.min(longest, most);
}
