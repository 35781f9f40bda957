/**
The alerts: one row for all enforcements of one pod, binary, policy and state.

    ├ 3 Kill alerts  2 killed · 1 would-kill · 0 denied ──────── e/E next/prev  a only alerts ─┤
    │   LAST      STATE       ×  POD                        PROCESS ← PARENT   POLICY   NODE    │
    │ ▸ 12:04:29  KILLED      2  payments/api-7d9f8c-x2k4j  curl ← sh ← node   egress…  node-3  │

Where it is narrow:

    ▸03:46:44 KILLED        1 default/xwing           cat      file-…tered worker-1
       /etc/shadow  cat ← bash ← runc  file-monitoring-filtered
*/
import {killStates} from '../../store/enforcement-states.js';
import {type AlertGroup, isDeathGroup} from '../../store/snapshot.js';
import {own, safe} from '../../text/safe.js';
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
import {thousands} from '../widgets/numbers.js';
import {windowOf} from '../widgets/window.js';
import {putRow, putTitles} from './columns.js';
import {emptyKills} from './empty.js';
import {chainWords, gapOf, type KillColumns, killColumns, newest, reasonWords, roomyFrom} from './kill-columns.js';
import {framed, innerHeight, innerWidth, isFocused, type PaneContext, type PaneRect, type Title} from './pane.js';
import {chosenIndex, type PaneKind, type PaneName} from './pane-kind.js';
import {pinFacts, pinnedKills} from './pinned-rows.js';
import {namedValue, nodeValues, type Value} from './row-values.js';

const paneName: PaneName = {id: 'kills', digit: 3, name: own('Kill alerts'), short: own('KILLS')};

type Mark = 'none' | 'here' | 'focused' | 'pinned';

function groupLine(context: PaneContext, group: AlertGroup, width: number, columns: KillColumns, mark: Mark): Line {
	const {glyphs} = context;
	const gap = gapOf(width);
	const cells = new Cells(width, mark === 'focused' ? 'cursor' : undefined);
	const first = mark === 'none' ? own(' ') : mark === 'pinned' ? glyphs.pin : glyphs.cursor;
	cells.put(first, mark === 'focused' ? 'focus' : 'dim').gap(gap - 1);
	return putRow(cells, columns, {...context, isRoomy: width >= roomyFrom}, group, {
		gap,
		toneOf: tone => (group.acknowledged ? 'dim' : tone),
	}).end();
}

/** Without the columns for them, the chosen alert says on a line of its own what was touched, by whom, and the policy in full. */
function secondLine(context: PaneContext, group: AlertGroup, width: number): Line {
	const {glyphs} = context;

	function tone(other: Tone): Tone {
		return group.acknowledged ? 'dim' : other;
	}

	const cells = new Cells(width).gap(3);
	if (isDeathGroup(group)) {
		return cells.field(reasonWords(context, group), cells.left, tone('plain')).end();
	}

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

function headings(context: PaneContext, width: number, columns: KillColumns): Line {
	const gap = gapOf(width);
	const cells = new Cells(width).gap(gap);
	return putTitles(cells, columns, context, {gap, ellipsis: undefined}).end();
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

/** The states that the title names only where there are any. */
const otherStates = killStates.filter(state => !['KILLED', 'WOULD-KILL', 'DENIED'].includes(state));

function titleOf({ui, picture, glyphs}: PaneContext, tight: boolean): Title {
	const {killed, denied, byState} = picture.kills;
	const would = byState?.['WOULD-KILL'] ?? 0;
	const between = tight ? own('') : own`${glyphs.dot} `;
	const facts: Segment[] = [
		segment(own`${thousands(killed)} killed`, killed > 0 ? 'killed' : 'plain'),
		segment(own`${between}${thousands(would)} would-kill`, would > 0 ? 'would' : 'plain'),
		segment(own`${between}${thousands(denied)} denied`, denied > 0 ? 'denied' : 'plain'),
	];
	for (const state of otherStates) {
		const count = byState?.[state] ?? 0;
		if (count > 0) {
			const word = safe(state.toLowerCase());
			facts.push(segment(own`${between}${thousands(count)} ${word}`, killWords[state].tone));
		}
	}
	const deaths = picture.deaths.reduce((sum, {count}) => sum + count, 0);
	if (deaths > 0) {
		facts.push(
			segment(own`${between}${thousands(deaths)} other ${deaths === 1 ? own('death') : own('deaths')}`, 'warn'),
		);
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

/** Deaths are made anew when anything is learned: what they say is compared. */
function alertKey(kill: ReturnType<typeof newest>): unknown {
	return kill !== undefined && 'death' in kill ? `${kill.seq} ${kill.death.name} ${kill.death.sentence}` : kill;
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
	const columns = killColumns(context, width);
	const shape = `${width} ${columns.map(column => column.width).join(' ')} ${glyphs.charset}`;
	const body: Line[] = [];
	if (hasHeadings(box)) {
		body.push(headingCache.line(shape, [picture.deaths.length > 0], () => headings(context, width, columns)));
	}
	const selected = chosenIndex(context, 'kills', killList(picture));
	const {first, count} = windowOf(list.length, selected, cursorOf(ui, 'kills').screenRow, rows, false);
	const focused = isFocused(context, 'kills');

	function lineOf(group: AlertGroup, mark: Mark, draw = cache, make = groupLine): Line {
		const kill = newest(group);
		const depends = [
			shape,
			mark,
			group.count,
			group.lastMs,
			group.acknowledged,
			alertKey(kill),
			kill?.mode,
			kill?.chain.length,
		];
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

function groupUnder(seen: Seen): AlertGroup | undefined {
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
		...namedValue('pol', 'policy', isDeathGroup(group) ? '' : group.policy),
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
