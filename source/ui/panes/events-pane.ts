/**
The event feed: one line an event, newest at the bottom.

    ┬ 2 Events  follow ▼ ──────────────────── f zoom  s stop  w wrap ─┐
    │ TIME         NODE    POD                EVENT  DETAIL           │
    │ 12:04:29.131 node-3  api-7d9f8c-x2k4j ⇢ exec   curl http://203… │
    │ 12:04:29.141 node-3  api-7d9f8c-x2k4j ✖ KILL   KILLED egress-d… │
    │ ─ gap: node-7 12:03:58 – 12:04:11, its events are not here ──── │
*/
import type {FeedRow} from '../../store/snapshot.js';
import {own, safe} from '../../text/safe.js';
import type {Line, Segment} from '../frame/line.js';
import {cursorOf} from '../state/cursor.js';
import {flash, type Scene, type Seen} from '../state/reaction.js';
import type {Subject, UiState} from '../state/state.js';
import {Cells, segment} from '../widgets/cells.js';
import {killOf} from '../widgets/kill-words.js';
import {LineCache} from '../widgets/line-cache.js';
import {feedTime, momentMs, timeWidth} from '../widgets/moments.js';
import {nodeNameOf} from '../widgets/node-words.js';
import {thousands} from '../widgets/numbers.js';
import {day} from '../widgets/times.js';
import {type Window, windowOf} from '../widgets/window.js';
import {putTitles, widthOfColumn} from './columns.js';
import {emptyEvents} from './empty.js';
import {type FeedColumns, feedColumns} from './feed/feed-columns.js';
import {eventCursor, eventIndex, eventList, following, stoppedAt} from './feed/feed-cursor.js';
import {feedLines} from './feed/feed-row.js';
import type {RowMark, RowStyle} from './feed/feed-row-start.js';
import {framed, innerHeight, innerWidth, isFocused, type PaneContext, type PaneRect, type Title} from './pane.js';
import type {PaneKind, PaneName} from './pane-kind.js';
import {pinFacts, pinnedEvents} from './pinned-rows.js';
import {eventValues, type Value} from './row-values.js';

const paneName: PaneName = {id: 'events', digit: 2, name: own('Events'), short: own('FEED')};

import {belongsTo, subtreeOf} from './subtree.js';

function titleOf(context: PaneContext): Title {
	const {ui, picture, glyphs} = context;
	const facts: Segment[] = [];
	if (ui.pause) {
		facts.push(segment(own`paused at ${momentMs(context, ui.pause.sinceMs)}`, 'warn'));
	} else if (ui.events.follow) {
		facts.push(segment(own`follow ${glyphs.follow}`));
	} else {
		facts.push(segment(own`scrolled, +${thousands(picture.totals.events - ui.events.stoppedAtEvents)} new`, 'warn'));
	}
	facts.push(...placeInReplay(context));
	if (picture.feed.progress < 1) {
		facts.push(segment(own`filtering ${Math.floor(picture.feed.progress * 100)} %`, 'warn'));
	}
	facts.push(...pinFacts(ui, 'events'));
	if (ui.events.wrap) {
		facts.push(segment(own('wrap'), 'accent'));
	}
	if (ui.zoom && ui.focus === 'events') {
		facts.push(segment(own('zoom'), 'accent'));
	}
	return {
		...paneName,
		facts,
		hints: ui.pause
			? [[own('p'), own('resume')]]
			: ui.replay !== undefined && ui.events.follow
				? // The place in the recording needs the room.
					[]
				: ui.events.follow
					? [
							[own('f'), own('zoom')],
							[own('s'), own('stop')],
							[own('t'), own('time')],
						]
					: [
							[own('G'), own('live')],
							[own('f'), own('zoom')],
						],
	};
}

/** Position, length, date and file of the cursor. */
function placeInReplay(context: PaneContext): Segment[] {
	const {ui, picture} = context;
	const index = eventIndex(context);
	const row = picture.feed.at(index);
	if (ui.replay === undefined || row === undefined) {
		return [];
	}

	const path = ui.replay.file ?? '';
	const file = safe(path.slice(path.lastIndexOf('/') + 1), 60);
	return [segment(own`${thousands(index + 1)} of ${thousands(picture.feed.length)}  ${day(row.timeMs)}  ${file}`)];
}

