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
import type {Process} from '../../store/processes/process.js';
import type {TreeRow} from '../../store/snapshot.js';
import {isInfra} from '../../store/tree/tree.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';
import type {Line} from '../frame/line.js';
import {cursorOf, type List} from '../state/cursor.js';
import {treeSorts} from '../state/orders.js';
import type {Picture} from '../state/picture.js';
import type {Scene, Seen} from '../state/reaction.js';
import type {Subject} from '../state/state.js';
import {Cells, segment} from '../widgets/cells.js';
import {LineCache} from '../widgets/line-cache.js';
import {nodeNameOf} from '../widgets/node-words.js';
import {counted, rate, short} from '../widgets/numbers.js';
import {ageOf, badgeWord, commandOf, isExecedIn, isRuntime, stateWord, userOf} from '../widgets/process-words.js';
import {age} from '../widgets/times.js';
import {windowOf} from '../widgets/window.js';
import {emptyProcesses} from './empty.js';
import {framed, innerHeight, innerWidth, isFocused, type PaneContext, type PaneRect, type Title} from './pane.js';
import {chosenIndex, type PaneKind, type PaneName, shiftCells} from './pane-kind.js';
import {pinFacts, pinnedProcesses} from './pinned-rows.js';
import {nodeValues, processValues, type Value} from './row-values.js';
import {sortFacts} from './sort-facts.js';
import {belongsTo, subtreeOf} from './subtree.js';

const paneName: PaneName = {id: 'processes', digit: 1, name: own('Processes'), short: own('PROC')};

/** From here on there is room for column titles, the user and the age. */
const wideFrom = 56;

type Layout = {
	readonly wide: boolean;
	readonly name: number;
	readonly node: number;
	readonly right: number;
};

