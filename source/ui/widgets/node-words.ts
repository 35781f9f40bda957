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

/** Its events come. */
export function isWell({state}: NodeStatus): boolean {
	return state === 'streaming' || state === 'quiet';
}

/** It is watched: a node that left the cluster or the target stays in the list for a minute, and is no node that lacks. */
export function isWatched({state}: NodeStatus): boolean {
	return state !== 'ended';
}

/** Milliseconds that a node is listed after its end. */
const endedShownMs = 60_000;

/** The nodes to list: one that left the cluster or the target is listed for a minute. Its events keep its name. */
export function listedNodes({
	nodes,
	nowMs,
}: {
	readonly nodes: readonly NodeStatus[];
	readonly nowMs: number;
}): readonly NodeStatus[] {
	return nodes.filter(node => isWatched(node) || !(nowMs - node.sinceMs >= endedShownMs));
}
