/**
The process tree: namespace, pod, container, processes.

    ┌ 1 Processes (6 pods · 41 procs) ────────────┬
    │ ▾ payments                     12/s   2 ▲   │
    │   ▾ api-7d9f8c-x2k4j node-3     9/s   2 ▲   │
    │     ▾ app  node:20-alpine       9/s   2 ▲   │
    │     ┃ 1 node server.js          7/s         │
    │     ┃ └─ 4121 sh -c curl http…  2/s  ⇢exec  │
    │     ┃    └─ 4122 curl 203.0…  ✖ KILLED 2s   │
    │ ▸ kube-system (88)            hidden: K     │

The columns at the right stand still at a given width; the name gives way.
*/
import type {TreeRow} from '../../store/snapshot.js';
import {own} from '../../text/safe.js';
import type {Line} from '../frame/line.js';
import {cursorOf, type List} from '../state/cursor.js';
import {treeSorts} from '../state/orders.js';
import type {Picture} from '../state/picture.js';
import type {Scene, Seen} from '../state/reaction.js';
import type {Subject} from '../state/state.js';
import {Cells, segment} from '../widgets/cells.js';
import {LineCache} from '../widgets/line-cache.js';
import {counted, rate} from '../widgets/numbers.js';
import {ageOf, stateWord} from '../widgets/process-words.js';
import {windowOf} from '../widgets/window.js';
import {putTitles} from './columns.js';
import {emptyProcesses} from './empty.js';
import {framed, innerHeight, innerWidth, isFocused, type PaneContext, type PaneRect, type Title} from './pane.js';
import {chosenIndex, type PaneKind, type PaneName, shiftCells} from './pane-kind.js';
import {pinFacts, pinnedProcesses} from './pinned-rows.js';
import {type ProcessColumns, processColumns, putProcessRow, wideFrom} from './process-columns.js';
import {nodeValues, processValues, type Value} from './row-values.js';
import {sortFacts} from './sort-facts.js';
import {belongsTo, subtreeOf} from './subtree.js';

const paneName: PaneName = {id: 'processes', digit: 1, name: own('Processes'), short: own('PROC')};

type Mark = 'none' | 'here' | 'focused' | 'pinned';

type RowStyle = {
	readonly width: number;
	readonly columns: ProcessColumns;
	readonly isBarred: boolean;
	readonly mark: Mark;
};

function rowLine(context: PaneContext, row: TreeRow, style: RowStyle): Line {
	const {glyphs} = context;
	const {width, mark} = style;
	const cells = new Cells(width, mark === 'focused' ? 'cursor' : undefined);
	cells.put(mark === 'none' ? own(' ') : mark === 'pinned' ? glyphs.pin : glyphs.cursor, 'dim');
	return putProcessRow(context, cells, row, style);
}

const headingCache = new LineCache<number>();
const cache = new LineCache<string>();
const pinnedLines = new LineCache<string>();

/** Everything that the line of a row is made from. */
function dependencies(
	context: PaneContext,
	row: TreeRow,
	width: number,
	mark: Mark,
	barred: boolean,
): readonly unknown[] {
	const {ui, picture, glyphs} = context;
	const {process} = row;
	const state = process && stateWord(process, glyphs);
	return [
		row.type,
		row.name,
		row.depth,
		row.branch.join(),
		row.last,
		row.folded,
		row.leaf,
		row.node,
		row.processes,
		rate(row.perSecond),
		row.kills,
		row.image,
		process?.facts,
		process?.state,
		state?.text,
		process && ageOf(process, picture.nowMs),
		picture.nodes.length,
		ui.tree.flat,
		ui.tree.showHost,
		ui.tree.showInfra,
		width,
		mark,
		barred,
		glyphs,
	];
}

function titleOf({ui, picture, glyphs}: PaneContext, tight: boolean): Title {
	const pods = counted(picture.tree.pods, own('pod'), own('pods'));
	const processes = counted(picture.tree.processes, own('proc'), own('procs'));
	return {
		...paneName,
		facts: [
			segment(tight ? own`${pods}, ${processes}` : own`(${pods} ${glyphs.dot} ${processes})`),
			...(ui.tree.followProcess === undefined ? [] : [segment(own('follow F'), 'accent')]),
			...(ui.tree.flat ? [segment(own('flat'), 'accent')] : []),
			...sortFacts(treeSorts, ui.sorts.processes),
			...pinFacts(ui, 'processes'),
			...(ui.zoom && ui.focus === 'processes' ? [segment(own('zoom'), 'accent')] : []),
		],
		hints: tight
			? [
					[own('t'), ui.tree.flat ? own('tree') : own('flat')],
					[own('+/-'), own('fold')],
				]
			: [],
	};
}

