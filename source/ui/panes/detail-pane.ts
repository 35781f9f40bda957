/**
Everything about one event, process or kill.

    ┬ Detail ─ [Summary] Process  Ancestors  Policy  Raw ┐
    │ ✖ KILLED by policy egress-deny (enforce)           │
    │   12:04:29.141  node-3                             │
    │                                                    │
    │ why      tcp_connect → 203.0.113.9:80              │
*/
import {isDeathGroup} from '../../store/snapshot.js';
import type {Event} from '../../tetragon/event/event.js';
import {own, type SafeText} from '../../text/safe.js';
import type {Line, Segment} from '../frame/line.js';
import type {Scene} from '../state/reaction.js';
import {type DetailTab, detailTabs, type UiState} from '../state/state.js';
import {Cells, segment} from '../widgets/cells.js';
import {fieldLines} from '../widgets/fields.js';
import {ancestorsTab} from './detail/ancestors-tab.js';
import {policyTab} from './detail/policy-tab.js';
import {processTab} from './detail/process-tab.js';
import {rawLines} from './detail/raw-tab.js';
import {type Known, known, subjectOf} from './detail/subject.js';
import {summary} from './detail/summary-tab.js';
import {paragraphs} from './empty.js';
import {framed, innerHeight, innerWidth, type PaneContext, type PaneRect, type Title} from './pane.js';
import type {PaneKind, PaneName} from './pane-kind.js';
import {eventValues, namedValue, nodeValues, processValues, type Value} from './row-values.js';

const paneName: PaneName = {id: 'detail', digit: undefined, name: own('Detail'), short: own('DETAIL')};

const tabNames: Readonly<Record<DetailTab, SafeText>> = {
	summary: own('Summary'),
	process: own('Process'),
	ancestors: own('Ancestors'),
	policy: own('Policy'),
	raw: own('Raw'),
};

/** Of a process of the tree: what it did last. */
function newestEvent({picture}: PaneContext, {process}: Known): Event | undefined {
	const seq = process && picture.newestOf(process);
	return seq === undefined ? undefined : picture.event(seq);
}

function tabLines(context: PaneContext, tab: DetailTab, found: Known, width: number): Line[] {
	switch (tab) {
		case 'summary': {
			return fieldLines(summary(context, found), width);
		}

		case 'process': {
			return fieldLines(processTab(context, found), width);
		}

		case 'ancestors': {
			return fieldLines(ancestorsTab(context, found), width);
		}

		case 'policy': {
			return fieldLines(policyTab(context, found), width);
		}

		case 'raw': {
			const event = found.event ?? newestEvent(context, found);
			if (event) {
				return rawLines(event, width);
			}
			return paragraphs(
				[segment(own('no event of it is in the buffer: known from the process table or a counter'), 'dim')],
				width,
				9,
			);
		}
	}
}

function bodyOf(context: PaneContext, width: number): Line[] {
	const {ui, picture} = context;
	const subject = subjectOf(context);
	if (!subject) {
		return paragraphs([segment(own('nothing is chosen. j and k choose a row, Enter opens it here'), 'dim')], width, 9);
	}
	const found = known(picture, subject);
	if (!found) {
		return paragraphs([segment(own('it is no longer in the buffer'), 'dim')], width, 9);
	}
	return tabLines(context, ui.detail.tab, found, width);
}

/** Lines that the open tab has, on screen or not: the actions scroll no further. */
function detailLength(context: PaneContext, box: PaneRect): number {
	return bodyOf(context, innerWidth(context, box) - 1).length;
}

function titleOf({ui}: PaneContext): Title {
	const facts: Segment[] = detailTabs.map(tab => {
		const isOpen = tab === ui.detail.tab;
		return segment(isOpen ? own`[${tabNames[tab]}]` : tabNames[tab], isOpen ? 'strong' : 'dim');
	});
	return {...paneName, facts, hints: []};
}

/** One blank before the text, as the lists have their cursor there. */
function inset(lines: readonly Line[], width: number): Line[] {
	return lines.map(line => new Cells(width).gap().segments(line).end());
}

function detailPane(context: PaneContext, box: PaneRect): Line[] {
	const width = innerWidth(context, box);
	const lines = inset(bodyOf(context, width - 1), width);
	const rows = innerHeight(context, box);
	if (lines.length <= rows || rows < 2) {
		return framed(context, box, titleOf(context), lines);
	}
	// What does not fit is said on the last line, so that nobody takes a part for the whole.
	const first = Math.min(context.ui.detail.scroll, lines.length - rows + 1);
	const last = first + rows - 1;
	const more = own`${context.glyphs.down} lines ${first + 1}-${last} of ${lines.length}`;
	const footer = new Cells(width).gap().put(more, 'dim').end();
	return framed(context, box, titleOf(context), [...lines.slice(first, last), footer]);
}

/** Turns to the next or previous tab. */
export function tabTurned(ui: UiState, by: number): UiState {
	const at = detailTabs.indexOf(ui.detail.tab);
	const tab = detailTabs[(at + by + detailTabs.length) % detailTabs.length] ?? 'summary';
	return {...ui, detail: {...ui.detail, tab, scroll: 0}};
}

function valuesOfSubject(scene: Scene): readonly Value[] {
	const {picture, ui} = scene;
	const {subject} = ui.detail;
	switch (subject?.type) {
		case 'event':
			return eventValues(scene, subject.seq);
		case 'kill': {
			const group = picture.killRows.at(picture.killRows.indexOf(subject.groupId));
			const process = group?.kills.at(-1)?.process;
			return [
				...namedValue('pol', 'policy', group === undefined || isDeathGroup(group) ? '' : group.policy),
				...processValues(process),
				...nodeValues(scene, group?.node),
			];
		}

		case 'process': {
			const row = picture.tree.at(picture.tree.indexOf(subject.execId));
			return [...processValues(row?.process), ...nodeValues(scene, subject.node)];
		}

		default:
			return [];
	}
}

export const detailKind: PaneKind = {
	...paneName,
	about: own('detail'),
	rows: (_context, box) => box.inner.height,
	paint: detailPane,
	text: ui => ({
		scroll: ui.detail.scroll,
		scrolledTo: scroll => ({...ui, detail: {...ui.detail, scroll}}),
	}),
	textLines: detailLength,
	subject: ({ui}) => ui.detail.subject,
	values: valuesOfSubject,
	focused: ui => ({...ui, detail: {...ui.detail, open: true}}),
	isOpen: ui => ui.detail.open,
	sideways: tabTurned,
};
