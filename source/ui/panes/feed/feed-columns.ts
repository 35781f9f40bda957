/**
The columns of the feed, on screen and in a saved CSV file: one row a column. Which ones there are depends on the width and
on what the nodes are called, never on the rows: nothing jumps.
*/
import type {Death} from '../../../store/death.js';
import type {NodeStatus} from '../../../store/snapshot.js';
import type {Description} from '../../../tetragon/describe/describe.js';
import {podOrContainer} from '../../../tetragon/event/facts.js';
import {own, repeatSafe, safe} from '../../../text/safe.js';
import {fit, widthOf} from '../../../text/width.js';
import type {Segment} from '../../frame/line.js';
import {segment} from '../../widgets/cells.js';
import {killBehind} from '../../widgets/exit-words.js';
import {marked} from '../../widgets/matches.js';
import {feedTime, titleOfTime} from '../../widgets/moments.js';
import {nodeColumn, nodeNameOf} from '../../widgets/node-words.js';
import {type Column, type FittedColumns, fitColumns} from '../columns.js';
import type {PaneContext} from '../pane.js';
import {badge, type EventRow, lateness, type Said} from './feed-words.js';

type Shape = {
	readonly width: number;
	/** Cells of the time of an event. */
	readonly timeCells: number;
	/** No places: neither node, nor namespace, pod and policy. */
	readonly isNarrow: boolean;
	/** The detail gives its room to the columns. */
	readonly isWide: boolean;
	/** Cells for the name of a node; 0: there is one node only. */
	readonly nodeCells: number;
};

export type CellStyle = {
	/** The highlight marks the row. */
	readonly matched: boolean;
	/** Time of the row before, for the `delta` format. */
	readonly previousMs: number | undefined;
};

type Context = PaneContext & {readonly style: CellStyle; readonly said: Said};

/** What a saved row is written from. */
export type SavedEvent = {
	readonly row: EventRow;
	readonly node: string;
	readonly said: Description;
	/** Who ended the process of an exit, when it was no policy. */
	readonly death?: Death | undefined;
};

type FeedColumn = Column<Shape, EventRow, Context> & {
	/** The column of the CSV file: its name there, and its raw text. */
	readonly saved?: {readonly name: string; readonly value: (event: SavedEvent) => string | undefined};
};

export type FeedColumns = FittedColumns<Shape, EventRow, Context>;

/** The longest word: `accept`, `kprobe`, `SIGNAL`. */
const eventCells = 6;

function onlySaved(name: string, value: (event: SavedEvent) => string | undefined): FeedColumn {
	return {id: name, title: own(''), cells: () => 0, cell: () => [], saved: {name, value}};
}

function podCell({ui, style}: Context, {process}: EventRow, cells: number): Segment | readonly Segment[] {
	const facts = process?.facts;
	const name = facts === undefined ? '' : podOrContainer(facts);
	if (name === '') {
		return segment(facts ? own('(host)') : own(''), 'dim');
	}

	const pod = segment(fit(safe(name, 512), cells, {cut: 'middle'}), 'pod');
	return style.matched ? marked(pod, ui.highlight) : [pod];
}

function timeCell({ui, picture, style}: Context, row: EventRow, cells: number): readonly Segment[] {
	const time = feedTime(row.timeMs, ui.events.time, picture.nowMs, style.previousMs, cells - 1);
	const blanks = repeatSafe(own(' '), Math.max(0, cells - 1 - widthOf(time)));
	return [segment(blanks), segment(time, 'time'), segment(lateness(row), 'warn')];
}

/** An exit shows the policy of the enforcement that it is the end of. */
function policyOf(row: EventRow): string {
	return row.kind === 'process_exit' ? (killBehind(row.process)?.policy ?? '') : row.policy;
}

