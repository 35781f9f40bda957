/**
View 4: one row for each policy, merged over the nodes. Enter opens one: its nodes, selectors, hooks, and what a policy
that only monitors would have hit.

    NAME         NS       MODE     STATE        NODES POST/s ENFORCED WOULD  SEEN MISSED  NOTE
    egress-deny  (all)    enforce  ● enabled    11/11    4.1       42     0    42      0
    secrets-ro   payments monitor  ● enabled    11/11    0.2        0    17    17      0
*/
import {own, type SafeText, safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';
import type {Line, Segment} from '../frame/line.js';
import {cursorOf, type List} from '../state/cursor.js';
import {policySorts} from '../state/orders.js';
import type {Picture} from '../state/picture.js';
import type {Scene, Seen} from '../state/reaction.js';
import type {ShownPolicy} from '../state/shown-policies.js';
import type {UiState} from '../state/state.js';
import {Cells, segment} from '../widgets/cells.js';
import {rate, short} from '../widgets/numbers.js';
import {absentWords, modeTone, stateGlyph, stateTone} from '../widgets/policy-words.js';
import {windowOf} from '../widgets/window.js';
import {type Column, fitColumns, putRow, putTitles} from './columns.js';
import {paragraphs} from './empty.js';
import {openPolicy, openPolicyLines} from './open-policy.js';
import {framed, innerHeight, innerWidth, type PaneContext, type PaneRect, rowStart, type Title} from './pane.js';
import {chosenIndex, type PaneKind, type PaneName, type PaneText} from './pane-kind.js';
import {namedValue, type Value} from './row-values.js';
import {sortFacts} from './sort-facts.js';

const paneName: PaneName = {id: 'policies', digit: 4, name: own('Policies'), short: own('POLICIES')};

function noteOf(row: ShownPolicy): Segment {
	if (row.error !== '') {
		return segment(safe(row.error, 400), 'bad');
	}
	return segment(row.note === '' ? (absentWords(row) ?? own('')) : safe(row.note, 400), 'warn');
}

function count(value: number | undefined): SafeText {
	return value === undefined ? own('?') : short(value);
}

type Shape = {readonly width: number; readonly policies: readonly ShownPolicy[]};

function widthOfName({width, policies}: Shape, left: number): number {
	const longest = Math.max(4, ...policies.map(policy => widthOf(safe(policy.name, 256))));
	return Math.max(0, Math.min(width >= 140 ? 40 : 24, longest, left - 1));
}

const columns: ReadonlyArray<Column<Shape, ShownPolicy, PaneContext>> = [
	{
		id: 'name',
		title: own('NAME'),
		cells: widthOfName,
		priority: 6,
		cut: 'middle',
		cell: (_context, row) => segment(safe(row.name, 512), 'strong'),
	},
	{
		id: 'namespace',
		title: own('NS'),
		cells: ({width}) => (width >= 140 ? 16 : 9),
		priority: 5,
		keeps: 14,
		cell: (_context, {namespace}) => segment(namespace === '' ? own('(all)') : safe(namespace, 256)),
	},
	{
		id: 'mode',
		title: own('MODE'),
		cells: () => 8,
		cell: (_context, {mode}) => segment(safe(mode, 64), modeTone(mode)),
	},
	{
		id: 'state',
		title: own('STATE'),
		cells: () => 12,
		cell: ({glyphs}, {state}) => segment(own`${glyphs[stateGlyph(state)]} ${safe(state, 64)}`, stateTone(state)),
	},
	{
		id: 'nodes',
		title: own('NODES'),
		cells: () => 7,
		priority: 3,
		keeps: 12,
		align: 'right',
		cell: (_context, {nodes, ofNodes}) => segment(own`${nodes}/${ofNodes}`, nodes < ofNodes ? 'warn' : 'plain'),
	},
	{
		id: 'pods',
		title: own('PODS'),
		cells: ({policies}) => (policies.some(({join}) => join?.pods !== undefined) ? 5 : 0),
		priority: 2,
		keeps: 12,
		align: 'right',
		cell: (_context, {join}) => segment(count(join?.pods?.length), join?.pods?.length === 0 ? 'dim' : 'plain'),
	},
	{
		id: 'posts',
		title: own('POST/s'),
		cells: () => 6,
		priority: 4,
		keeps: 12,
		align: 'right',
		cell: (_context, {postsPerSecond}) => segment(rate(postsPerSecond)),
	},
	{
		id: 'enforced',
		title: own('ENFORCED'),
		cells: () => 8,
		align: 'right',
		cell: (_context, {enforced}) => segment(count(enforced), (enforced ?? 0) > 0 ? 'killed' : 'plain'),
	},
	{
		id: 'would',
		title: own('WOULD'),
		cells: () => 5,
		priority: 1,
		keeps: 12,
		align: 'right',
		cell: (_context, {would}) => segment(count(would), (would ?? 0) > 0 ? 'would' : 'plain'),
	},
	{
		id: 'seen',
		title: own('SEEN'),
		cells: () => 5,
		priority: 2,
		keeps: 12,
		align: 'right',
		cell: (_context, {seen}) => segment(short(seen)),
	},
	{
		id: 'missed',
		title: own('MISSED'),
		cells: () => 6,
		align: 'right',
		cell: (_context, {missed}) => segment(count(missed), (missed ?? 0) > 0 ? 'loss' : 'plain'),
	},
	{
		id: 'note',
		title: own('NOTE'),
		cells: () => 0,
		isRest: true,
		indent: 1,
		cell: (_context, row) => noteOf(row),
	},
];

const legend = own(
	'ENFORCED, WOULD: counters of the agents. SEEN: events that came here. MISSED: counter less seen, over the same time.',
);

/** Lines of a pane that has no room for what is below its list. */
const lowPane = 12;
const mostSentenceLines = 6;

/** What the cluster and the agents do not agree about, below the list. */
function sentenceLines(context: PaneContext, box: PaneRect): Line[] {
	const {policySentences, policies} = context.picture;
	const room = innerHeight(context, box) - 3 - Math.min(policies.length, 4);
	const most = box.rect.height > lowPane ? Math.min(mostSentenceLines, room) : 1;
	const segments = policySentences.map(sentence => segment(safe(sentence, 400), 'warn'));
	const lines = paragraphs(segments, innerWidth(context, box), most + 1);
	if (lines.length <= most) {
		return lines;
	}
	const more = segment(own('there is more: Enter on a policy, or tetratop policies'), 'warn');
	return [...lines.slice(0, Math.max(0, most - 1)), ...paragraphs([more], innerWidth(context, box), most > 0 ? 1 : 0)];
}

/** Rows of the list on screen, without title, headings, sentences and legend: for the actions that move the cursor. */
function policyListRows(context: PaneContext, box: PaneRect): number {
	const below = sentenceLines(context, box).length + (box.rect.height > lowPane ? 2 : 0);
	return Math.max(0, innerHeight(context, box) - 1 - below);
}

function titleOf({picture, ui}: PaneContext, open: ShownPolicy | undefined): Title {
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
	const fitted = fitColumns(columns, {width, policies}, width - 1);
	const selected = chosenIndex(context, 'policies', policyList(picture));
	const {screenRow} = cursorOf(ui, 'policies');
	const {first, count: shown} = windowOf(policies.length, selected, screenRow, rows, false);
	const body: Line[] = [putTitles(new Cells(width).gap(), fitted, context).end()];
	for (const [index, row] of policies.slice(first, first + shown).entries()) {
		body.push(putRow(rowStart(context, width, first + index === selected), fitted, context, row).end());
	}
	const sentences = sentenceLines(context, box);
	const isLow = box.rect.height <= lowPane;
	while (body.length < rows + (isLow ? 1 : 2) && (!isLow || sentences.length > 0)) {
		body.push(new Cells(width).end());
	}
	body.push(...sentences);
	if (!isLow) {
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
export function policyUnder(seen: Seen): ShownPolicy | undefined {
	return seen.picture.policies[chosenIndex(seen, 'policies', policyList(seen.picture))];
}

function openRow({ui, picture}: Seen): ShownPolicy | undefined {
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
