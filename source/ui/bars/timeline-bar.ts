/**
When things happened: all events, the shown ones, kills, losses; one cell is a span of time.

    ├ Timeline 5m, 1 cell = 10s ─ ▁▁▂▁▂▃▂▁▁▂▂▃▅▇█▆▃▂ ─ kills ······│···│·· ── i big ─┤

    ├ Timeline 15m, 1 cell = 10s ──────────── ← → move  Enter jump  z/Z zoom ────────┤
    │ all    ▁▁▂▁▂▃▂▁▁▂▂▃▅▇█▆▃▂▁▁▂▁▂▃▂▁▁▂▂▃▅▇█▆▃▂▁▁▂▁   peak 3.1k/s                  │
    │ shown  ▁▁▁▁▁▂▁▁▁▁▁▂▃▅▆▃▂▁▁▁▁▁▁▂▁▁▁▁▁▂▃▅▆▃▂▁▁▁▁▁   peak 240/s                   │
    │ kills  ······················│···············│·   3                            │
    │ lost   ····························░░············                              │
*/
import {joinSafe, own, type SafeText, safe, sliceSafe} from '../../text/safe.js';
import type {Line, Segment, Tone} from '../frame/line.js';
import {paragraphs} from '../panes/empty.js';
import {framed, innerHeight, innerWidth, type PaneContext, type PaneRect, type Title} from '../panes/pane.js';
import type {Timeline} from '../state/picture.js';
import {Cells, segment} from '../widgets/cells.js';
import {moment} from '../widgets/moments.js';
import {rate, thousands} from '../widgets/numbers.js';
import {spark} from '../widgets/spark.js';

function spanWords(ms: number): SafeText {
	if (ms < 60_000) {
		return own`${Math.round(ms / 1000)}s`;
	}
	if (ms < 3_600_000) {
		return own`${Math.round(ms / 60_000)}m`;
	}
	return safe(`${(ms / 3_600_000).toFixed(1)}h`);
}

/** A mark in each cell that has events of this kind, a dot in each other cell. */
function ticks(
	values: readonly number[],
	width: number,
	glyphs: PaneContext['glyphs'],
	mark: SafeText,
	tone: Tone,
): Segment[] {
	const shown = values.slice(-width);
	const parts: Segment[] = [segment(safe(' '.repeat(Math.max(0, width - shown.length))))];
	for (const count of shown) {
		parts.push(count > 0 ? segment(mark, tone) : segment(glyphs.dot, 'dim'));
	}
	return parts;
}

/** Cells of a chart from the time cursor to where a range began, both included; undefined: none is in this part. */
type Marked = {readonly from: number; readonly to: number} | undefined;

function markedCells({ui}: PaneContext, timeline: Timeline, width: number): Marked {
	const {cursorMs, rangeMs = cursorMs} = ui.timeline;
	if (cursorMs === undefined || rangeMs === undefined) {
		return undefined;
	}

	function cellOf(ms: number): number {
		return width - 1 - Math.floor((timeline.lastCellMs - ms) / timeline.cellMs + 0.999_999);
	}

	const from = Math.max(0, cellOf(Math.min(cursorMs, rangeMs)));
	const to = Math.min(width - 1, cellOf(Math.max(cursorMs, rangeMs)));
	return from <= to ? {from, to} : undefined;
}

/** The cells under the time cursor and of its range in reverse. */
function withCursor(parts: readonly Segment[], cells: Marked): Segment[] {
	if (cells === undefined) {
		return [...parts];
	}
	const marked: Segment[] = [];
	let at = 0;
	for (const {text, tone} of parts) {
		const from = Math.max(0, cells.from - at);
		const to = Math.min(text.length, cells.to + 1 - at);
		at += text.length;
		if (from >= to) {
			marked.push(segment(text, tone));
			continue;
		}
		marked.push(segment(sliceSafe(text, 0, from), tone), segment(sliceSafe(text, from, to), 'cursor'));
		marked.push(segment(sliceSafe(text, to, text.length), tone));
	}
	return marked.filter(({text}) => text !== '');
}

/** Cells of the chart, which is between its name and its numbers. */
export function chartCells(width: number): number {
	return Math.max(0, width - 8 - 16);
}

function sum(values: readonly number[]): number {
	return values.reduce((total, count) => total + count, 0);
}

function peak(values: readonly number[], cellMs: number): SafeText {
	return own`peak ${rate(Math.max(0, ...values) / (cellMs / 1000))}/s`;
}

/** A bar chart of `rows` lines: eight steps a line, the highest value fills them all. */
function chart(values: readonly number[], cells: number, rows: number, {glyphs}: PaneContext): SafeText[] {
	if (rows < 2) {
		return [spark(values, cells, glyphs)];
	}
	const shown = values.slice(-cells);
	const highest = Math.max(1, ...shown);
	const full = glyphs.spark[7] ?? own('#');
	return Array.from({length: rows}, (_, row) => {
		const below = (rows - 1 - row) * 8;
		const steps = shown.map(count => {
			const step = Math.min(8, (count <= 0 ? 0 : Math.max(1, Math.round((count / highest) * rows * 8))) - below);
			return step <= 0 ? own(' ') : (glyphs.spark[step - 1] ?? full);
		});
		return own`${safe(' '.repeat(cells - shown.length))}${joinSafe(steps, own(''))}`;
	});
}

