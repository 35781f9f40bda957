/**
What every pane is given, and the frame that every pane draws: a title rule, and from 100 columns on the borders too.

    ┌ 1 Processes (6 pods) ───┬ 2 Events  follow ───────── f zoom ─┐
    │ …                       │ …                                  │
    ├ 3 Kill alerts ──────────┴─────────────────── e/E next/prev ──┤
    │ …                                                            │
    └──────────────────────────────────────────────────────────────┘

A pane draws its title rule, its left border, the right border where it is the rightmost, and the last rule where it is
the lowest; nobody else draws anything.
*/
import {own, type SafeText} from '../../text/safe.js';
import type {Box} from '../frame/box.js';
import type {Glyphs} from '../frame/glyphs.js';
import type {Line, Segment} from '../frame/line.js';
import type {KindId} from '../frame/pane-ids.js';
import type {Picture} from '../state/picture.js';
import type {Subject, UiState} from '../state/state.js';
import {blankLine, Cells, segment, widthOfSegments} from '../widgets/cells.js';
import {LineCache} from '../widgets/line-cache.js';

export type PaneContext = {
	readonly ui: UiState;
	readonly picture: Picture;
	readonly glyphs: Glyphs;
	/** Below 100 columns: title rules only, no side borders. */
	readonly compact: boolean;
	/** What the user chose in the focused pane, for a detail that follows the cursor; undefined: nothing. */
	readonly chosen?: () => Subject | undefined;
	/** What the header says of tetratop itself; no picture of the store holds it. */
	readonly program?: ProgramFacts;
};

export type ProgramFacts = {
	readonly version: string;
	readonly heapBytes?: number;
	/** The wall clock; that of the picture stands still while it is paused. */
	readonly nowMs?: number;
	/** Certificates are not checked. */
	readonly insecure?: boolean;
	/** Frames a second when the terminal is slower than the screen; undefined: it keeps up. */
	readonly slowFramesPerSecond?: number;
};

/** Where a pane stands and which borders it draws: a box of layout.ts; only the size of its `rect` is read, not the place. */
export type PaneRect = Box;

export type Title = {
	readonly id?: KindId;
	/** The digit that goes there; undefined: none. */
	readonly digit?: number | undefined;
	/** `Processes`, or `PROC` where it is tight. */
	readonly name: SafeText;
	readonly short: SafeText;
	/** Behind the name, most important first; each is left out with all after it when it does not fit. */
	readonly facts: readonly Segment[];
	/** Keys, at the right end; left out from the right. */
	readonly hints: readonly (readonly [key: SafeText, word: SafeText])[];
};

export function isFocused({ui}: PaneContext, id: KindId): boolean {
	return ui.focus === id && ui.prompt === undefined && ui.overlay === undefined;
}

/** Cells inside the frame for the text of a pane; one stays blank before the next border. */
export function innerWidth(_context: PaneContext, {rect, left, right}: PaneRect): number {
	return Math.max(0, rect.width - (left ? 2 : 0) - (right ? 1 : 0));
}

/** Lines inside the frame. */
export function innerHeight(_context: PaneContext, {rect, title, bottom}: PaneRect): number {
	return Math.max(0, rect.height - Number(title) - Number(bottom));
}

/** The line of a row of a view, with its cursor. */
export function rowStart({glyphs, ui}: PaneContext, width: number, isChosen: boolean): Cells {
	const cells = new Cells(width, isChosen && ui.overlay === undefined ? 'cursor' : undefined);
	return cells.put(isChosen ? glyphs.cursor : own(' '), isChosen ? 'focus' : 'plain');
}

function hintsThatFit(hints: Title['hints'], room: number, tight: boolean): Segment[] {
	const parts: Segment[] = [];
	let left = room;
	for (const [key, word] of hints) {
		const between = tight ? own(' ') : own('  ');
		const hint = [
			...(parts.length > 0 ? [segment(between, 'dim')] : []),
			segment(key, 'accent'),
			segment(own`${tight ? own(':') : own(' ')}${word}`, 'dim'),
		];
		const width = widthOfSegments(hint);
		if (width > left) {
			break;
		}
		left -= width;
		parts.push(...hint);
	}
	return parts;
}

