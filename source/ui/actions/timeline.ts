/** The cursor on the time axis, a range of time, and the jump to a time. */
import {momentMs, parseMoment} from '../../moment.js';
import {own} from '../../text/safe.js';
import {stoppedInMiddle} from '../panes/feed/feed-cursor.js';
import {clamp} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import {addChips} from './filters.js';

const cellSizes: readonly number[] = [1000, 5000, 10_000, 60_000, 300_000];

/** Moves the time cursor by cells; the first press puts it on the newest cell. */
export function timelineMove(scene: Scene, by: number): Reaction {
	const {ui, picture} = scene;
	const {timeline} = picture;
	if (!timeline) {
		return stay(flash(scene, own('i shows the timeline')));
	}

	const first = timeline.lastCellMs - (timeline.all.length - 1) * timeline.cellMs;
	const from = ui.timeline.cursorMs ?? timeline.lastCellMs - by * timeline.cellMs;
	const cursorMs = clamp(from + by * timeline.cellMs, first, timeline.lastCellMs);
	return stay({...ui, timeline: {...ui.timeline, cursorMs}});
}

export function timelineZoom({ui}: Scene, by: 1 | -1): Reaction {
	const at = cellSizes.indexOf(ui.timeline.cellMs);
	const cellMs = cellSizes[clamp(at + by, 0, cellSizes.length - 1)] ?? ui.timeline.cellMs;
	return stay({...ui, timeline: {...ui.timeline, cellMs}});
}

/** Begins a range at the cursor, or removes the range. */
export function timelineRange(scene: Scene): Reaction {
	const {ui} = scene;
	const {cursorMs, rangeMs} = ui.timeline;
	if (cursorMs === undefined) {
		return stay(flash(scene, own('move the time cursor first, with the left and right keys')));
	}

	return stay({...ui, timeline: {...ui.timeline, rangeMs: rangeMs === undefined ? cursorMs : undefined}});
}

function clockOf(ms: number): string {
	return new Date(ms).toTimeString().slice(0, 8);
}

/** Enter: the range becomes a filter; without a range the feed goes to the cursor's time. */
export function timelineJump(scene: Scene): Reaction {
	const {ui} = scene;
	const {cursorMs, rangeMs, cellMs} = ui.timeline;
	if (cursorMs === undefined) {
		return stay(ui);
	}

	if (rangeMs === undefined) {
		return jumpToTime({...scene, ui: {...ui, timeline: {...ui.timeline, active: false}}}, cursorMs);
	}

	const from = Math.min(rangeMs, cursorMs);
	const to = Math.max(rangeMs, cursorMs) + cellMs;
	return addChips(scene, `t:${clockOf(from)}-${clockOf(to)}`, {
		...ui,
		timeline: {...ui.timeline, rangeMs: undefined, active: false},
	});
}

const dayMs = 86_400_000;

/**
The time that a clock time `h:mm[:ss[.mmm]]` means, in milliseconds since 1970. Live, a clock time that is more than a
minute ahead is yesterday's; in a replay the nearest one is meant, since its future can be shown. `-5m` is so long before now,
and a date with a time is that time.
*/
export function timeOfClock(clock: string, nowMs: number, isReplay: boolean): number {
	const moment = /^\d{1,2}:/.test(clock) ? undefined : parseMoment(clock);
	if (moment !== undefined) {
		return momentMs(moment, nowMs);
	}

	const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
	const at = new Date(nowMs);
	at.setHours(hours, minutes, Math.floor(seconds), Math.round((seconds % 1) * 1000));
	const today = at.getTime();
	const isAhead = isReplay ? today - nowMs > nowMs - (today - dayMs) : today > nowMs + 60_000;
	return isAhead ? today - dayMs : today;
}

/** Moves the feed's cursor to the first event at or after a time, else to the last. Rows are in order of arrival: binary search. */
export function jumpToTime(scene: Scene, timeMs: number): Reaction {
	const {feed} = scene.picture;
	let low = 0;
	let high = feed.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((feed.at(middle)?.timeMs ?? 0) < timeMs) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	if (feed.length === 0) {
		return stay(flash(scene, own('no event to jump to')));
	}

	return stay({...stoppedInMiddle(scene, low), view: 'main', focus: 'events'});
}

export const timelineActions = {
	'time-left': (scene: Scene) => timelineMove(scene, -1),
	'time-right': (scene: Scene) => timelineMove(scene, 1),
	'time-zoom-in': (scene: Scene) => timelineZoom(scene, -1),
	'time-zoom-out': (scene: Scene) => timelineZoom(scene, 1),
	'time-range': timelineRange,
	'time-jump': timelineJump,
};