function bigRows(context: PaneContext, timeline: Timeline, width: number, rows: number): Line[] {
	const {glyphs} = context;
	const cells = chartCells(width);
	const cursor = markedCells(context, timeline, cells);
	const mark = glyphs.charset === 'ascii' ? own('|') : glyphs.vertical;

	function row(name: SafeText, parts: readonly Segment[], behind: SafeText): Line {
		return new Cells(width)
			.gap()
			.field(name, 7, 'dim')
			.segments(withCursor(parts, cursor))
			.gap(3)
			.put(behind, 'dim')
			.end();
	}

	const {all, shown, kills, lost, cellMs} = timeline;
	const lostCells = lost.slice(-cells).filter(count => count > 0).length;
	const bars = chart(all, cells, Math.max(1, rows - 3), context);
	return [
		...bars.map((bar, index) =>
			row(
				index === bars.length - 1 ? own('all') : own(''),
				[segment(bar)],
				index === 0 ? peak(all.slice(-cells), cellMs) : own(''),
			),
		),
		row(own('shown'), [segment(spark(shown, cells, glyphs), 'accent')], peak(shown.slice(-cells), cellMs)),
		row(own('kills'), ticks(kills, cells, glyphs, mark, 'killed'), thousands(sum(kills.slice(-cells)))),
		row(
			own('lost'),
			ticks(lost, cells, glyphs, glyphs.gap, 'loss'),
			lostCells === 0 ? own('none') : own`in ${lostCells} cells`,
		),
	];
}

/** Cells of the small timeline's two rows of marks. */
function smallCells(width: number): number {
	return Math.max(0, Math.min(60, (width - 54) >> 1));
}

/** The small timeline is in the title row and has no other. */
function smallRule(context: PaneContext, box: PaneRect, timeline: Timeline): Line {
	const {glyphs} = context;
	const {rect, topLeft, topRight} = box;
	const count = smallCells(rect.width);
	const mark = glyphs.charset === 'ascii' ? own('|') : glyphs.vertical;
	const cursor = markedCells(context, timeline, count);
	const all = [segment(spark(timeline.all, count, glyphs))];
	const kills = ticks(timeline.kills, count, glyphs, mark, 'killed');
	const lost = timeline.lost.slice(-count).some(each => each > 0);
	const cells = new Cells(rect.width);
	cells.put(topLeft ? glyphs[topLeft] : glyphs.horizontal, 'dim');
	cells.put(own` Timeline `).field(spanWords(timeline.cellMs * Math.max(1, count)), 6, 'dim');
	cells.put(own`${glyphs.horizontal} all `, 'dim').segments(withCursor(all, cursor));
	cells.put(own` ${glyphs.horizontal} kills `, 'dim').segments(withCursor(kills, cursor)).gap();
	cells.field(lost ? own('loss') : own(''), 5, 'loss');
	const hint = own` i big ${glyphs.horizontal}`;
	cells.repeat(glyphs.horizontal, cells.left - hint.length - (topRight ? 1 : 0)).put(hint, 'dim');
	if (topRight) {
		cells.put(glyphs[topRight], 'dim');
	}
	return cells.repeat(glyphs.horizontal).end();
}

function titleOf(context: PaneContext, timeline: Timeline | undefined, width: number): Title {
	const {ui, glyphs} = context;
	const facts: Segment[] = [];
	if (timeline) {
		const all = spanWords(timeline.cellMs * Math.max(1, chartCells(width)));
		facts.push(segment(own`${all}, 1 cell = ${spanWords(timeline.cellMs)}`, 'dim'));
	}
	if (ui.timeline.cursorMs !== undefined) {
		facts.push(segment(own`at ${moment(context, ui.timeline.cursorMs)}`, 'accent'));
	}
	if (ui.timeline.rangeMs !== undefined) {
		facts.push(segment(own`from ${moment(context, ui.timeline.rangeMs)}`, 'accent'));
	}
	const hints: Title['hints'] = [
		[own`${glyphs.arrowLeft} ${glyphs.arrow}`, own('move')],
		[glyphs.enter, own('jump')],
		[own('z/Z'), own('zoom')],
		[own('i'), own('off')],
	];
	return {name: own('Timeline'), short: own('TIMELINE'), facts, hints};
}

export function timelinePane(context: PaneContext, box: PaneRect): Line[] {
	const {timeline} = context.picture;
	const width = innerWidth(context, box);
	const rows = innerHeight(context, box);
	const title = titleOf(context, timeline, width);
	if (!timeline) {
		return framed(context, box, title, paragraphs([segment(own('no events yet'), 'dim')], width, rows));
	}
	if (box.rect.height === 1) {
		return [smallRule(context, box, timeline)];
	}
	return framed(context, box, title, bigRows(context, timeline, width, rows).slice(0, rows));
}
