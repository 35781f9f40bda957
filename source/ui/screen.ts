/**
Puts the panes together: from the state and a picture to bands of painted rows. app.tsx shows what stands where; layout.ts
decides it.
*/

import {candidatesPane} from './bars/candidates-bar.js';
import {chipsPane} from './bars/chips-bar.js';
import {headerPane} from './bars/header.js';
import {inputPane} from './bars/input-bar.js';
import {keyBarPane} from './bars/key-bar.js';
import {messagePane} from './bars/message-bar.js';
import {timelinePane} from './bars/timeline-bar.js';
import type {Band, Column, Frame} from './frame/app.js';
import type {Glyphs} from './frame/glyphs.js';
import {type Area, type Box, type Layout, layout, type Pane, wholeScreen} from './frame/layout.js';
import type {Line} from './frame/line.js';
import {paintLine, type Theme} from './frame/theme.js';
import {askOverlay} from './overlays/ask-box.js';
import {chipsOverlay} from './overlays/chips-box.js';
import {connectScreen} from './overlays/connect-screen.js';
import {helpLines, helpOverlay} from './overlays/help-box.js';
import {menuOverlay} from './overlays/menu-box.js';
import {problemBox} from './overlays/problem-box.js';
import {textOverlay} from './overlays/text-box.js';
import {tooSmall} from './overlays/too-small.js';
import {detailLength, detailPane} from './panes/detail-pane.js';
import {eventRows, eventsPane} from './panes/events-pane.js';
import {killRows, killsPane} from './panes/kills-pane.js';
import {nodeListRows, nodesPane} from './panes/nodes-pane.js';
import {openPolicyLines} from './panes/open-policy.js';
import {innerHeight, innerWidth, type PaneContext, type PaneRect, type ProgramFacts} from './panes/pane.js';
import {policiesPane, policyListRows} from './panes/policies-pane.js';
import {processesPane, processRows} from './panes/processes-pane.js';
import type {Picture} from './state/picture.js';
import type {UiState} from './state/state.js';

const painters: Readonly<Record<Exclude<Area, 'tooSmall'>, (context: PaneContext, rect: PaneRect) => readonly Line[]>> =
	{
		header: headerPane,
		chips: chipsPane,
		processes: processesPane,
		events: eventsPane,
		kills: killsPane,
		detail: detailPane,
		timeline: timelinePane,
		candidates: candidatesPane,
		message: messagePane,
		input: inputPane,
		keybar: keyBarPane,
		policies: policiesPane,
		nodes: nodesPane,
	};

/** What is open decides the layout. */
export function layoutOf(ui: UiState): Layout {
	return layout({
		columns: ui.columns,
		rows: ui.rows,
		view: ui.view,
		focus: ui.focus,
		zoom: ui.zoom,
		detailOpen: ui.detail.open,
		timeline: ui.timeline.size,
		prompt: ui.prompt === undefined ? 'none' : ui.prompt.mode === 'command' ? 'line' : 'list',
	});
}

export function isCompact({columns, rows}: UiState): boolean {
	return columns < 100 || rows < 28;
}

export type Look = {readonly glyphs: Glyphs; readonly theme: Theme; readonly program: ProgramFacts};

function contextOf(ui: UiState, picture: Picture, {glyphs, program}: Omit<Look, 'theme'>): PaneContext {
	return {
		ui,
		picture,
		glyphs,
		program,
		compact: isCompact(ui),
	};
}

type Painted = {readonly area: Area; readonly box: Box; readonly lines: readonly Line[]};

/** Every line of the screen; the same Line objects for what did not change. */
export function screenLines(ui: UiState, picture: Picture, look: Omit<Look, 'theme'>): readonly Painted[] {
	const context = contextOf(ui, picture, look);
	const overlay = overlayLines(context);
	if (overlay) {
		return [{area: 'tooSmall', box: wholeScreen(ui), lines: overlay}];
	}

	const {boxes} = layoutOf(ui);
	return (Object.keys(boxes) as Area[]).map(area => {
		const box = boxes[area] as Box;
		return {area, box, lines: area === 'tooSmall' ? tooSmall(context, box) : painters[area](context, box)};
	});
}

export function frameOf(ui: UiState, picture: Picture, look: Look): Frame {
	return {
		columns: ui.columns,
		rows: ui.rows,
		bands: bandsOf(screenLines(ui, picture, look), ui, look.theme),
	};
}

