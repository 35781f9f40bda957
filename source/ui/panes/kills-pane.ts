/**
The alerts: one row for all enforcements of one pod, binary, policy and state.

    ├ 3 Kill alerts  2 killed · 1 would-kill · 0 denied ──────── e/E next/prev  a only alerts ─┤
    │   LAST      STATE       ×  POD                        PROCESS ← PARENT   POLICY   NODE    │
    │ ▸ 12:04:29  KILLED      2  payments/api-7d9f8c-x2k4j  curl ← sh ← node   egress…  node-3  │

Where it is narrow:

    ▸03:46:44 KILLED        1 default/xwing           cat      file-…tered worker-1
       /etc/shadow  cat ← bash ← runc  file-monitoring-filtered
*/
import type {KillState} from '../../store/enforcement-states.js';
import type {Enforcement} from '../../store/processes/process.js';
import type {KillGroup} from '../../store/snapshot.js';
import {describe} from '../../tetragon/describe/describe.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';
import type {Line, Segment, Tone} from '../frame/line.js';
import {cursorOf, type List} from '../state/cursor.js';
import {killSorts, sortWords} from '../state/orders.js';
import type {Picture} from '../state/picture.js';
import type {Scene, Seen} from '../state/reaction.js';
import type {Subject} from '../state/state.js';
import {Cells, segment} from '../widgets/cells.js';
import {killWords} from '../widgets/kill-words.js';
import {LineCache} from '../widgets/line-cache.js';
import {nodeColumn, nodeNameOf} from '../widgets/node-words.js';
import {short, thousands} from '../widgets/numbers.js';
import {baseOf} from '../widgets/process-words.js';
import {clock} from '../widgets/times.js';
import {windowOf} from '../widgets/window.js';
import {emptyKills} from './empty.js';
import {framed, innerHeight, innerWidth, isFocused, type PaneContext, type PaneRect, type Title} from './pane.js';
import {chosenIndex, type PaneKind, type PaneName} from './pane-kind.js';
import {pinFacts, pinnedKills} from './pinned-rows.js';
import {namedValue, nodeValues, type Value} from './row-values.js';

const paneName: PaneName = {id: 'kills', digit: 3, name: own('Kill alerts'), short: own('KILLS')};

type Mark = 'none' | 'here' | 'focused' | 'pinned';

/** Cells of each column without the blanks behind it; 0: not there. */
type Columns = {
	/** Blanks behind each column. */
	readonly gap: number;
	readonly first: number;
	readonly state: number;
	readonly count: number;
	readonly pod: number;
	readonly container: number;
	readonly process: number;
	readonly policy: number;
	readonly mode: number;
	readonly node: number;
	readonly reason: number;
};

/** Below this the rows are tight: one blank between columns, short words, no chain of parents. */
const roomyFrom = 100;

function columnsOf({picture}: PaneContext, width: number): Columns {
	const roomy = width >= roomyFrom;
	const gap = roomy ? 2 : 1;
	const state = roomy ? 13 : 10;
	let left = width - gap - (8 + gap) - (state + gap) - 5;

	function take(cells: number, kept: number): number {
		if (left - cells - gap < kept) {
			return 0;
		}
		left -= cells + gap;
		return cells;
	}

	const process = take(width >= 150 ? 32 : roomy ? 20 : 8, 14);
	const several = picture.nodes.length > 1;
	const policy = take(width >= 150 ? 24 : several ? (roomy ? 14 : 11) : roomy ? 24 : 20, 13);
	const node = several ? take(nodeColumn(picture.nodes, width >= 150 ? 16 : 8), 18) : 0;
	const reason = roomy ? take(width >= 180 ? (several ? 28 : 40) : width >= 150 ? 24 : 14, 18) : 0;
	const first = width >= 150 ? take(8, 28) : 0;
	const container = width >= 150 ? take(12, 28) : 0;
	const mode = width >= 150 ? take(7, 28) : 0;
	const pod = Math.max(0, Math.min(left - gap, 60));
	return {gap, first, state, count: 4, pod, container, process, policy, mode, node, reason};
}

function newest(group: KillGroup): Enforcement | undefined {
	return group.kills.at(-1);
}

/** `curl ← sh ← node`, from the process up. */
export function chainWords(group: KillGroup, arrow: SafeText): SafeText {
	const kill = newest(group);
	let words = safe(baseOf(group.binary) || '(unknown)', 256);
	for (const link of kill?.chain ?? []) {
		if (link.execId === kill?.process?.execId) {
			continue;
		}
		words = own`${words} ${arrow} ${safe(baseOf(link.binary), 256)}`;
	}
	return words;
}

/** Pod with its namespace, or the host. */
export function placeWords(group: KillGroup): SafeText {
	if (group.pod === '') {
		return own('(host)');
	}
	return group.namespace === '' ? safe(group.pod, 512) : own`${safe(group.namespace, 256)}/${safe(group.pod, 512)}`;
}

function reasonWords({picture}: PaneContext, group: KillGroup): SafeText {
	const kill = newest(group);
	if (!kill) {
		return own('');
	}
	const event = kill.seq < 0 ? undefined : picture.event(kill.seq);
	const object = event ? describe(event).object : '';
	return safe(object || kill.functionName, 512);
}

