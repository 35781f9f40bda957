/**
What the filter shows in each cell of the timeline, from where times lie in the feed: a search per cell border instead of a
counter per event and filter. Rows are in order of arrival and times nearly so; a late event counts where it arrived.
*/
import type {Feed} from '../../store/ring/feed.js';
import type {Store} from '../../store/store.js';
import type {Timeline} from './picture.js';
import type {UiState} from './state.js';

/** Cells wanted: no terminal shows more. */
const cells = 180;

export function timelineOf(store: Store, shown: Feed, ui: UiState, nowMs: number): Timeline {
	const timeline = store.timeline(ui.timeline.cellMs, cells, nowMs);
	const firstCellMs = timeline.lastCellMs - (cells - 1) * timeline.cellMs;
	return {...timeline, shown: countsOf(shown, firstCellMs, timeline.cellMs)};
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