/** Rows of its list that a pane shows. */
export function rowsOf(ui: UiState, picture: Picture, look: Omit<Look, 'theme'>, pane: Pane): number {
	const box = layoutOf(ui).boxes[ui.view === 'main' ? pane : ui.view];
	if (!box) {
		return 0;
	}

	const context = contextOf(ui, picture, look);
	if (ui.view !== 'main') {
		return ui.view === 'nodes' ? nodeListRows(context, box) : policyListRows(context, box);
	}

	switch (pane) {
		case 'processes':
			return processRows(context, box);
		case 'events':
			return eventRows(context, box);
		case 'kills':
			return killRows(context, box);
		case 'detail':
			return box.inner.height;
	}
}

function overlayLines(context: PaneContext): readonly Line[] | undefined {
	const {ui} = context;
	const rect = wholeScreen(ui);
	if (layoutOf(ui).mode === 'too-small') {
		return undefined;
	}

	switch (ui.overlay?.type) {
		case 'help':
			return helpOverlay(context, rect);
		case 'problem':
			return problemBox(context, rect);
		case 'text':
			return textOverlay(context, rect);
		case 'chips':
			return chipsOverlay(context, rect);
		case 'menu':
			return menuOverlay(context, rect);
		case 'ask':
			return askOverlay(context, rect);
		default:
			return ui.connecting && ui.view === 'main' && !ui.prompt
				? connectScreen(context, rect, ui.connecting)
				: undefined;
	}
}

function painted(lines: readonly Line[], width: number, theme: Theme): Column {
	return {
		width,
		rows: lines.map(line => paintLine(line, theme)),
	};
}

/** Areas of the full width are bands of their own; the ones between them stand side by side, stacked where they share a column. */
function bandsOf(areas: ReturnType<typeof screenLines>, {columns}: UiState, theme: Theme): Band[] {
	const sorted = areas
		.filter(({box}) => box.rect.height > 0)
		.toSorted((a, b) => a.box.rect.y - b.box.rect.y || a.box.rect.x - b.box.rect.x);
	const bands: Array<{id: string; y: number; height: number; columns: Column[]}> = [];
	const sides = sorted.filter(({box}) => box.rect.width < columns);
	for (const {area, box, lines} of sorted) {
		if (box.rect.width === columns) {
			bands.push({id: area, y: box.rect.y, height: box.rect.height, columns: [painted(lines, columns, theme)]});
		}
	}

	if (sides.length > 0) {
		const starts = [...new Set(sides.map(({box}) => box.rect.x))].toSorted((a, b) => a - b);
		const side = starts.map(x => {
			const stacked = sides.filter(({box}) => box.rect.x === x);
			return painted(
				stacked.flatMap(({lines}) => lines),
				stacked[0]?.box.rect.width ?? 0,
				theme,
			);
		});
		const first = sides[0]?.box.rect;
		bands.push({id: 'body', y: first?.y ?? 0, height: side[0]?.rows.length ?? 0, columns: side});
	}

	return bands.toSorted((a, b) => a.y - b.y);
}

/** Panes in the order of Tab that are on screen now. */
export function panesOn(ui: UiState): readonly Pane[] {
	const {boxes} = layoutOf(ui);
	return (['processes', 'events', 'kills', 'detail'] as const).filter(pane => boxes[pane] !== undefined);
}

/** Lines of what the user scrolls in (help, an open policy, a detail) beyond those that its box shows; nothing to clamp: undefined. */
export function scrollLimit(ui: UiState, picture: Picture, look: Omit<Look, 'theme'>): number | undefined {
	const context = contextOf(ui, picture, look);
	const whole = wholeScreen(ui);
	if (ui.overlay?.type === 'help') {
		return helpLines(context, whole).length - (ui.rows - 2);
	}

	const {boxes} = layoutOf(ui);
	const {openRow} = ui.policies;
	if (ui.view === 'policies' && openRow !== undefined && boxes.policies) {
		const row = picture.policies.find(({id}) => id === openRow);
		return (
			row &&
			openPolicyLines(context, row, innerWidth(context, boxes.policies)).length - innerHeight(context, boxes.policies)
		);
	}

	return ui.view === 'main' && boxes.detail
		? detailLength(context, boxes.detail) - innerHeight(context, boxes.detail)
		: undefined;
}