/** In the order of a saved file; on screen the detail is last. */
const columns: readonly FeedColumn[] = [
	{
		id: 'time',
		title: ({ui}) => titleOfTime[ui.events.time],
		// The last cell says that an event is late, or has no time of its own.
		cells: ({timeCells}) => timeCells + 1,
		gap: 0,
		cell: timeCell,
		saved: {name: 'time', value: ({row}) => new Date(row.timeMs).toISOString()},
	},
	{
		id: 'node',
		title: own('NODE'),
		cells: ({isNarrow, nodeCells}) => (isNarrow ? 0 : nodeCells),
		priority: 3,
		keeps: 18,
		cut: 'middle',
		cell: ({picture}, {node}) => segment(nodeNameOf(picture.nodes, node), 'node'),
		saved: {name: 'node', value: ({node}) => node},
	},
	{
		id: 'namespace',
		title: own('NAMESPACE'),
		cells: ({width}) => (width >= 120 ? 14 : 10),
		priority: 5,
		keeps: 36,
		needs: 'policy',
		cut: 'middle',
		cell: (_context, {process}) => segment(safe(process?.facts?.namespace ?? '', 256), 'dim'),
		saved: {name: 'namespace', value: ({row}) => row.process?.facts?.namespace},
	},
	{
		id: 'pod',
		title: own('POD'),
		cells: ({width, isNarrow}) => (isNarrow ? 0 : width >= 120 ? 28 : width >= 90 ? 22 : 16),
		priority: 2,
		keeps: 18,
		cell: podCell,
		saved: {name: 'pod', value: ({row}) => row.process?.facts && podOrContainer(row.process.facts)},
	},
	onlySaved('container', ({row}) => row.process?.facts?.container),
	onlySaved('binary', ({row}) => row.process?.facts?.binary),
	onlySaved('arguments', ({row}) => row.process?.facts?.arguments),
	{
		id: 'marks',
		title: own(' '),
		cells: ({isNarrow}) => (isNarrow ? 0 : 1),
		priority: 1,
		keeps: 20,
		cell: (context, row) => badge(context, row),
	},
	{
		id: 'event',
		title: own('EVENT'),
		cells: () => eventCells,
		cell: ({said, style}) => segment(said.verb, style.matched ? 'match' : said.tone),
		saved: {name: 'event', value: ({said}) => said.verb},
	},
	{
		id: 'detail',
		title: own('DETAIL'),
		cells: () => 0,
		isRest: true,
		cell: ({said}) => said.detail,
		saved: {name: 'detail', value: ({said}) => said.detail},
	},
	{
		id: 'policy',
		title: own('POLICY'),
		cells: ({width}) => (width >= 120 ? 18 : 12),
		priority: 4,
		keeps: 22,
		needs: 'pod',
		cut: 'middle',
		cell: (_context, row) => segment(safe(policyOf(row), 256), 'dim'),
		saved: {name: 'policy', value: ({row}) => row.policy},
	},
	onlySaved('state', ({row, death}) => row.process?.kills.find(({seq}) => seq === row.seq)?.state ?? death?.state),
];

/** The columns of a saved file, in their order. */
export const savedColumns = columns.flatMap(({saved}) => saved ?? []);

const fitted = new Map<string, FeedColumns>();
/** Widths that a terminal had; emptied when full. */
const mostFitted = 100;

/** The same object for the same shape. */
export function feedColumns(
	width: number,
	nodes: readonly NodeStatus[],
	timeCells: number,
	wholeTerminal: number,
	set: 'fitting' | 'narrow' | 'wide' = 'fitting',
): FeedColumns {
	const isNarrow = wholeTerminal < 80 || set === 'narrow';
	const isWide = set === 'wide';
	const nodeCells = nodes.length < 2 ? 0 : nodeColumn(nodes, width >= 110 ? 16 : 8);
	const key = `${width} ${timeCells} ${isNarrow} ${isWide} ${nodeCells}`;
	const known = fitted.get(key);
	if (known) {
		return known;
	}

	if (fitted.size >= mostFitted) {
		fitted.clear();
	}

	const shape = {width, timeCells, isNarrow, isWide, nodeCells};
	const found = fitColumns(columns, shape, width - 1, isWide ? {keepsAtMost: 12} : {});
	fitted.set(key, found);
	return found;
}
