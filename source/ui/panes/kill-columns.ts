/** The columns of the alerts, and what their cells say. */
import type {Enforcement, Process} from '../../store/processes/process.js';
import {type AlertGroup, type DeathAlert, isDeathGroup, type NodeStatus} from '../../store/snapshot.js';
import {describe} from '../../tetragon/describe/describe.js';
import {joinSafe, own, type SafeText, safe} from '../../text/safe.js';
import {segment} from '../widgets/cells.js';
import {killWords} from '../widgets/kill-words.js';
import {moment, momentCells} from '../widgets/moments.js';
import {nodeColumn, nodeNameOf} from '../widgets/node-words.js';
import {short} from '../widgets/numbers.js';
import {baseOf} from '../widgets/process-words.js';
import {type Column, type FittedColumns, fitColumns} from './columns.js';
import type {PaneContext} from './pane.js';

/** Below this the rows are tight: one blank between columns, short words, no chain of parents. */
export const roomyFrom = 100;

type Shape = {
	readonly width: number;
	readonly isRoomy: boolean;
	readonly isWide: boolean;
	readonly nodes: readonly NodeStatus[];
	/** Of the earliest alert: its date is the longest. */
	readonly timeCells: number;
};

type Context = PaneContext & {readonly isRoomy: boolean};

export type KillColumns = FittedColumns<Shape, AlertGroup, Context>;

export function newest(group: AlertGroup): Enforcement | DeathAlert | undefined {
	return group.kills.at(-1);
}

/** `curl ← sh ← node`, from the process up. */
export function chainWords(group: AlertGroup, arrow: SafeText): SafeText {
	const kill = newest(group);
	let words = safe(baseOf(group.binary) || (isDeathGroup(group) ? '(container)' : '(unknown)'), 256);
	for (const link of kill?.chain ?? []) {
		if (link.execId === kill?.process?.execId) {
			continue;
		}
		words = own`${words} ${arrow} ${safe(baseOf(link.binary), 256)}`;
	}
	return words;
}

function podOf(process: Process): SafeText {
	const {namespace = '', pod = '', binary = ''} = process.facts ?? {};
	const place = pod === '' ? own('host') : own`${safe(namespace, 256)}/${safe(pod, 512)}`;
	return own`${safe(baseOf(binary) || '?', 128)} in ${place}`;
}

/** Pod with its namespace, or the host; of an UNSEEN the processes that it may have killed. */
export function placeWords(group: AlertGroup): SafeText {
	if (group.state === 'UNSEEN') {
		const candidates = newest(group)?.candidates ?? [];
		const words = joinSafe(candidates.map(podOf), own(' or '));
		return candidates.length === 0 ? own('pod not known') : own`? ${words}`;
	}
	if (group.pod === '') {
		return own('(host)');
	}
	return group.namespace === '' ? safe(group.pod, 512) : own`${safe(group.namespace, 256)}/${safe(group.pod, 512)}`;
}

export function reasonWords({picture}: PaneContext, group: AlertGroup): SafeText {
	const kill = newest(group);
	if (!kill) {
		return own('');
	}
	if ('death' in kill) {
		return safe(kill.death.sentence, 512);
	}
	const event = kill.seq < 0 ? undefined : picture.event(kill.seq);
	// The object of a probe is the file that it is in; which call was killed says its symbol.
	if (kill.kind === 'process_uprobe' && kill.functionName !== '') {
		return safe(kill.functionName, 512);
	}
	const object = event ? describe(event).object : '';
	return safe(object || kill.functionName, 512);
}

