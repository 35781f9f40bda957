/**
Where everything stands: one pure function from the size of the terminal and what is open to rectangles that fill the
screen without overlapping. The rules of each size are in `modeOf` and in the function of its mode.
*/
import {type Box, boxOf, type Edges, Rows} from './box.js';
import type {Rect} from './line.js';
import type {KindId, PaneId, ViewId} from './pane-ids.js';

export type Area =
	| KindId
	| 'header'
	| 'chips'
	| 'timeline'
	| 'candidates'
	| 'message'
	| 'input'
	| 'keybar'
	/** The single line of a terminal that is too small. */
	| 'tooSmall';

export type Mode = 'too-small' | 'one' | 'accordion' | 'portrait' | 'split' | 'wide';

export type LayoutInput = {
	readonly columns: number;
	readonly rows: number;
	readonly view: ViewId;
	readonly focus: PaneId;
	readonly zoom: boolean;
	readonly detailOpen: boolean;
	readonly timeline: 'off' | 'small' | 'big';
	/** `list`: a line is being typed and candidates are shown. */
	readonly prompt: 'none' | 'line' | 'list';
};

export type Layout = {
	readonly mode: Mode;
	readonly boxes: Readonly<Partial<Record<Area, Box>>>;
};

export const smallestColumns = 40;
export const smallestRows = 10;
const detailColumns = 52;

export function modeOf(columns: number, rows: number): Mode {
	if (columns < smallestColumns || rows < smallestRows) {
		return 'too-small';
	}
	if (columns <= 90 && rows >= 45) {
		return 'portrait';
	}
	if (columns < 80 || rows < 24) {
		return 'one';
	}
	if (columns < 100 || rows < 28) {
		return 'accordion';
	}
	return columns >= 160 && rows >= 40 ? 'wide' : 'split';
}

type Boxes = Partial<Record<Area, Box>>;

function clamp(value: number, low: number, high: number): number {
	return Math.max(low, Math.min(high, value));
}

const titled: Edges = {title: true};

/** One pane between one row above and one below; the prompt takes the place of the key bar. */
function onePane(input: LayoutInput, rows: Rows): Boxes {
	const boxes: Boxes = {header: boxOf(rows.fromTop(1))};
	boxes[input.prompt === 'none' ? 'keybar' : 'input'] = boxOf(rows.fromBottom(1));
	if (input.prompt === 'list') {
		boxes.candidates = boxOf(rows.fromBottom(clamp(rows.left >> 1, 2, 7)), titled);
	}
	boxes[input.view === 'main' ? input.focus : input.view] = boxOf(rows.rest(), titled);
	return boxes;
}

/** What all larger modes have above and below the panes. */
function surround(input: LayoutInput, rows: Rows, keepsInput: boolean): Boxes {
	const boxes: Boxes = {
		header: boxOf(rows.fromTop(1)),
		chips: boxOf(rows.fromTop(1)),
		keybar: boxOf(rows.fromBottom(1)),
	};
	if (keepsInput || input.prompt !== 'none') {
		boxes.input = boxOf(rows.fromBottom(1));
	}
	boxes.message = boxOf(rows.fromBottom(1));
	return boxes;
}

/** Rows of the panes with their titles: the wanted ones while there are enough, and the rest to `grows`. */
function stack(
	rows: Rows,
	wanted: readonly (readonly [PaneId | 'candidates', number])[],
	grows: PaneId,
	boxes: Boxes,
): void {
	const sum = wanted.reduce((total, [, height]) => total + height, 0);
	const extra = rows.left - sum;
	for (const [area, height] of wanted) {
		boxes[area] = boxOf(rows.fromTop(area === grows ? height + extra : height), titled);
	}
}

function stackedTimeline(input: LayoutInput, rows: Rows, boxes: Boxes): void {
	if (input.timeline === 'big' && rows.left >= 15) {
		boxes.timeline = boxOf(rows.fromBottom(5), titled);
	}
}

/** The focused pane takes the free rows; the others keep enough to be read: tree 4 rows, feed 5, kills 3, detail 6. */
function accordion(input: LayoutInput, rows: Rows): Boxes {
	const boxes = surround(input, rows, false);
	if (input.prompt === 'list') {
		boxes.candidates = boxOf(rows.fromBottom(7), titled);
		const kept = input.focus === 'detail' ? 'events' : input.focus;
		boxes[kept] = boxOf(rows.rest(), titled);
		return boxes;
	}
	stackedTimeline(input, rows, boxes);
	const tight = rows.left < 17;
	const wanted = {processes: tight ? 4 : 5, events: tight ? 4 : 6, kills: tight ? 3 : 4, detail: tight ? 4 : 7};
	// Four panes would leave the detail no room at 24 rows; the tree gives way unless the user is in it.
	const upper: PaneId[] = input.detailOpen
		? [input.focus === 'processes' ? 'processes' : 'events']
		: ['processes', 'events'];
	const panes: PaneId[] = [...upper, 'kills', ...(input.detailOpen ? (['detail'] as const) : [])];
	const grows = panes.includes(input.focus) ? input.focus : 'events';
	stack(
		rows,
		panes.map(pane => [pane, wanted[pane]] as const),
		grows,
		boxes,
	);
	return boxes;
}

