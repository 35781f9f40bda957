/**
View 4: one row for each policy, merged over the nodes. Enter opens one: its nodes, selectors, hooks, and what a policy
that only monitors would have hit.

    NAME         NS       MODE     STATE        NODES POST/s ENFORCED WOULD  SEEN MISSED  NOTE
    egress-deny  (all)    enforce  ● enabled    11/11    4.1       42     0    42      0
    secrets-ro   payments monitor  ● enabled    11/11    0.2        0    17    17      0
*/
import type {PolicyRow} from '../../store/policies/policy-rows.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';
import type {Line, Tone} from '../frame/line.js';
import {cursorOf, type List} from '../state/cursor.js';
import {policySorts} from '../state/orders.js';
import type {Picture} from '../state/picture.js';
import type {Scene, Seen} from '../state/reaction.js';
import type {UiState} from '../state/state.js';
import {Cells, segment} from '../widgets/cells.js';
import {rate, short} from '../widgets/numbers.js';
import {absentWords, modeTone, stateGlyph, stateTone} from '../widgets/policy-words.js';
import {windowOf} from '../widgets/window.js';
import {paragraphs} from './empty.js';
import {openPolicy, openPolicyLines} from './open-policy.js';
import {framed, innerHeight, innerWidth, type PaneContext, type PaneRect, type Title} from './pane.js';
import {chosenIndex, type PaneKind, type PaneName, type PaneText} from './pane-kind.js';
import {namedValue, type Value} from './row-values.js';

const paneName: PaneName = {id: 'policies', digit: 4, name: own('Policies'), short: own('POLICIES')};

import {sortFacts} from './sort-facts.js';

type Columns = {
	readonly name: number;
	readonly namespace: number;
	readonly nodes: number;
	readonly posts: number;
	readonly would: number;
	readonly seen: number;
	readonly note: number;
};

function columnsOf(width: number, policies: readonly PolicyRow[]): Columns {
	// Cursor, mode, state, enforced and missed, each with the blank behind it.
	let left = width - 1 - 9 - 13 - 9 - 7;

	function take(cells: number, kept: number): number {
		if (left - cells - 1 < kept) {
			return 0;
		}
		left -= cells + 1;
		return cells;
	}

	const least = 12;
	const would = take(5, least);
	const seen = take(5, least);
	const nodes = take(7, least);
	const posts = take(6, least);
	const namespace = take(width >= 140 ? 16 : 9, least + 2);
	const longest = Math.max(4, ...policies.map(policy => widthOf(safe(policy.name, 256))));
	const name = Math.max(0, Math.min(width >= 140 ? 40 : 24, longest, left - 1));
	return {name, namespace, nodes, posts, would, seen, note: Math.max(0, left - name - 1)};
}

function noteOf(row: PolicyRow): {readonly words: SafeText; readonly tone: Tone} {
	if (row.error !== '') {
		return {words: safe(row.error, 400), tone: 'bad'};
	}
	if (row.note !== '') {
		return {words: safe(row.note, 400), tone: 'warn'};
	}
	return {words: absentWords(row) ?? own(''), tone: 'warn'};
}

function count(value: number | undefined): SafeText {
	return value === undefined ? own('?') : short(value);
}