function layoutOf(context: PaneContext, width: number): Layout {
	const wide = width >= wideFrom;
	const right = wide ? 17 : 16;
	const node = context.picture.nodes.length > 1 && width >= 40 ? (wide ? 10 : 8) : 0;
	return {wide, node, right, name: Math.max(0, width - 1 - right)};
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

function putGroup(context: PaneContext, cells: Cells, row: TreeRow, layout: Layout): void {
	const {glyphs} = context;
	const end = cells.left - layout.name;
	cells.gap(row.depth * 2);
	cells.put(own`${row.leaf ? own(' ') : row.folded ? glyphs.folded : glyphs.unfolded} `, 'dim');
	const node = row.type === 'pod' && row.node !== undefined ? nodeName(context, row.node) : undefined;
	const count = row.folded && row.processes > 0 ? own` (${short(row.processes)})` : own('');
	const room = cells.left - end - (node === undefined ? 0 : layout.node + 1) - widthOf(count);
	const name = row.name === '' && row.type !== 'host' ? own('(no name)') : safe(row.name, 512);
	const label = row.type === 'host' ? (row.name === '' ? own('host processes') : own`host processes ${name}`) : name;
	const shown = Math.min(room, widthOf(label));
	cells.field(label, shown, row.type === 'pod' ? 'pod' : row.type === 'container' ? 'plain' : 'strong', {
		cut: row.type === 'pod' ? 'middle' : 'end',
	});
	cells.put(count, 'dim');
	if (row.type === 'container' && row.image !== '' && cells.left - end > 8) {
		cells.gap(2).field(imageOf(row.image), cells.left - end, 'dim');
	}
	if (node !== undefined && layout.node > 0) {
		cells.gap(cells.left - end - layout.node).field(node, layout.node, 'node', {cut: 'middle'});
	}
	cells.gap(cells.left - end);
}

/** The part of an image's name that says which one it is; its registry goes. */
function imageOf(image: string): SafeText {
	return safe(image.split('/').at(-1) || image, 256);
}

function nodeName({picture}: PaneContext, id: number): SafeText {
	return nodeNameOf(picture.nodes, id);
}

function putProcess(context: PaneContext, cells: Cells, row: TreeRow, layout: Layout, barred: boolean): void {
	const {glyphs, ui} = context;
	const process = row.process as Process;
	const end = cells.left - layout.name;
	const base = Math.max(0, (row.depth - row.branch.length) * 2);
	if (base >= 2) {
		cells.gap(base - 2).put(barred ? own`${glyphs.subtree} ` : own('  '), barred ? 'accent' : 'plain');
	} else if (barred) {
		cells.put(own`${glyphs.subtree} `, 'accent');
	}
	indented(cells, branchOf(context, row), layout.name);
	if (row.folded) {
		cells.put(own`${glyphs.folded} `, 'dim');
	}
	const pid = process.pid > 0 ? own`${process.pid} ` : own('? ');
	cells.put(pid, 'dim');
	if (layout.wide) {
		cells.field(userOf(process), 5, 'dim').gap();
	}
	if (ui.tree.flat && process.facts?.pod) {
		cells.field(safe(process.facts.pod, 256), layout.wide ? 16 : 10, 'pod', {cut: 'middle'}).gap();
	}
	const count = row.folded && row.processes > 0 ? own` (${short(row.processes)})` : own('');
	if (isRuntime(process)) {
		cells.put(own('runtime '), 'accent');
	}
	const room = Math.max(0, cells.left - end - widthOf(count));
	const command = commandOf(process, room + ui.tree.shift);
	cells.field(command, Math.min(room, widthOf(command)), process.state === 'exited' ? 'dim' : 'plain');
	cells.put(count, 'dim').gap(cells.left - end);
}

/** The columns that stand still: events a second, kills or what became of it, age. */
function putRight(context: PaneContext, cells: Cells, row: TreeRow, layout: Layout): void {
	const {glyphs, picture} = context;
	const hidden = groupHidden(context, row);
	cells.gap();
	if (hidden) {
		cells.field(hidden, layout.right - 1, 'dim', layout.wide ? {align: 'right'} : undefined);
		return;
	}
	const {process} = row;
	const state = process && stateWord(process, glyphs);
	if (process && state) {
		const since = age(picture.nowMs - state.sinceMs);
		if (!layout.wide) {
			cells.field(own`${state.text} ${since}`, layout.right - 1, state.tone);
			return;
		}
		cells.field(state.text, 12, state.tone).gap().field(since, 3, 'dim', {align: 'right'});
		return;
	}
	const perSecond = rate(row.perSecond);
	if (layout.wide) {
		cells.field(perSecond, 5, row.perSecond > 0 ? 'plain' : 'dim', {align: 'right'}).gap();
	} else {
		cells.field(own`${perSecond}/s`, 6, row.perSecond > 0 ? 'plain' : 'dim', {align: 'right'}).gap();
	}
	if (process && isExecedIn(process)) {
		cells.field(badgeWord(process, glyphs), 6, 'accent', {align: layout.wide ? 'right' : 'left'});
	} else {
		// Not every alert below was a kill: the mark of a kill stands only where one is proven.
		const alerts = row.kills > 0 ? own`${short(row.kills)} ${glyphs.warn}` : own('');
		cells.field(alerts, 6, 'killed', {align: layout.wide ? 'right' : 'left'});
	}
	if (layout.wide) {
		cells.gap().field(process ? ageOf(process, picture.nowMs) : own(''), 3, 'dim', {align: 'right'});
	}
}

type Mark = 'none' | 'here' | 'focused' | 'pinned';

function rowLine(context: PaneContext, row: TreeRow, width: number, layout: Layout, mark: Mark, barred: boolean): Line {
	const cells = new Cells(width, mark === 'focused' ? 'cursor' : undefined);
	const {glyphs} = context;
	cells.put(mark === 'none' ? own(' ') : mark === 'pinned' ? glyphs.pin : glyphs.cursor, 'dim');
	if (row.type === 'process' && row.process) {
		putProcess(context, cells, row, layout, barred);
	} else {
		putGroup(context, cells, row, layout);
	}
	putRight(context, cells, row, layout);
	return cells.end();
}

function headings(width: number, layout: Layout): Line {
	const cells = new Cells(width).gap();
	cells.field(own('NAMESPACE / POD / CONTAINER / PROCESS'), layout.name, 'dim').gap();
	cells.field(own('EV/S'), 5, 'dim', {align: 'right'}).gap().field(own('ALERT'), 6, 'dim', {align: 'right'}).gap();
	return cells.field(own('AGE'), 3, 'dim', {align: 'right'}).end();
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
		process && (state ? age(picture.nowMs - state.sinceMs) : ageOf(process, picture.nowMs)),
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
	const layout = layoutOf(context, width);
	const rows = processRows(context, box);
	const body: Line[] = [];
	if (listRows(context, box) < innerHeight(context, box)) {
		body.push(headingCache.line(width, [], () => headings(width, layout)));
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
			rowLine(context, row, width, layout, mark, barred),
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