function hasHeadings(box: PaneRect): boolean {
	return box.left && box.rect.height > 5;
}

/** Rows of the list on screen, without title, frame, headings and pins: for the actions that move the cursor. */
function eventRows(context: PaneContext, box: PaneRect): number {
	return listRows(context, box) - pinnedEvents(context, listRows(context, box)).length;
}

function listRows(context: PaneContext, box: PaneRect): number {
	return Math.max(0, innerHeight(context, box) - Number(hasHeadings(box)));
}

const headingCache = new LineCache<number>();
const cache = new LineCache<number, readonly Line[]>();

function dependencies(context: PaneContext, row: FeedRow, style: RowStyle): readonly unknown[] {
	const {ui, picture, glyphs} = context;
	const {columns, mark, matched, barred, previousMs, width} = style;
	const drawn = [matched, row.timeMs, width, columns, mark, barred, glyphs, ui.events.time];
	const node = nodeNameOf(picture.nodes, row.node);
	if (row.type === 'rule') {
		return [...drawn, node, row.rule, feedTime(row.timeMs, 'clock', picture.nowMs, undefined)];
	}
	const {process} = row;
	const time = feedTime(row.timeMs, ui.events.time, picture.nowMs, previousMs);
	return [
		...drawn,
		time,
		row.kind,
		row.policy,
		row.late,
		style.count,
		process?.facts,
		killOf(process, row.seq)?.state,
		// Only an exit says what became of its process.
		row.kind === 'process_exit' ? process?.kills.at(-1)?.state : undefined,
		ui.highlight,
		ui.events.shift,
		ui.events.wrap,
		widthOfColumn(columns, 'node') > 0 ? node : undefined,
	];
}

function windowOfEvents(context: PaneContext, rows: number): {readonly selected: number; readonly window: Window} {
	const {ui, picture} = context;
	const {screenRow} = cursorOf(ui, 'events');
	const selected = eventIndex(context);
	return {selected, window: windowOf(picture.feed.length, selected, screenRow, rows, ui.events.follow)};
}

/** Draws single rows by index; what is the same for all of them is looked up once. */
function rowDrawer(context: PaneContext, width: number, columns: FeedColumns, selected: number) {
	const {ui, picture} = context;
	const {feed} = picture;
	// Going with what comes, the last line is a place and no choice: a bar there would only flicker.
	const focused = isFocused(context, 'events') && !(ui.events.follow && !ui.pause);
	const subtree = subtreeOf(context);

	function drawn(
		row: FeedRow,
		mark: RowMark,
		more: Pick<RowStyle, 'matched' | 'previousMs' | 'count'>,
	): readonly Line[] {
		const style: RowStyle = {
			width,
			columns,
			mark,
			barred: row.type === 'event' && belongsTo(context, row.process, subtree),
			...more,
		};
		// A pinned row may stand in the list too, with other marks.
		const key = (row.type === 'rule' ? -1 - row.seq : row.seq) + (mark === 'pinned' ? 0.5 : 0);
		return cache.line(key, dependencies(context, row, style), () => feedLines(context, row, style));
	}

	return {
		pinned: (row: FeedRow): Line => drawn(row, 'pinned', {matched: false, previousMs: undefined, count: 1})[0] ?? [],
		at(index: number): readonly Line[] {
			const row = feed.at(index);
			if (!row) {
				return [];
			}
			const mark = index !== selected ? 'none' : focused ? 'focused' : 'here';
			const matched = ui.highlight !== undefined && feed.matches(index);
			const previousMs = ui.events.time === 'delta' ? feed.at(index - 1)?.timeMs : undefined;
			return drawn(row, mark, {matched, previousMs, count: feed.countAt(index)});
		},
	};
}

