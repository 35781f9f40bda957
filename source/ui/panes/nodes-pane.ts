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
import {nodeColumn} from '../widgets/node-words.js';
import {rate, short, thousands} from '../widgets/numbers.js';
import {spark} from '../widgets/spark.js';
import {age, stopwatch} from '../widgets/times.js';
import {windowOf} from '../widgets/window.js';
import {paragraphs} from './empty.js';
import {framed, innerHeight, innerWidth, type PaneContext, type PaneRect, type Title} from './pane.js';
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
export function stateOfNode({state, attempt, retryAtMs}: NodeStatus, nowMs: number): SafeText {
	if (state !== 'retrying') {
		return states[state].word;
	}
	const wait = retryAtMs === undefined ? own('') : own` in ${age(retryAtMs - nowMs)}`;
	return own`retry ${attempt}${wait}`;
}

type Columns = {
	readonly name: number;
	readonly agent: number;
	readonly version: number;
	readonly via: number;
	readonly spark: number;
	readonly lag: number;
	readonly since: number;
	readonly note: number;
};

function columnsOf({picture}: PaneContext, width: number): Columns {
	const name = nodeColumn(picture.nodes, width >= 140 ? 32 : width >= 100 ? 20 : 14);
	// Cursor, name, state, events a second, kills and loss, each with the blank behind it.
	let left = width - 1 - (name + 1) - 18 - 5 - 5 - 5;

	function take(cells: number, kept: number): number {
		if (left - cells - 1 < kept) {
			return 0;
		}
		left -= cells + 1;
		return cells;
	}

	const version = take(8, 12);
	const lag = take(5, 12);
	const via = take(12, 12);
	const cells = take(10, 12);
	const agent = take(width >= 140 ? 24 : 15, 12);
	const since = take(8, 12);
	return {name, agent, version, via, spark: cells, lag, since, note: Math.max(0, left)};
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

function rowLine(context: PaneContext, node: NodeStatus, width: number, columns: Columns, isChosen: boolean): Line {
	const {glyphs, picture, ui} = context;
	const {glyph, tone} = states[node.state];
	const isWell = node.state === 'streaming' || node.state === 'quiet';
	const cells = new Cells(width, isChosen && ui.overlay === undefined ? 'cursor' : undefined);

	function column(text: SafeText, wide: number, of: Tone = 'plain', align: 'left' | 'right' = 'left'): void {
		if (wide > 0) {
			cells.field(text, wide, of, {align}).gap();
		}
	}

	cells.put(isChosen ? glyphs.cursor : own(' '), isChosen ? 'focus' : 'plain');
	cells.field(safe(node.name, 256), columns.name, 'node', {cut: 'middle'}).gap();
	column(node.agent === '' ? glyphs.none : safe(node.agent, 256), columns.agent);
	column(node.version === '' ? glyphs.none : safe(node.version, 64), columns.version);
	column(own`${glyphs[glyph]} ${stateOfNode(node, picture.nowMs)}`, 17, tone);
	column(node.via === '' ? glyphs.none : safe(node.via, 64), columns.via);
	column(isWell ? rate(node.perSecond) : glyphs.none, 4, 'plain', 'right');
	if (columns.spark > 0) {
		cells.put(spark(node.spark, columns.spark, glyphs), 'dim').gap();
	}
	column(short(node.kills), 4, node.kills > 0 ? 'killed' : 'plain', 'right');
	const {lostServer} = node;
	column(lostServer === undefined ? own('?') : short(lostServer), 4, (lostServer ?? 0) > 0 ? 'loss' : 'plain', 'right');
	column(lagWords(node, glyphs.none), columns.lag, 'plain', 'right');
	column(isWell ? stopwatch(picture.nowMs - node.sinceMs) : glyphs.none, columns.since);
	if (columns.note > 0) {
		cells.put(safe(node.note, 512), isWell ? 'dim' : 'warn');
	}
	return cells.end();
}

function headings(width: number, columns: Columns): Line {
	const cells = new Cells(width).gap();

	function title(words: SafeText, wide: number, align: 'left' | 'right' = 'left'): void {
		if (wide > 0) {
			cells.field(words, wide, 'dim', {align, ellipsis: own('')}).gap();
		}
	}

	title(own('NODE'), columns.name);
	title(own('AGENT'), columns.agent);
	title(own('VERSION'), columns.version);
	title(own('STATE'), 17);
	title(own('VIA'), columns.via);
	title(own('EV/S'), 4, 'right');
	title(own('SPARK'), columns.spark);
	title(own('KILL'), 4, 'right');
	title(own('LOST'), 4, 'right');
	title(own('LAG'), columns.lag, 'right');
	title(own('SINCE'), columns.since);
	if (columns.note > 0) {
		cells.put(own('NOTE'), 'dim');
	}
	return cells.end();
}

/** `9 streaming`, `1 retry`: a state that no node is in is not said. */
function sums({picture, glyphs}: PaneContext): Segment[] {
	const parts: SafeText[] = [];
	for (const [state, {word}] of Object.entries(states)) {
		const count = picture.nodes.filter(node => node.state === state).length;
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
	return paragraphs([segment(own`${safe(node.name, 256)} ${safe(node.agent, 256)}: ${words}`)], width, 3);
}

function nodesPane(context: PaneContext, box: PaneRect): Line[] {
	const {ui, picture} = context;
	const {nodes} = picture;
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
		return framed(context, box, title, paragraphs([segment(own('No node is known yet.'))], width, rows));
	}
	const columns = columnsOf(context, width);
	const selected = chosenIndex(context, 'nodes', nodeList(picture));
	const {first, count} = windowOf(nodes.length, selected, cursorOf(ui, 'nodes').screenRow, rows, false);
	const body: Line[] = [headings(width, columns)];
	for (const [index, node] of nodes.slice(first, first + count).entries()) {
		body.push(rowLine(context, node, width, columns, first + index === selected));
	}
	if (box.rect.height > 12) {
		while (body.length < rows + 2) {
			body.push(new Cells(width).end());
		}
		body.push(...noteLines(nodes[selected], width));
	}
	return framed(context, box, title, body);
}

function nodeList({nodes}: Picture): List<string> {
	return {
		length: nodes.length,
		idAt: index => nodes[index]?.name,
		indexOf: name => nodes.findIndex(node => node.name === name),
	};
}

/** The node under the cursor of the nodes view. */
export function nodeUnder(seen: Seen): NodeStatus | undefined {
	return seen.picture.nodes[chosenIndex(seen, 'nodes', nodeList(seen.picture))];
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