function tightName(word: SafeText): SafeText {
	return safe(word.toUpperCase());
}

function groupLine(context: PaneContext, group: KillGroup, width: number, columns: Columns, mark: Mark): Line {
	const {glyphs, picture} = context;
	const words = killWords[group.state];

	function tone(other: Tone): Tone {
		return group.acknowledged ? 'dim' : other;
	}

	const cells = new Cells(width, mark === 'focused' ? 'cursor' : undefined);

	function column(text: SafeText, wide: number, of: Tone, cut: 'end' | 'middle' = 'end'): void {
		if (wide > 0) {
			cells.field(text, wide, tone(of), {cut}).gap(columns.gap);
		}
	}

	const sign = mark === 'none' ? own(' ') : mark === 'pinned' ? glyphs.pin : glyphs.cursor;
	cells.put(sign, mark === 'focused' ? 'focus' : 'dim').gap(columns.gap - 1);
	column(clock(group.firstMs), columns.first, 'time');
	column(clock(group.lastMs), 8, 'time');
	const isTight = columns.gap === 1;
	column(isTight ? tightName(words.word) : words.name, columns.state, words.tone);
	cells.field(short(group.count), columns.count, tone('plain'), {align: 'right'}).gap();
	column(placeWords(group), columns.pod, 'pod', 'middle');
	column(safe(group.container, 256), columns.container, 'plain');
	const process = isTight ? safe(baseOf(group.binary), 256) : chainWords(group, glyphs.arrowLeft);
	column(process, columns.process, 'binary');
	column(safe(group.policy, 256), columns.policy, 'plain', 'middle');
	column(own`${safe(newest(group)?.mode ?? '')}`, columns.mode, 'plain');
	column(nodeNameOf(picture.nodes, group.node), columns.node, 'node', 'middle');
	if (columns.reason > 0) {
		cells.put(reasonWords(context, group), tone('object'));
	}
	return cells.end();
}

/** Without the columns for them, the chosen alert says on a line of its own what was touched, by whom, and the policy in full. */
function secondLine(context: PaneContext, group: KillGroup, width: number): Line {
	const {glyphs} = context;

	function tone(other: Tone): Tone {
		return group.acknowledged ? 'dim' : other;
	}

	const cells = new Cells(width).gap(3);
	const policy = safe(group.policy, 256);
	const chain = chainWords(group, glyphs.arrowLeft);
	const object = reasonWords(context, group);
	const gaps = 4;
	const policyCells = Math.min(widthOf(policy), Math.max(12, (cells.left - gaps) >> 1));
	const objectCells = Math.min(widthOf(object), Math.max(8, (cells.left - gaps - policyCells) >> 1));
	const chainCells = Math.min(widthOf(chain), Math.max(0, cells.left - gaps - policyCells - objectCells));
	cells.field(object, objectCells, tone('object'), {cut: 'middle'}).gap(2);
	cells.field(chain, chainCells, tone('binary')).gap(2);
	return cells.field(policy, policyCells, tone('plain'), {cut: 'middle'}).end();
}

/** The columns of a pane without borders are too few for the file and the parents: one line more says them. */
function hasSecondLine(context: PaneContext, box: PaneRect): boolean {
	return innerWidth(context, box) < roomyFrom && innerHeight(context, box) >= 2;
}

function headings({glyphs}: PaneContext, width: number, columns: Columns): Line {
	const cells = new Cells(width).gap(columns.gap);

	function title(text: SafeText, wide: number): void {
		if (wide > 0) {
			cells.field(text, wide, 'dim').gap(columns.gap);
		}
	}

	title(own('FIRST'), columns.first);
	title(own('LAST'), 8);
	title(own('STATE'), columns.state);
	cells.field(glyphs.times, columns.count, 'dim', {align: 'right'}).gap();
	title(own('POD'), columns.pod);
	title(own('CONTAINER'), columns.container);
	title(own`PROCESS ${glyphs.arrowLeft} PARENTS`, columns.process);
	title(own('POLICY'), columns.policy);
	title(own('MODE'), columns.mode);
	title(own('NODE'), columns.node);
	if (columns.reason > 0) {
		cells.put(own('REASON'), 'dim');
	}
	return cells.end();
}

function hasHeadings(box: PaneRect): boolean {
	return box.left && box.rect.height > 4;
}

/** Rows of the list on screen, without title, frame, headings, pins and the second line: for the actions that move the cursor. */
function killRows(context: PaneContext, box: PaneRect): number {
	return listRows(context, box) - pinnedKills(context, listRows(context, box)).length;
}

function listRows(context: PaneContext, box: PaneRect): number {
	return Math.max(0, innerHeight(context, box) - Number(hasHeadings(box)) - Number(hasSecondLine(context, box)));
}

/** Said only where there are any. */
const otherStates: ReadonlyArray<readonly [KillState, SafeText]> = [
	['KILL (mode ?)', own('mode ?')],
	['KILL-SENT', own('sent')],
	['WOULD-DENY', own('would-deny')],
	['UNSEEN', own('unseen')],
	['SIGNALLED', own('signalled')],
];

