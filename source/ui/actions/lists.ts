/** Moving through the list or the text that has the keys. */
import type {PaneKind} from '../panes/pane-kind.js';
import {cursorIn, moved} from '../panes/pane-kind.js';
import {kindOf, subjectUnder} from '../panes/pane-kinds.js';
import {clamp, cursorAt, type List, moveCursor, panCursor} from '../state/cursor.js';
import {type Reaction, type Scene, stay} from '../state/reaction.js';
import type {Cursor, Subject, UiState} from '../state/state.js';

/** A move through any list: where the cursor goes from where it is. */
type Step = (list: List, cursor: Cursor, height: number) => Cursor;

const steps = {
	by:
		(rows: number): Step =>
		(list, cursor, height) =>
			moveCursor(list, cursor, rows, height),
	pan:
		(rows: number): Step =>
		(list, cursor, height) =>
			panCursor(list, cursor, rows, height),
	first: (): Step => (list, _cursor, height) => cursorAt(list, 0, 0, height),
	last: (): Step => (list, _cursor, height) => cursorAt(list, list.length - 1, height - 1, height),
};

/** Moves in what is open: a box above the panes, else the pane that has the keys. `distance` is what a text scrolls by. */
function step(scene: Scene, how: Step, distance: number): UiState {
	return stepInOverlay(scene.ui, distance) ?? stepInPane(scene, kindOf(scene.ui), how, distance);
}

/** undefined: no box with something to move in is open. */
function stepInOverlay(ui: UiState, distance: number): UiState | undefined {
	const {overlay} = ui;
	switch (overlay?.type) {
		case 'help':
		case 'problem':
		case 'text':
			return {...ui, overlay: {...overlay, scroll: Math.max(0, overlay.scroll + distance)}};
		case 'menu':
			return {...ui, overlay: {...overlay, cursor: clamp(overlay.cursor + distance, 0, overlay.items.length - 1)}};
		case 'chips':
			return {
				...ui,
				overlay: {...overlay, cursor: clamp(overlay.cursor + distance, 0, Math.max(0, ui.chips.length - 1))},
			};
		default:
			return undefined;
	}
}

function stepInPane(scene: Scene, kind: PaneKind, how: Step, distance: number): UiState {
	const {ui, picture, rowsOf} = scene;
	const text = kind.text?.(ui);
	if (text) {
		return text.scrolledTo(Math.max(0, text.scroll + distance));
	}

	const list = kind.list?.(picture);
	if (list === undefined || list.length === 0) {
		return ui;
	}

	const cursor = how(list, cursorIn(kind, scene), Math.max(1, rowsOf(kind.id)));
	return moved(kind, scene, cursor, distance > 0);
}

const far = 1_000_000;

export function moveBy(scene: Scene, rows: number): Reaction {
	return stay(withSubject(scene, step(scene, steps.by(rows), rows)));
}

export function panBy(scene: Scene, rows: number): Reaction {
	return stay(withSubject(scene, step(scene, steps.pan(rows), rows)));
}

export function movePages(scene: Scene, pages: number): Reaction {
	const rows = Math.max(1, scene.rowsOf(kindOf(scene.ui).id));
	return moveBy(scene, Math.trunc(pages * Math.max(1, rows - 1)) || Math.sign(pages));
}

export function moveToFirst(scene: Scene): Reaction {
	return stay(withSubject(scene, step(scene, steps.first(), -far)));
}

export function moveToLast(scene: Scene): Reaction {
	const {ui} = scene;
	const {toLast} = kindOf(ui);
	return stay(toLast && !ui.overlay ? toLast(ui) : withSubject(scene, step(scene, steps.last(), far)));
}

/** The detail goes with the cursor, as long as it is on screen. */
export function withSubject(scene: Scene, ui: UiState): UiState {
	if (ui.view !== 'main' || !scene.panes.includes('detail')) {
		return ui;
	}

	const subject = subjectUnder({...scene, ui});
	return subject === undefined || isSame(subject, ui.detail.subject)
		? ui
		: {...ui, detail: {...ui.detail, subject, scroll: 0}};
}

function isSame(a: Subject, b: Subject | undefined): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

export const listActions = {
	down: (scene: Scene) => moveBy(scene, 1),
	up: (scene: Scene) => moveBy(scene, -1),
	'page-down': (scene: Scene) => movePages(scene, 1),
	'page-up': (scene: Scene) => movePages(scene, -1),
	'half-down': (scene: Scene) => movePages(scene, 0.5),
	'half-up': (scene: Scene) => movePages(scene, -0.5),
	top: moveToFirst,
	bottom: moveToLast,
	'pan-down': (scene: Scene) => panBy(scene, 1),
	'pan-up': (scene: Scene) => panBy(scene, -1),
};
