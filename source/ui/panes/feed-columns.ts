/**
Which columns the feed has at a width. They are dropped in this order: NAMESPACE, POLICY, NODE, POD; never TIME, EVENT and
DETAIL. The choice depends on the width and on what the nodes are called, never on the rows: nothing jumps.
*/
import type {NodeStatus} from '../../store/snapshot.js';
import {nodeColumn} from '../widgets/node-words.js';
import {type TimeFormat, timeWidth} from '../widgets/times.js';

/** Cells of each column without the blank behind it; 0: the column is not there. */
export type FeedColumns = {
	readonly time: number;
	readonly node: number;
	readonly namespace: number;
	readonly pod: number;
	/** Enforcement, exec'ed in. */
	readonly marks: number;
	readonly event: number;
	readonly policy: number;
	readonly detail: number;
};

/** The longest word: `accept`, `kprobe`, `SIGNAL`. */
const eventCells = 6;

export function feedColumns(
	width: number,
	nodes: readonly NodeStatus[],
	time: TimeFormat,
	wholeTerminal: number,
	set: 'fitting' | 'narrow' | 'wide' = 'fitting',
): FeedColumns {
	// The cursor before and the lateness mark behind the time, and one blank behind each column.
	const always = 1 + timeWidth(time) + 1 + eventCells + 1;
	let left = Math.max(0, width - always);

	function take(cells: number, detailKept: number): number {
		if (left - cells - 1 < (set === 'wide' ? Math.min(detailKept, 12) : detailKept)) {
			return 0;
		}
		left -= cells + 1;
		return cells;
	}

	const narrow = wholeTerminal < 80 || set === 'narrow';
	const marks = narrow ? 0 : take(1, 20);
	const pod = narrow ? 0 : take(width >= 120 ? 28 : width >= 90 ? 22 : 16, 18);
	const node = narrow || nodes.length < 2 ? 0 : take(nodeColumn(nodes, width >= 110 ? 16 : 8), 18);
	const policy = narrow || pod === 0 ? 0 : take(width >= 120 ? 18 : 12, 22);
	const namespace = narrow || policy === 0 ? 0 : take(width >= 120 ? 14 : 10, 36);
	return {time: timeWidth(time), node, namespace, pod, marks, event: eventCells, policy, detail: left};
}
