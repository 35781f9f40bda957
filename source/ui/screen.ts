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
import {type Box, wholeScreen} from './frame/box.js';
import type {Glyphs} from './frame/glyphs.js';
import type {Area} from './frame/layout.js';
import type {Line} from './frame/line.js';
import type {KindId, PaneId} from './frame/pane-ids.js';
import {paintLine, type Theme} from './frame/theme.js';
import {askOverlay} from './overlays/ask-box.js';
import {chipsOverlay} from './overlays/chips-box.js';
import {connectScreen} from './overlays/connect-screen.js';
import {helpLines, helpOverlay} from './overlays/help-box.js';
import {menuOverlay} from './overlays/menu-box.js';
import {problemBox} from './overlays/problem-box.js';
import {textOverlay} from './overlays/text-box.js';
import {tooSmall} from './overlays/too-small.js';
import {innerHeight, type PaneContext, type ProgramFacts} from './panes/pane.js';
import {kindOf, kinds, paneIds} from './panes/pane-kinds.js';
import type {Picture} from './state/picture.js';
import {isCompact, layoutOf} from './state/screen-layout.js';
import type {Subject, UiState} from './state/state.js';

type Paint = (context: PaneContext, box: Box) => readonly Line[];

/** The parts of the screen that are no panes: none of them has a cursor. */
const bars: Readonly<Record<Exclude<Area, KindId>, Paint>> = {
	header: headerPane,
	chips: chipsPane,
	timeline: timelinePane,
	candidates: candidatesPane,
	message: messagePane,
	input: inputPane,
	keybar: keyBarPane,
	tooSmall,
};

const painters: Readonly<Record<Area, Paint>> = {
	...bars,
	...(Object.fromEntries(Object.values(kinds).map(({id, paint}) => [id, paint])) as Record<KindId, Paint>),
};

export type Look = {readonly glyphs: Glyphs; readonly theme: Theme; readonly program: ProgramFacts};

/** What the user chose in the focused pane. */
function chosen(ui: UiState, picture: Picture): Subject | undefined {
	const {id, isChosen, subject} = kinds[ui.focus];
	return (isChosen?.(ui) ?? ui.cursors[id]?.id !== undefined) ? subject?.({ui, picture}) : undefined;
}

/** What every part of the screen is painted from. */
export function contextOf(ui: UiState, picture: Picture, {glyphs, program}: Omit<Look, 'theme'>): PaneContext {
	return {
		ui,
		picture,
		glyphs,
		program,
		compact: isCompact(ui),
		chosen: () => chosen(ui, picture),
	};
}

/** One part of the screen. */
export function paintArea(context: PaneContext, area: Area, box: Box): readonly Line[] {
	return painters[area](context, box);
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
		return {area, box, lines: paintArea(context, area, box)};
	});
}

export function frameOf(ui: UiState, picture: Picture, look: Look): Frame {
	return {
		columns: ui.columns,
		rows: ui.rows,
		bands: bandsOf(screenLines(ui, picture, look), ui, look.theme),
	};
}

/** Rows that the list of a pane or view has room for; a pane of the main screen has them below a view, too. */
export function rowsOf(ui: UiState, picture: Picture, look: Omit<Look, 'theme'>, id: KindId): number {
	const isMain = paneIds.some(pane => pane === id);
	const shown: UiState = isMain && ui.view !== 'main' ? {...ui, view: 'main'} : ui;
	const box = layoutOf(shown).boxes[id];
	return box ? kinds[id].rows(contextOf(shown, picture, look), box) : 0;
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
export function panesOn(ui: UiState): readonly PaneId[] {
	const {boxes} = layoutOf(ui);
	return paneIds.filter(pane => boxes[pane] !== undefined);
}

/** The state with what the user scrolls in (the help, the text of a pane) scrolled no further than its last line. */
export function scrollClamped(ui: UiState, picture: Picture, look: Omit<Look, 'theme'>): UiState {
	const context = contextOf(ui, picture, look);
	if (ui.overlay?.type === 'help') {
		const limit = Math.max(0, helpLines(context, wholeScreen(ui)).length - (ui.rows - 2));
		return ui.overlay.scroll > limit ? {...ui, overlay: {...ui.overlay, scroll: limit}} : ui;
	}

	const {boxes} = layoutOf(ui);
	for (const {id, text, textLines} of ui.view === 'main' ? paneIds.map(pane => kinds[pane]) : [kindOf(ui)]) {
		const box = boxes[id];
		const shown = text?.(ui);
		if (!box || !shown || !textLines) {
			continue;
		}

		const limit = Math.max(0, textLines(context, box) - innerHeight(context, box));
		if (shown.scroll > limit) {
			return shown.scrolledTo(limit);
		}
	}

	return ui;
}