/** Narrow and tall: everything open, by shares. */
function portrait(input: LayoutInput, rows: Rows): Boxes {
	const boxes = surround(input, rows, false);
	if (input.prompt === 'list') {
		boxes.candidates = boxOf(rows.fromBottom(9), titled);
	}
	stackedTimeline(input, rows, boxes);
	const all = rows.left;
	const kills = Math.max(4, Math.round(all * 0.15));
	const detail = input.detailOpen ? Math.round(all * 0.3) : 0;
	const processes = Math.round((all - kills - detail) * 0.4);
	const events = all - kills - detail - processes;
	const wanted: (readonly [PaneId, number])[] = [
		['processes', processes],
		['events', events],
		['kills', kills],
	];
	if (detail > 0) {
		wanted.push(['detail', detail]);
	}
	stack(rows, wanted, 'events', boxes);
	return boxes;
}

function full(rect: Rect): Box {
	return boxOf(rect, {
		title: true,
		left: true,
		right: true,
		bottom: true,
		topLeft: 'topLeft',
		topRight: 'topRight',
		bottomLeft: 'bottomLeft',
		bottomRight: 'bottomRight',
	});
}

/** Heights of the timeline with its title row; a small one is only that row. */
function timelineRows(input: LayoutInput, mode: Mode): number {
	if (input.timeline === 'off') {
		return 0;
	}
	if (mode === 'wide') {
		return input.timeline === 'small' ? 5 : 8;
	}
	return input.timeline === 'small' ? 1 : 5;
}

function lower(rect: Rect, joinsAbove: readonly number[]): Box {
	return boxOf(rect, {
		title: true,
		left: true,
		right: true,
		bottom: true,
		topLeft: 'teeRight',
		topRight: 'teeLeft',
		bottomLeft: 'bottomLeft',
		bottomRight: 'bottomRight',
		joinsAbove,
	});
}

/** Tree left, feed right, timeline and kills below; the detail opens under the feed, or has its own column when wide. */
function boxed(input: LayoutInput, rows: Rows, mode: 'split' | 'wide'): Boxes {
	const boxes = surround(input, rows, true);
	const columns = input.columns;
	const killRows = clamp(Math.round(rows.left * 0.25), 5, 12);
	const processColumns = mode === 'wide' ? Math.round((columns - detailColumns) * 0.39) : Math.round(columns * 0.38);

	const joins = mode === 'wide' ? [processColumns, columns - detailColumns] : [processColumns];

	const below = rows.fromBottom(input.prompt === 'list' ? clamp(rows.left >> 1, 7, 16) : killRows);
	const timeline = input.prompt === 'list' ? 0 : timelineRows(input, mode);
	if (timeline > 0) {
		boxes.timeline = boxOf(rows.fromBottom(timeline), {
			title: true,
			left: true,
			right: true,
			topLeft: 'teeRight',
			topRight: 'teeLeft',
			joinsAbove: joins,
		});
	}
	boxes[input.prompt === 'list' ? 'candidates' : 'kills'] = lower(below, timeline > 0 ? [] : joins);

	const {y, height} = rows.rest();
	boxes.processes = boxOf({x: 0, y, width: processColumns, height}, {title: true, left: true, topLeft: 'topLeft'});
	const eventColumns = columns - processColumns - (mode === 'wide' ? detailColumns : 0);
	const detailRows = mode === 'split' && input.detailOpen ? Math.floor(height * 0.55) : 0;
	boxes.events = boxOf(
		{x: processColumns, y, width: eventColumns, height: height - detailRows},
		{
			title: true,
			left: true,
			right: mode === 'split',
			topLeft: 'teeDown',
			topRight: mode === 'split' ? 'topRight' : undefined,
		},
	);
	if (mode === 'wide') {
		boxes.detail = boxOf(
			{x: columns - detailColumns, y, width: detailColumns, height},
			{title: true, left: true, right: true, topLeft: 'teeDown', topRight: 'topRight'},
		);
	} else if (detailRows > 0) {
		boxes.detail = boxOf(
			{x: processColumns, y: y + height - detailRows, width: eventColumns, height: detailRows},
			{title: true, left: true, right: true, topLeft: 'teeRight', topRight: 'teeLeft'},
		);
	}
	return boxes;
}

/** A single pane or view between header and footer. */
function alone(input: LayoutInput, rows: Rows, mode: Mode): Boxes {
	const isBoxed = mode === 'split' || mode === 'wide';
	const boxes = surround(input, rows, isBoxed);
	if (input.prompt === 'list') {
		boxes.candidates = boxOf(rows.fromBottom(clamp(rows.left >> 1, 7, 16)), titled);
	}
	if (input.view !== 'main') {
		boxes[input.view] = boxOf(rows.rest(), titled);
	} else {
		boxes[input.focus] = isBoxed ? full(rows.rest()) : boxOf(rows.rest(), titled);
	}
	return boxes;
}

export function layout(input: LayoutInput): Layout {
	const {columns, rows} = input;
	const mode = modeOf(columns, rows);
	const free = new Rows(columns, rows);
	if (mode === 'too-small') {
		return {mode, boxes: {tooSmall: boxOf(free.rest())}};
	}
	if (mode === 'one') {
		return {mode, boxes: onePane(input, free)};
	}
	if (input.zoom || input.view !== 'main') {
		return {mode, boxes: alone(input, free, mode)};
	}
	if (mode === 'accordion') {
		return {mode, boxes: accordion(input, free)};
	}
	if (mode === 'portrait') {
		return {mode, boxes: portrait(input, free)};
	}
	return {mode, boxes: boxed(input, free, mode)};
}
