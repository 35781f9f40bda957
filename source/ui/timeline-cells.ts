/**
Counts for the timeline, from where times lie in the feed: a search per cell border instead of a counter per event. Rows
are in order of arrival and times nearly so; a late event counts where it arrived.
*/
import type {Feed} from '../store/feed.js';
import type {Store} from '../store/store.js';
import type {Timeline} from './picture.js';
import type {UiState} from './state.js';

/** Cells wanted: no terminal shows more. */
const cells = 180;

export function timelineOf(store: Store, shown: Feed, all: Feed, ui: UiState, nowMs: number): Timeline {
	const {cellMs} = ui.timeline;
	const lastCellMs = Math.floor(nowMs / cellMs) * cellMs;
	const firstCellMs = lastCellMs - (cells - 1) * cellMs;
	const kills = new Array<number>(cells).fill(0);
	const lost = new Array<number>(cells).fill(0);
	const cellOf = (timeMs: number): number => Math.floor((timeMs - firstCellMs) / cellMs);
	const add = (row: number[], from: number, to: number, count: number): void => {
		for (let cell = Math.max(0, from); cell <= Math.min(cells - 1, to); cell++) {
			row[cell] = (row[cell] ?? 0) + count;
		}
	};

	for (const group of store.kills().groups) {
		for (const kill of group.kills) {
			add(kills, cellOf(kill.timeMs), cellOf(kill.timeMs), kill.count);
		}
	}

	for (const rule of store.rules()) {
		if (rule.type === 'gap') {
			add(lost, cellOf(rule.fromMs), cellOf(rule.toMs), 1);
		}
	}

	return {cellMs, lastCellMs, all: countsOf(all, firstCellMs, cellMs), shown: countsOf(shown, firstCellMs, cellMs), kills, lost};
}

function countsOf(feed: Feed, firstCellMs: number, cellMs: number): number[] {
	const counts: number[] = [];
	let before = firstAt(feed, firstCellMs, 0);
	for (let cell = 1; cell <= cells; cell++) {
		const next = firstAt(feed, firstCellMs + cell * cellMs, before);
		counts.push(next - before);
		before = next;
	}

	return counts;
}

/** Index of the first row at or after a time. */
function firstAt(feed: Feed, timeMs: number, from: number): number {
	let low = from;
	let high = feed.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (feed.timeAt(middle) < timeMs) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}