function factsThatFit(facts: readonly Segment[], room: number): Segment[] {
	const parts: Segment[] = [];
	let left = room;
	for (const fact of facts) {
		const width = widthOfSegments([fact]) + 1;
		if (width > left) {
			break;
		}
		left -= width;
		parts.push(segment(own(' ')), fact);
	}
	return parts;
}

function putName(context: PaneContext, cells: Cells, {left, topLeft}: PaneRect, {id, digit, name, short}: Title): void {
	const focused = id !== undefined && isFocused(context, id);
	if (!left) {
		const label = digit === undefined ? own`[${short}]` : own`[${digit} ${short}]`;
		cells.put(label, focused ? 'focus' : 'strong');
		return;
	}
	cells.put(context.glyphs[topLeft || 'horizontal'], 'dim');
	cells.put(digit === undefined ? own(' ') : own` ${digit} `, focused ? 'focus' : 'dim');
	cells.put(name, focused ? 'title' : 'plain');
}

/** The first line of a pane: short between bare rules, in full words where there are borders. */
export function titleRule(context: PaneContext, box: PaneRect, title: Title): Line {
	const {glyphs} = context;
	const tight = !box.left;
	const cells = new Cells(box.rect.width);
	putName(context, cells, box, title);
	cells.segments(factsThatFit(title.facts, cells.left - 4)).gap();
	const corner = box.topRight ? 1 : 0;
	const hints = hintsThatFit(title.hints, cells.left - 4 - corner, tight);
	const hintsWidth = hints.length === 0 ? corner : widthOfSegments(hints) + 3 + corner;
	drawRule(cells, cells.left - hintsWidth, box, glyphs);
	if (hints.length > 0) {
		cells.gap().segments(hints).gap().put(glyphs.horizontal, 'dim');
	}
	if (box.topRight) {
		cells.put(glyphs[box.topRight], 'dim');
	}
	return cells.end();
}

function drawRule(cells: Cells, width: number, {rect, joinsAbove}: PaneRect, glyphs: Glyphs): void {
	const start = rect.width - cells.left;
	for (let column = start; column < start + width; column++) {
		cells.repeat(joinsAbove.includes(column) ? glyphs.teeUp : glyphs.horizontal, 1);
	}
}

/** A bordered line for an inner one, the same object for the same inner line: the painter goes by identity. */
const borderedInside = new WeakMap<Line, {readonly vertical: SafeText; readonly line: Line}>();
const borderedAtEdge: typeof borderedInside = new WeakMap();

function withBorders(inner: Line, width: number, vertical: SafeText, rightEdge: boolean): Line {
	const bordered = rightEdge ? borderedAtEdge : borderedInside;
	const known = bordered.get(inner);
	if (known?.vertical === vertical) {
		return known.line;
	}
	const cells = new Cells(width).put(vertical, 'dim').segments(inner).gap();
	if (rightEdge) {
		cells.put(vertical, 'dim');
	}
	const line = cells.end();
	bordered.set(inner, {vertical, line});
	return line;
}

/** Puts the lines of a pane into its box: exactly as many lines of exactly as many cells as its `rect` says. */
export function framed(context: PaneContext, box: PaneRect, title: Title, body: readonly Line[]): Line[] {
	const {rect, left, right, bottom} = box;
	if (rect.height <= 0 || rect.width <= 0) {
		return [];
	}
	const {glyphs} = context;
	const lines: Line[] = box.title ? [titleRule(context, box, title)] : [];
	const inside = innerWidth(context, box);
	const rows = innerHeight(context, box);
	for (let row = 0; row < rows; row++) {
		const inner = body[row] ?? blankLine(inside);
		lines.push(left ? withBorders(inner, rect.width, glyphs.vertical, right) : inner);
	}
	if (bottom && lines.length < rect.height) {
		lines.push(bottomRule(box, glyphs));
	}
	return lines;
}

const rules = new LineCache<string>();

function bottomRule({rect, bottomLeft, bottomRight}: PaneRect, glyphs: Glyphs): Line {
	return rules.line(`${rect.width} ${bottomLeft} ${bottomRight} ${glyphs.charset}`, [], () => {
		const cells = new Cells(rect.width);
		if (bottomLeft) {
			cells.put(glyphs[bottomLeft], 'dim');
		}
		cells.repeat(glyphs.horizontal, cells.left - (bottomRight ? 1 : 0));
		if (bottomRight) {
			cells.put(glyphs[bottomRight], 'dim');
		}
		return cells.end();
	});
}
