/** The columns of the process tree: the columns at the right keep their places at a given width, the name has what is left. */

import type {Process} from '../../store/processes/process.js';
import type {TreeRow} from '../../store/snapshot.js';
import {isInfra} from '../../store/tree/tree.js';
import {podOrContainer} from '../../tetragon/event/facts.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';
import type {Line, Tone} from '../frame/line.js';
import {Cells, segment} from '../widgets/cells.js';
import {nodeNameOf} from '../widgets/node-words.js';
import {rate, short} from '../widgets/numbers.js';
import {
	ageOf,
	badgeWord,
	commandOf,
	isExecedIn,
	isRuntime,
	type StateWord,
	stateWord,
	userOf,
} from '../widgets/process-words.js';
import {type Column, type FittedColumns, fitColumns, putRow} from './columns.js';
import type {PaneContext} from './pane.js';

/** From this width on there is room for column titles, the user and the age. */
export const wideFrom = 56;

type Shape = {
	readonly wide: boolean;
	/** Cells for the node of a pod; 0: not shown. */
	readonly node: number;
};

type Context = PaneContext & {
	readonly shape: Shape;
	/** Of the chosen subtree. */
	readonly isBarred: boolean;
};

export type ProcessColumns = FittedColumns<Shape, TreeRow, Context>;

/** Blanks before a row; a very deep tree gives its indentation up before its names. */
function indented(cells: Cells, text: SafeText, room: number): void {
	const width = widthOf(text);
	const most = Math.max(8, room >> 1);
	if (width <= most) {
		cells.put(text, 'dim');
		return;
	}
	cells.put(own`${safe(String(width))} deep `, 'dim');
}

function branchOf(context: PaneContext, row: TreeRow): SafeText {
	const {glyphs} = context;
	let text = own('');
	for (const goesOn of row.branch.slice(1)) {
		text = own`${text}${goesOn ? glyphs.branchSkip : glyphs.branchNone}`;
	}
	if (row.branch.length > 0) {
		text = own`${text}${row.last ? glyphs.branchLast : glyphs.branch}`;
	}
	return text;
}

/** How many processes a folded row hides. */
function countOf({folded, processes}: TreeRow): SafeText {
	return folded && processes > 0 ? own` (${short(processes)})` : own('');
}

function groupLabel({type, name}: TreeRow): SafeText {
	if (type === 'host') {
		return name === '' ? own('host processes') : own`host processes ${safe(name, 512)}`;
	}
	return name === '' ? own('(no name)') : safe(name, 512);
}

const groupTones: Partial<Record<TreeRow['type'], Tone>> = {pod: 'pod', container: 'plain'};

function putGroup(context: Context, cells: Cells, row: TreeRow): void {
	const {glyphs, shape} = context;
	cells.gap(row.depth * 2);
	cells.put(own`${row.leaf ? own(' ') : row.folded ? glyphs.folded : glyphs.unfolded} `, 'dim');
	const node = row.type === 'pod' && row.node !== undefined ? nodeName(context, row.node) : undefined;
	const count = countOf(row);
	const room = cells.left - (node === undefined ? 0 : shape.node + 1) - widthOf(count);
	const label = groupLabel(row);
	const cut = row.type === 'pod' ? 'middle' : 'end';
	cells.field(label, Math.min(room, widthOf(label)), groupTones[row.type] ?? 'strong', {cut});
	cells.put(count, 'dim');
	if (row.type === 'container' && row.image !== '' && cells.left > 8) {
		cells.gap(2).field(imageOf(row.image), cells.left, 'dim');
	}
	if (node !== undefined && shape.node > 0) {
		cells.gap(cells.left - shape.node).field(node, shape.node, 'node', {cut: 'middle'});
	}
	cells.gap(cells.left);
}

/** The part of an image's name that says which one it is; its registry goes. */
function imageOf(image: string): SafeText {
	return safe(image.split('/').at(-1) || image, 256);
}

function nodeName({picture}: PaneContext, id: number): SafeText {
	return nodeNameOf(picture.nodes, id);
}

/** The indentation below the groups, with the bar of the subtree that the cursor is in. */
function putBar({glyphs, isBarred}: Context, cells: Cells, {depth, branch}: TreeRow): void {
	const base = Math.max(0, (depth - branch.length) * 2);
	if (!isBarred) {
		cells.gap(base);
		return;
	}
	cells.gap(Math.max(0, base - 2)).put(own`${glyphs.subtree} `, 'accent');
}

