/**
View 5: one row for each node, with what it is doing and why it is not streaming.

    NODE    AGENT           VERSION STATE          VIA   EV/S SPARK      KILL LOST  LAG SINCE    NOTE
    node-1  tetragon-2xk9p  v1.7.0  ● streaming    exec   212 ▁▂▂▃▅▇▆▃▂▁    1    0 0.1s 00:14:02
    node-6  tetragon-tt0a4  v1.7.0  ↻ retry 3 in 4s exec    — ▂▃        0    ?    — —        stream EOF
*/
import type {NodeState, NodeStatus} from '../../store/snapshot.js';
import {joinSafe, own, type SafeText, safe} from '../../text/safe.js';
import type {GlyphName} from '../frame/glyphs.js';
import type {Line, Segment, Tone} from '../frame/line.js';
import {cursorOf, type List} from '../state/cursor.js';
import {nodeSorts} from '../state/orders.js';
import type {Picture} from '../state/picture.js';
import type {Seen} from '../state/reaction.js';
import {Cells, segment} from '../widgets/cells.js';
import {isWell, listedNodes, nodeColumn} from '../widgets/node-words.js';
import {rate, short, thousands} from '../widgets/numbers.js';
import {spark} from '../widgets/spark.js';
import {age, stopwatch} from '../widgets/times.js';
import {windowOf} from '../widgets/window.js';
import {type Column, fitColumns, putRow, putTitles} from './columns.js';
import {paragraphs} from './empty.js';
import {framed, innerHeight, innerWidth, type PaneContext, type PaneRect, rowStart, type Title} from './pane.js';
import {chosenIndex, type PaneKind, type PaneName} from './pane-kind.js';
import {nodeValues} from './row-values.js';
import {sortFacts} from './sort-facts.js';

const paneName: PaneName = {id: 'nodes', digit: 5, name: own('Nodes'), short: own('NODES')};

const states: Readonly<Record<NodeState, {readonly glyph: GlyphName; readonly tone: Tone; readonly word: SafeText}>> = {
	looking: {glyph: 'nodeOff', tone: 'dim', word: own('looking')},
	connecting: {glyph: 'nodeRetry', tone: 'warn', word: own('connecting')},
	streaming: {glyph: 'nodeOk', tone: 'good', word: own('streaming')},
	quiet: {glyph: 'nodeOk', tone: 'good', word: own('quiet')},
	retrying: {glyph: 'nodeRetry', tone: 'warn', word: own('retry')},
	blocked: {glyph: 'nodeBad', tone: 'bad', word: own('blocked')},
	ended: {glyph: 'nodeOff', tone: 'dim', word: own('ended')},
};

/** `retry 3 in 4s` */
function stateOfNode({state, attempt, retryAtMs}: NodeStatus, nowMs: number): SafeText {
	if (state !== 'retrying') {
		return states[state].word;
	}
	const wait = retryAtMs === undefined ? own('') : own` in ${age(retryAtMs - nowMs)}`;
	return own`retry ${attempt}${wait}`;
}

function lagWords({lagMs}: NodeStatus, none: SafeText): SafeText {
	if (lagMs === undefined) {
		return none;
	}
	if (lagMs < -500) {
		return own`-${age(-lagMs)}`;
	}
	return lagMs < 10_000 ? safe(`${(Math.max(0, lagMs) / 1000).toFixed(1)}s`) : age(lagMs);
}

type Shape = {readonly width: number; readonly nodes: readonly NodeStatus[]};

const columns: ReadonlyArray<Column<Shape, NodeStatus, PaneContext>> = [
	{
		id: 'name',
		title: own('NODE'),
		cells: ({width, nodes}) => nodeColumn(nodes, width >= 140 ? 32 : width >= 100 ? 20 : 14),
		cut: 'middle',
		cell: (_context, node) => segment(safe(node.name, 256), 'node'),
	},
	{
		id: 'agent',
		title: own('AGENT'),
		cells: ({width}) => (width >= 140 ? 24 : 15),
		priority: 5,
		keeps: 12,
		cell: ({glyphs}, {agent}) => segment(agent === '' ? glyphs.none : safe(agent, 256)),
	},
	{
		id: 'version',
		title: own('VERSION'),
		cells: () => 8,
		priority: 1,
		keeps: 12,
		cell: ({glyphs}, {version}) => segment(version === '' ? glyphs.none : safe(version, 64)),
	},
	{
		id: 'state',
		title: own('STATE'),
		cells: () => 17,
		cell({glyphs, picture}, node) {
			const {glyph, tone} = states[node.state];
			return segment(own`${glyphs[glyph]} ${stateOfNode(node, picture.nowMs)}`, tone);
		},
	},
	{
		id: 'via',
		title: own('VIA'),
		cells: () => 12,
		priority: 3,
		keeps: 12,
		cell: ({glyphs}, {via}) => segment(via === '' ? glyphs.none : safe(via, 64)),
	},
	{
		id: 'past',
		title: own('PAST'),
		cells: ({width}) => (width >= 120 ? 20 : 11),
		priority: 7,
		keeps: 12,
		cell: ({glyphs}, {past}) => segment(past === '' ? glyphs.none : safe(past, 256), 'dim'),
	},
	{
		id: 'rate',
		title: own('EV/S'),
		cells: () => 4,
		align: 'right',
		cell: ({glyphs}, node) => segment(isWell(node) ? rate(node.perSecond) : glyphs.none),
	},
	{
		id: 'spark',
		title: own('SPARK'),
		cells: () => 10,
		priority: 4,
		keeps: 12,
		cell: ({glyphs}, node, cells) => [segment(spark(node.spark, cells, glyphs), 'dim')],
	},
	{
		id: 'kills',
		title: own('KILL'),
		cells: () => 4,
		align: 'right',
		cell: (_context, {kills}) => segment(short(kills), kills > 0 ? 'killed' : 'plain'),
	},
	{
		id: 'lost',
		title: own('LOST'),
		cells: () => 4,
		align: 'right',
		cell: (_context, {lostServer: lost}) =>
			segment(lost === undefined ? own('?') : short(lost), (lost ?? 0) > 0 ? 'loss' : 'plain'),
	},
	{
		id: 'lag',
		title: own('LAG'),
		cells: () => 5,
		priority: 2,
		keeps: 12,
		align: 'right',
		cell: ({glyphs}, node) => segment(lagWords(node, glyphs.none)),
	},
	{
		id: 'since',
		title: own('SINCE'),
		cells: () => 8,
		priority: 6,
		keeps: 12,
		cell: ({glyphs, picture}, node) => segment(isWell(node) ? stopwatch(picture.nowMs - node.sinceMs) : glyphs.none),
	},
	{
		id: 'note',
		title: own('NOTE'),
		cells: () => 0,
		isRest: true,
		cell: (_context, node) => segment(safe(node.note, 512), isWell(node) ? 'dim' : 'warn'),
	},
];