/**
Rows of several lines each: the selected one begins on its screen line, and what is above it is cut at the top; following,
the last line of the last row is the last line.
*/
function wrappedBody(
	draw: (index: number) => readonly Line[],
	selected: number,
	screenRow: number,
	rows: number,
	follow: boolean,
): Line[] {
	const lines: Line[] = [];
	const above = follow ? rows : Math.min(screenRow, rows - 1);
	let index = follow ? selected : selected - 1;
	for (; lines.length < above && index >= 0; index--) {
		lines.unshift(...draw(index));
	}
	const shown = lines.slice(Math.max(0, lines.length - above));
	if (follow) {
		return shown;
	}
	for (let below = selected; shown.length < rows; below++) {
		const next = draw(below);
		if (next.length === 0) {
			break;
		}
		shown.push(...next);
	}
	return shown.slice(0, rows);
}

/** Of the ends of the feed: events may be older than the stream that brought them. */
function earliestMs({feed, totals}: PaneContext['picture']): number {
	const times = [feed.at(0)?.timeMs, feed.at(feed.length - 1)?.timeMs, totals.oldestMs];
	return Math.min(...times.filter(ms => ms !== undefined && Number.isFinite(ms)).map(Number));
}

function eventsPane(context: PaneContext, box: PaneRect): Line[] {
	const {ui, picture} = context;
	const width = innerWidth(context, box);
	const rows = eventRows(context, box);
	const title = titleOf(context);
	if (picture.feed.length === 0) {
		return framed(context, box, title, emptyEvents(context, width, rows));
	}
	const timeCells = timeWidth(ui.events.time, picture.nowMs, earliestMs(picture));
	const columns = feedColumns(width, picture.nodes, timeCells, ui.columns, ui.events.columns);
	const body: Line[] = [];
	if (hasHeadings(box)) {
		const depends = [columns, ui.events.time];
		body.push(headingCache.line(width, depends, () => putTitles(new Cells(width).gap(), columns, context).end()));
	}
	// Rules pass every filter; that no event does is said below them.
	const hidden = picture.feed.shown === 0 ? emptyEvents(context, width, Math.min(6, rows >> 1)) : [];
	const {selected, window} = windowOfEvents(context, rows - hidden.length);
	const {at: draw, pinned} = rowDrawer(context, width, columns, selected);
	for (const row of pinnedEvents(context, listRows(context, box))) {
		body.push(pinned(row));
	}
	if (ui.events.wrap) {
		body.push(...wrappedBody(draw, selected, selected - window.first, rows - hidden.length, ui.events.follow));
	} else {
		for (let index = window.first; index < window.first + window.count; index++) {
			body.push(...draw(index));
		}
	}
	return framed(context, box, title, [...body, ...hidden]);
}

function subjectOfRow(seen: Seen): Subject | undefined {
	const row = seen.picture.feed.at(eventIndex(seen));
	return row?.type === 'event' ? {type: 'event', seq: row.seq} : undefined;
}

function valuesOfRow(scene: Scene): readonly Value[] {
	const row = scene.picture.feed.at(eventIndex(scene));
	return row === undefined ? [] : eventValues(scene, row.seq);
}

/** A row of several equal events: from now on every event has a row; the cursor stays on the newest of those of the row. */
function openRun(scene: Scene): UiState | undefined {
	const {picture} = scene;
	const index = eventIndex(scene);
	if (picture.feed.countAt(index) <= 1) {
		return undefined;
	}

	const {screenRow} = eventCursor(scene);
	const ui = stoppedAt(scene, {id: picture.feed.at(index)?.seq, screenRow});
	const words = own('each event has its own row; :set fold=on folds equal ones again');
	return flash(scene, words, {...ui, events: {...ui.events, fold: false}});
}

export const eventsKind: PaneKind = {
	...paneName,
	about: own('event feed'),
	rows: eventRows,
	paint: eventsPane,
	list: eventList,
	cursor: eventCursor,
	withCursor: (scene, cursor, isForward) => (scene.ui.events.follow && isForward ? scene.ui : stoppedAt(scene, cursor)),
	toLast: following,
	// A wrapped row has as many lines as it needs: only the painter knows which one was hit.
	lineAt: ({ui}, box, y, rows) => (ui.events.wrap ? undefined : y - box.inner.y - (box.inner.height - rows)),
	subject: subjectOfRow,
	isChosen: ui => !ui.events.follow && cursorOf(ui, 'events').id !== undefined,
	home: 'event',
	values: valuesOfRow,
	open: openRun,
	canPin: true,
};