function titleOf({ui, picture, glyphs}: PaneContext, tight: boolean): Title {
	const {killed, denied, byState} = picture.kills;
	const would = byState?.['WOULD-KILL'] ?? 0;
	const between = tight ? own('') : own`${glyphs.dot} `;
	const facts: Segment[] = [
		segment(own`${thousands(killed)} killed`, killed > 0 ? 'killed' : 'plain'),
		segment(own`${between}${thousands(would)} would-kill`, would > 0 ? 'would' : 'plain'),
		segment(own`${between}${thousands(denied)} denied`, denied > 0 ? 'denied' : 'plain'),
	];
	for (const [state, words] of otherStates) {
		const count = byState?.[state] ?? 0;
		if (count > 0) {
			facts.push(segment(own`${between}${thousands(count)} ${words}`, killWords[state].tone));
		}
	}
	const sort = sortWords(killSorts, ui.sorts.kills);
	if (sort) {
		facts.push(segment(own`${between}${sort}`, 'accent'));
	}
	facts.push(...pinFacts(ui, 'kills'));
	if (ui.bell) {
		facts.push(segment(own`${between}bell`, 'dim'));
	}
	return {
		...paneName,
		facts,
		hints: [
			[own('e/E'), own('next/prev')],
			[own('a'), tight ? own('only') : own('only alerts')],
			[own('A'), own('ack')],
		],
	};
}

const cache = new LineCache<string>();
const secondLines = new LineCache<string>();
const pinnedLines = new LineCache<string>();
const headingCache = new LineCache<string>();

function killsPane(context: PaneContext, box: PaneRect): Line[] {
	const {ui, picture, glyphs} = context;
	const list = picture.killRows;
	const width = innerWidth(context, box);
	const rows = killRows(context, box);
	const title = titleOf(context, !box.left);
	if (list.length === 0) {
		return framed(context, box, title, emptyKills(context, width, rows));
	}
	const columns = columnsOf(context, width);
	const shape = `${width} ${JSON.stringify(columns)} ${glyphs.charset}`;
	const body: Line[] = [];
	if (hasHeadings(box)) {
		body.push(headingCache.line(shape, [], () => headings(context, width, columns)));
	}
	const selected = chosenIndex(context, 'kills', killList(picture));
	const {first, count} = windowOf(list.length, selected, cursorOf(ui, 'kills').screenRow, rows, false);
	const focused = isFocused(context, 'kills');

	function lineOf(group: KillGroup, mark: Mark, draw = cache, make = groupLine): Line {
		const kill = newest(group);
		const depends = [shape, mark, group.count, group.lastMs, group.acknowledged, kill, kill?.mode, kill?.chain.length];
		return draw.line(group.id, depends, () => make(context, group, width, columns, mark));
	}

	for (const group of pinnedKills(context, listRows(context, box))) {
		body.push(lineOf(group, 'pinned', pinnedLines));
	}
	for (let index = first; index < first + count; index++) {
		const group = list.at(index);
		if (!group) {
			continue;
		}
		const mark = index !== selected ? 'none' : focused ? 'focused' : 'here';
		body.push(lineOf(group, mark));
		if (index === selected && hasSecondLine(context, box)) {
			body.push(lineOf(group, mark, secondLines, secondLine));
		}
	}
	return framed(context, box, title, body);
}

export function killList({killRows: rows}: Picture): List<string> {
	return {
		length: rows.length,
		idAt: index => rows.at(index)?.id,
		indexOf: id => rows.indexOf(id),
	};
}

function groupUnder(seen: Seen): KillGroup | undefined {
	return seen.picture.killRows.at(chosenIndex(seen, 'kills', killList(seen.picture)));
}

function subjectOfRow(seen: Seen): Subject | undefined {
	const group = groupUnder(seen);
	return group && {type: 'kill', groupId: group.id};
}

function valuesOfRow(scene: Scene): readonly Value[] {
	const group = groupUnder(scene);
	if (!group) {
		return [];
	}

	return [
		...namedValue('pol', 'policy', group.policy),
		...namedValue('pod', 'pod', group.pod),
		...namedValue('ns', 'namespace', group.namespace),
		...namedValue('bin', 'binary', group.binary),
		...namedValue('c', 'container', group.container),
		...nodeValues(scene, group.node),
	];
}

/** Without borders the chosen alert has a second line below it, instead of headings above the list. */
function lineAt({ui}: Scene, {inner, left}: PaneRect, y: number, rows: number): number {
	const line = y - inner.y;
	if (left || rows === inner.height) {
		return line - (inner.height - rows);
	}

	const {id, screenRow} = cursorOf(ui, 'kills');
	return line - Number(line > (id === undefined ? 0 : screenRow));
}

export const killsKind: PaneKind = {
	...paneName,
	about: own('kill alerts'),
	rows: killRows,
	paint: killsPane,
	list: killList,
	lineAt,
	subject: subjectOfRow,
	isChosen: () => true,
	home: 'kill',
	values: valuesOfRow,
	sorts: killSorts,
	canPin: true,
};