function rowLine(context: PaneContext, row: PolicyRow, width: number, columns: Columns, isChosen: boolean): Line {
	const {glyphs} = context;
	const cells = new Cells(width, isChosen && context.ui.overlay === undefined ? 'cursor' : undefined);

	function number(text: SafeText, wide: number, tone: Tone = 'plain'): void {
		if (wide > 0) {
			cells.field(text, wide, tone, {align: 'right'}).gap();
		}
	}

	cells.put(isChosen ? glyphs.cursor : own(' '), isChosen ? 'focus' : 'plain');
	cells.field(safe(row.name, 512), columns.name, 'strong', {cut: 'middle'}).gap();
	if (columns.namespace > 0) {
		cells.field(row.namespace === '' ? own('(all)') : safe(row.namespace, 256), columns.namespace).gap();
	}
	cells.field(safe(row.mode, 64), 8, modeTone(row.mode)).gap();
	cells.field(own`${glyphs[stateGlyph(row.state)]} ${safe(row.state, 64)}`, 12, stateTone(row.state)).gap();
	number(own`${row.nodes}/${row.ofNodes}`, columns.nodes, row.nodes < row.ofNodes ? 'warn' : 'plain');
	number(rate(row.postsPerSecond), columns.posts);
	number(count(row.enforced), 8, (row.enforced ?? 0) > 0 ? 'killed' : 'plain');
	number(count(row.would), columns.would, (row.would ?? 0) > 0 ? 'would' : 'plain');
	number(short(row.seen), columns.seen);
	number(count(row.missed), 6, (row.missed ?? 0) > 0 ? 'loss' : 'plain');
	const {words, tone} = noteOf(row);
	if (columns.note > 0) {
		cells.gap().put(words, tone);
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

	title(own('NAME'), columns.name);
	title(own('NS'), columns.namespace);
	title(own('MODE'), 8);
	title(own('STATE'), 12);
	title(own('NODES'), columns.nodes, 'right');
	title(own('POST/s'), columns.posts, 'right');
	title(own('ENFORCED'), 8, 'right');
	title(own('WOULD'), columns.would, 'right');
	title(own('SEEN'), columns.seen, 'right');
	title(own('MISSED'), 6, 'right');
	if (columns.note > 0) {
		cells.gap().put(own('NOTE'), 'dim');
	}
	return cells.end();
}

const legend = own(
	'ENFORCED, WOULD: counters of the agents. SEEN: events that came here. MISSED: counter less seen, over the same time.',
);

/** Rows of the list on screen, without title, headings and legend: for the actions that move the cursor. */
function policyListRows(context: PaneContext, box: PaneRect): number {
	return Math.max(0, innerHeight(context, box) - 1 - (box.rect.height > 12 ? 2 : 0));
}

function titleOf({picture, ui}: PaneContext, open: PolicyRow | undefined): Title {
	const nodes = picture.nodes.length;
	return {
		...paneName,
		facts: open
			? [segment(safe(open.name, 256), 'strong')]
			: [
					segment(own`${picture.policies.length} on ${nodes} ${nodes === 1 ? own('node') : own('nodes')}`),
					...sortFacts(policySorts, ui.sorts.policies),
				],
		hints: open
			? [
					[own('j/k'), own('scroll')],
					[own('Esc'), own('back')],
				]
			: [
					[own('Enter'), own('nodes, selectors')],
					...(ui.allowWrite ? ([[own('m'), own('mode')]] as const) : []),
					[own('y'), own('YAML')],
					[own('='), own('only')],
					[own('q'), own('back')],
				],
	};
}

function policiesPane(context: PaneContext, box: PaneRect): Line[] {
	const {ui, picture} = context;
	const {policies} = picture;
	const width = innerWidth(context, box);
	const open = openRow(context);
	const title = titleOf(context, open);
	if (open) {
		return framed(context, box, title, openPolicy(context, open, width, innerHeight(context, box)));
	}
	const rows = policyListRows(context, box);
	if (policies.length === 0) {
		const words = picture.nodes.some(({state}) => state === 'streaming' || state === 'quiet')
			? own('No node reports a policy. Without a policy Tetragon sends exec and exit events only.')
			: own('No node has reported its policies yet.');
		return framed(context, box, title, paragraphs([segment(words)], width, rows));
	}
	const columns = columnsOf(width, policies);
	const selected = chosenIndex(context, 'policies', policyList(picture));
	const {screenRow} = cursorOf(ui, 'policies');
	const {first, count: shown} = windowOf(policies.length, selected, screenRow, rows, false);
	const body: Line[] = [headings(width, columns)];
	for (const [index, row] of policies.slice(first, first + shown).entries()) {
		body.push(rowLine(context, row, width, columns, first + index === selected));
	}
	if (box.rect.height > 12) {
		while (body.length < rows + 2) {
			body.push(new Cells(width).end());
		}
		body.push(new Cells(width).gap().put(legend, 'dim').end());
	}
	return framed(context, box, title, body);
}

function policyList({policies}: Picture): List<string> {
	return {
		length: policies.length,
		idAt: index => policies[index]?.id,
		indexOf: id => policies.findIndex(policy => policy.id === id),
	};
}

/** The policy under the cursor of the policies view. */
export function policyUnder(seen: Seen): PolicyRow | undefined {
	return seen.picture.policies[chosenIndex(seen, 'policies', policyList(seen.picture))];
}

function openRow({ui, picture}: Seen): PolicyRow | undefined {
	return picture.policies.find(({id}) => id === ui.policies.openRow);
}

function valuesOfRow(scene: Scene): readonly Value[] {
	return namedValue('pol', 'policy', policyUnder(scene)?.name ?? '');
}

function textOf(ui: UiState): PaneText | undefined {
	if (ui.policies.openRow === undefined) {
		return undefined;
	}

	return {scroll: ui.policies.scroll, scrolledTo: scroll => ({...ui, policies: {...ui.policies, scroll}})};
}

function textLines(context: PaneContext, box: PaneRect): number {
	const row = openRow(context);
	return row ? openPolicyLines(context, row, innerWidth(context, box)).length : 0;
}

export const policiesKind: PaneKind = {
	...paneName,
	about: own('policies'),
	rows: policyListRows,
	paint: policiesPane,
	list: policyList,
	text: textOf,
	textLines,
	lineAt: ({ui}, box, y) => (ui.policies.openRow === undefined ? y - box.inner.y - 1 : undefined),
	values: valuesOfRow,
	open: scene => ({...scene.ui, policies: {openRow: policyUnder(scene)?.id, scroll: 0}}),
	close: ui => (ui.policies.openRow === undefined ? undefined : {...ui, policies: {openRow: undefined, scroll: 0}}),
	sorts: policySorts,
};