/** Rows of the list on screen, without title, frame, headings and pins: for the actions that move the cursor. */
function processRows(context: PaneContext, box: PaneRect): number {
	return listRows(context, box) - pinnedProcesses(context, listRows(context, box)).length;
}

function listRows(context: PaneContext, box: PaneRect): number {
	return Math.max(
		0,
		innerHeight(context, box) - (innerWidth(context, box) >= wideFrom && box.rect.height >= 12 ? 1 : 0),
	);
}

function processesPane(context: PaneContext, box: PaneRect): Line[] {
	const {ui, picture} = context;
	const width = innerWidth(context, box);
	const columns = processColumns(context, width);
	const rows = processRows(context, box);
	const body: Line[] = [];
	if (listRows(context, box) < innerHeight(context, box)) {
		body.push(headingCache.line(width, [], () => putTitles(new Cells(width).gap(), columns, context).end()));
	}
	if (picture.tree.length === 0) {
		return framed(context, box, titleOf(context, !box.left), emptyProcesses(context, width, rows));
	}
	const selected = chosenIndex(context, 'processes', treeList(picture));
	const {first, count} = windowOf(picture.tree.length, selected, cursorOf(ui, 'processes').screenRow, rows, false);
	const subtree = subtreeOf(context);
	const focused = isFocused(context, 'processes');

	function lineOf(row: TreeRow, mark: Mark, lines = cache): Line {
		const barred = belongsTo(context, row.process, subtree);
		return lines.line(row.id, dependencies(context, row, width, mark, barred), () =>
			rowLine(context, row, {width, columns, isBarred: barred, mark}),
		);
	}

	for (const row of pinnedProcesses(context, listRows(context, box))) {
		body.push(lineOf(row, 'pinned', pinnedLines));
	}
	for (let index = first; index < first + count; index++) {
		const row = picture.tree.at(index);
		if (row) {
			body.push(lineOf(row, index !== selected ? 'none' : focused ? 'focused' : 'here'));
		}
	}
	return framed(context, box, titleOf(context, !box.left), body);
}

export function treeList({tree}: Picture): List<string> {
	return {
		length: tree.length,
		idAt: index => tree.at(index)?.id,
		indexOf: id => tree.indexOf(id),
	};
}

/** The row under the cursor of the tree, with its index. */
export function treeRowUnder(seen: Seen): {readonly index: number; readonly row: TreeRow | undefined} {
	const index = chosenIndex(seen, 'processes', treeList(seen.picture));
	return {index, row: seen.picture.tree.at(index)};
}

function subjectOfRow(seen: Seen): Subject | undefined {
	const {row} = treeRowUnder(seen);
	return row?.process && {type: 'process', execId: row.process.execId, node: row.process.node};
}

const groupFields = {namespace: 'ns', workload: 'w', pod: 'pod', container: 'c'} as const;

/** A namespace, workload, pod or container row of the tree, with the groups around it. */
function groupValues(scene: Scene): readonly Value[] {
	let {index} = treeRowUnder(scene);
	let depth = Number.POSITIVE_INFINITY;
	const values: Value[] = [];
	for (; index >= 0 && depth > 0; index--) {
		const row = scene.picture.tree.at(index);
		if (!row || row.depth >= depth || row.type === 'process') {
			continue;
		}

		depth = row.depth;
		if (row.type === 'host') {
			values.push(...nodeValues(scene, row.node), {field: 'ns', label: 'namespace', value: ''});
		} else {
			values.push({field: groupFields[row.type], label: row.type, value: row.name});
		}
	}

	return values;
}

function valuesOfRow(scene: Scene): readonly Value[] {
	const {row} = treeRowUnder(scene);
	return row?.process ? [...processValues(row.process), ...nodeValues(scene, row.node)] : groupValues(scene);
}

/** Enter on a group limits all panes to it. */
function scopeOfRow(scene: Scene): readonly Value[] {
	const {row} = treeRowUnder(scene);
	return row && row.type !== 'process' ? groupValues(scene) : [];
}

export const processesKind: PaneKind = {
	...paneName,
	about: own('process tree'),
	rows: processRows,
	paint: processesPane,
	list: treeList,
	subject: subjectOfRow,
	home: 'process',
	values: valuesOfRow,
	hasValueKeys: false,
	scope: scopeOfRow,
	sideways: (ui, by) => ({...ui, tree: {...ui.tree, shift: Math.max(0, ui.tree.shift + by * shiftCells)}}),
	sorts: treeSorts,
	canPin: true,
};