/** `9 streaming`, `1 retry`: a state that no node is in is not said. */
function sums({picture, glyphs}: PaneContext): Segment[] {
	const parts: SafeText[] = [];
	for (const [state, {word}] of Object.entries(states)) {
		const count = listedNodes(picture).filter(node => node.state === state).length;
		if (count > 0) {
			parts.push(own`${count} ${word}`);
		}
	}
	return [segment(joinSafe(parts, own` ${glyphs.dot} `))];
}

/** What was left out and is still known of: our own doing on the nodes, or what the flags of a replay do not want. */
function leftOut({ui, glyphs}: PaneContext, nodes: readonly NodeStatus[]): Segment[] {
	const count = nodes.reduce((total, {hidden}) => total + hidden, 0);
	if (count === 0) {
		return [];
	}
	const words = ui.mode === 'replay' ? own('left out by the flags') : own('own execs hidden');
	return [segment(own`${glyphs.dot} ${words}: ${thousands(count)}`, 'dim')];
}

/** Rows of the list on screen, without title, headings and the chosen node's own lines. */
function nodeListRows(context: PaneContext, box: PaneRect): number {
	return Math.max(0, innerHeight(context, box) - 1 - (box.rect.height > 12 ? 4 : 0));
}

/** The chosen node's note in full, below the list: a cut reason is no reason. */
function noteLines(node: NodeStatus | undefined, width: number): Line[] {
	if (!node) {
		return [];
	}
	const words = node.note === '' ? own('nothing to say') : safe(node.note);
	const past = node.past === '' ? own('') : own`; past: ${safe(node.past, 512)}`;
	return paragraphs([segment(own`${safe(node.name, 256)} ${safe(node.agent, 256)}: ${words}${past}`)], width, 3);
}

function nodesPane(context: PaneContext, box: PaneRect): Line[] {
	const {ui, picture} = context;
	const nodes = listedNodes(picture);
	const width = innerWidth(context, box);
	const rows = nodeListRows(context, box);
	const title: Title = {
		...paneName,
		facts: [
			segment(own`${nodes.length}:`),
			...sums(context),
			...leftOut(context, nodes),
			...sortFacts(nodeSorts, ui.sorts.nodes),
		],
		hints: [
			[own('Ctrl-r'), own('reconnect')],
			[own('o'), own('only this')],
			[own('q'), own('back')],
		],
	};
	if (nodes.length === 0) {
		const words = picture.nodes.length === 0 ? own('No node is known yet.') : own('No node is left to watch.');
		return framed(context, box, title, paragraphs([segment(words)], width, rows));
	}
	const shown = fitColumns(columns, {width, nodes}, width - 1);
	const selected = chosenIndex(context, 'nodes', nodeList(picture));
	const {first, count} = windowOf(nodes.length, selected, cursorOf(ui, 'nodes').screenRow, rows, false);
	const body: Line[] = [putTitles(new Cells(width).gap(), shown, context).end()];
	for (const [index, node] of nodes.slice(first, first + count).entries()) {
		body.push(putRow(rowStart(context, width, first + index === selected), shown, context, node).end());
	}
	if (box.rect.height > 12) {
		while (body.length < rows + 2) {
			body.push(new Cells(width).end());
		}
		body.push(...noteLines(nodes[selected], width));
	}
	return framed(context, box, title, body);
}

function nodeList(picture: Picture): List<string> {
	const nodes = listedNodes(picture);
	return {
		length: nodes.length,
		idAt: index => nodes[index]?.name,
		indexOf: name => nodes.findIndex(node => node.name === name),
	};
}

/** The node under the cursor of the nodes view. */
export function nodeUnder(seen: Seen): NodeStatus | undefined {
	return listedNodes(seen.picture)[chosenIndex(seen, 'nodes', nodeList(seen.picture))];
}

export const nodesKind: PaneKind = {
	...paneName,
	about: own('nodes'),
	rows: nodeListRows,
	paint: nodesPane,
	list: nodeList,
	lineAt: (_scene, box, y) => y - box.inner.y - 1,
	values: scene => nodeValues(scene, nodeUnder(scene)?.id),
	scope: scene => nodeValues(scene, nodeUnder(scene)?.id),
	sorts: nodeSorts,
};