function putProcess(context: Context, cells: Cells, row: TreeRow, process: Process): void {
	const {glyphs, ui, shape} = context;
	const width = cells.left;
	putBar(context, cells, row);
	indented(cells, branchOf(context, row), width);
	if (row.folded) {
		cells.put(own`${glyphs.folded} `, 'dim');
	}
	const pid = process.pid > 0 ? own`${process.pid} ` : own('? ');
	cells.put(pid, 'dim');
	if (shape.wide) {
		cells.field(userOf(process), 5, 'dim').gap();
	}
	const place = process.facts === undefined ? '' : podOrContainer(process.facts);
	if (ui.tree.flat && place !== '') {
		cells.field(safe(place, 256), shape.wide ? 16 : 10, 'pod', {cut: 'middle'}).gap();
	}
	const count = countOf(row);
	if (isRuntime(process)) {
		cells.put(own('runtime '), 'accent');
	}
	const room = Math.max(0, cells.left - widthOf(count));
	const command = commandOf(process, room + ui.tree.shift);
	cells.field(command, Math.min(room, widthOf(command)), process.state === 'exited' ? 'dim' : 'plain');
	cells.put(count, 'dim').gap(cells.left);
}

/** Not every alert below was a kill: only where one is proven the mark of a kill is shown. */
function alertCell({glyphs, shape}: Context, {process, kills}: TreeRow, cells: number): Line {
	const isExeced = process !== undefined && isExecedIn(process);
	const alerts = kills > 0 ? own`${short(kills)} ${glyphs.warn}` : own('');
	const text = isExeced ? badgeWord(process, glyphs) : alerts;
	const align = shape.wide ? 'right' : 'left';
	return new Cells(cells).field(text, cells, isExeced ? 'accent' : 'killed', {align}).end();
}

function nameCell(context: Context, row: TreeRow, width: number): Line {
	const cells = new Cells(width);
	if (row.type === 'process' && row.process) {
		putProcess(context, cells, row, row.process);
	} else {
		putGroup(context, cells, row);
	}

	return cells.end();
}

const columns: ReadonlyArray<Column<Shape, TreeRow, Context>> = [
	{
		id: 'name',
		title: own('NAMESPACE / POD / CONTAINER / PROCESS'),
		cells: (_shape, left) => left - 1,
		priority: 1,
		cell: nameCell,
	},
	{
		id: 'rate',
		title: own('EV/S'),
		cells: ({wide}) => (wide ? 5 : 6),
		align: 'right',
		cell: ({shape}, {perSecond}) =>
			segment(shape.wide ? rate(perSecond) : own`${rate(perSecond)}/s`, perSecond > 0 ? 'plain' : 'dim'),
	},
	{
		id: 'alerts',
		title: own(' ALERT'),
		cells: ({wide}) => (wide ? 6 : 8),
		cell: alertCell,
	},
	{
		id: 'age',
		title: own('AGE'),
		cells: ({wide}) => (wide ? 4 : 0),
		align: 'right',
		cell: ({picture}, {process}) => segment(process ? ageOf(process, picture.nowMs) : own(''), 'dim'),
	},
];

function shapeOf({picture}: PaneContext, width: number): Shape {
	const wide = width >= wideFrom;
	return {wide, node: picture.nodes.length > 1 && width >= 40 ? (wide ? 10 : 8) : 0};
}

export function processColumns(context: PaneContext, width: number): ProcessColumns {
	// The last column has no blank after it.
	return fitColumns(columns, shapeOf(context, width), width);
}

/** A group that the view leaves out is still there, with its count and the key that shows it. */
function groupHidden({ui}: PaneContext, row: TreeRow): SafeText | undefined {
	if (row.type === 'host' && !ui.tree.showHost) {
		return own('hidden: H');
	}
	if (row.type === 'namespace' && !ui.tree.showInfra && isInfra(row.name)) {
		return own('hidden: K');
	}
	return undefined;
}

/** Puts a row after its first cell. What became of a process, or the key that shows a hidden group, has all columns at the right. */
export function putProcessRow(
	pane: PaneContext,
	cells: Cells,
	row: TreeRow,
	{
		width,
		columns: fitted,
		isBarred,
	}: {readonly width: number; readonly columns: ProcessColumns; readonly isBarred: boolean},
): Line {
	const context = {...pane, shape: shapeOf(pane, width), isBarred};
	const hidden = groupHidden(pane, row);
	const state = row.process && stateWord(row.process, pane.glyphs);
	if (!hidden && !state) {
		return putRow(cells, fitted, context, row).end();
	}

	putRow(
		cells,
		fitted.filter(({id}) => id === 'name'),
		context,
		row,
	);
	const {wide} = context.shape;
	if (hidden) {
		return cells.field(hidden, cells.left, 'dim', wide ? {align: 'right'} : undefined).end();
	}

	return state && row.process
		? putState(cells, state, ageOf(row.process, pane.picture.nowMs), wide).end()
		: cells.end();
}

/** The last cells are its age, as in the rows of other processes. */
function putState(cells: Cells, {text, tone}: StateWord, lived: SafeText, wide: boolean): Cells {
	return wide
		? cells.field(text, 12, tone).gap().field(lived, 4, 'dim', {align: 'right'})
		: cells.field(own`${text} ${lived}`, cells.left, tone);
}