const columns: ReadonlyArray<Column<Shape, AlertGroup, Context>> = [
	{
		id: 'first',
		title: own('FIRST'),
		cells: ({isWide, timeCells}) => (isWide ? timeCells : 0),
		priority: 5,
		keeps: 28,
		cell: (context, group) => segment(moment(context, group.firstMs), 'time'),
	},
	{
		id: 'last',
		title: own('LAST'),
		cells: ({timeCells}) => timeCells,
		cell: (context, group) => segment(moment(context, group.lastMs), 'time'),
	},
	{
		id: 'state',
		title: own('STATE'),
		cells: ({isRoomy}) => (isRoomy ? 13 : 10),
		cell({isRoomy}, group) {
			const {name, word, tone} = killWords[group.state];
			if (isDeathGroup(group)) {
				return segment(safe(group.kills.at(-1)?.death.name ?? group.state, 128), tone);
			}
			return segment(isRoomy ? name : safe(word.toUpperCase()), tone);
		},
	},
	{
		id: 'count',
		title: ({glyphs}) => glyphs.times,
		cells: () => 4,
		gap: 1,
		align: 'right',
		cell: (_context, {count}) => segment(short(count)),
	},
	{
		id: 'pod',
		title: own('POD'),
		cells: ({isRoomy}, left) => Math.max(0, Math.min(left - (isRoomy ? 2 : 1), 60)),
		priority: 8,
		cut: 'middle',
		cell: (_context, group) => segment(placeWords(group), 'pod'),
	},
	{
		id: 'container',
		title: own('CONTAINER'),
		cells: ({isWide}) => (isWide ? 12 : 0),
		priority: 6,
		keeps: 28,
		cell: (_context, {container}) => segment(safe(container, 256)),
	},
	{
		id: 'process',
		title: ({glyphs}) => own`PROCESS ${glyphs.arrowLeft} PARENTS`,
		cells: ({isRoomy, isWide}) => (isWide ? 32 : isRoomy ? 20 : 8),
		priority: 1,
		keeps: 14,
		cell: ({glyphs, isRoomy}, group) =>
			segment(isRoomy ? chainWords(group, glyphs.arrowLeft) : safe(baseOf(group.binary) || '-', 256), 'binary'),
	},
	{
		id: 'policy',
		title: ({picture}) => (picture.deaths.length > 0 ? own('POLICY, CAUSE') : own('POLICY')),
		cells: ({isRoomy, isWide, nodes}) => (isWide ? 24 : nodes.length > 1 ? (isRoomy ? 14 : 11) : isRoomy ? 24 : 20),
		priority: 2,
		keeps: 13,
		cut: 'middle',
		cell: (_context, {policy}) => segment(safe(policy, 256)),
	},
	{
		id: 'mode',
		title: own('MODE'),
		cells: ({isWide}) => (isWide ? 7 : 0),
		priority: 7,
		keeps: 28,
		cell: (_context, group) => segment(isDeathGroup(group) ? own('') : safe(newest(group)?.mode ?? '')),
	},
	{
		id: 'node',
		title: own('NODE'),
		cells: ({isWide, nodes}) => (nodes.length > 1 ? nodeColumn(nodes, isWide ? 16 : 8) : 0),
		priority: 3,
		keeps: 18,
		cut: 'middle',
		cell: ({picture}, {node}) => segment(nodeNameOf(picture.nodes, node), 'node'),
	},
	{
		id: 'reason',
		title: own('REASON'),
		cells: ({width, isRoomy, isWide, nodes}) =>
			isRoomy ? (width >= 180 ? (nodes.length > 1 ? 28 : 40) : isWide ? 24 : 14) : 0,
		priority: 4,
		keeps: 18,
		isRest: true,
		cell: (context, group) => segment(reasonWords(context, group), 'object'),
	},
];

export function killColumns(context: PaneContext, width: number): KillColumns {
	const {picture} = context;
	const isRoomy = width >= roomyFrom;
	const firstMs = picture.kills.groups.reduce((first, group) => Math.min(first, group.firstMs), picture.nowMs);
	const gap = gapOf(width);
	const shape = {width, isRoomy, isWide: width >= 150, nodes: picture.nodes, timeCells: momentCells(context, firstMs)};
	return fitColumns(columns, shape, width - gap, {gap});
}

/** Blanks between the columns. */
export function gapOf(width: number): number {
	return width >= roomyFrom ? 2 : 1;
}
