/** The mouse, where it was asked for: a click takes the focus and the row under it, the wheel scrolls what it is over. */

import type {Box} from '../frame/box.js';
import type {KindId} from '../frame/pane-ids.js';
import {cursorIn, moved, type PaneKind} from '../panes/pane-kind.js';
import {kinds, paneIds} from '../panes/pane-kinds.js';
import {cursorIndex, type List} from '../state/cursor.js';
import {type Reaction, type Scene, stay} from '../state/reaction.js';
import {layoutOf} from '../state/screen-layout.js';
import type {Cursor, UiState} from '../state/state.js';
import type {KeyEvent} from '../terminal/decoder.js';
import {windowOf} from '../widgets/window.js';
import {moveBy, panBy, withSubject} from './lists.js';
import {focusPane} from './views.js';

export type MouseEvent = Extract<KeyEvent, {type: 'mouse'}>;

const wheelRows = 3;

type Place = {readonly area: string; readonly box: Box};

function placeAt(ui: UiState, {x, y}: MouseEvent): Place | undefined {
	for (const [area, box] of Object.entries(layoutOf(ui).boxes)) {
		const {rect} = box;
		if (x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height) {
			return {area, box};
		}
	}

	return undefined;
}

/** The cursor on the row that is on a line of a list; undefined: no row is there. */
function cursorOn(list: List, cursor: Cursor, rows: number, line: number): Cursor | undefined {
	const {first, count} = windowOf(list.length, cursorIndex(list, cursor), cursor.screenRow, rows, false);
	return line >= 0 && line < count ? {id: list.idAt(first + line), screenRow: line} : undefined;
}

function clickRow(scene: Scene, kind: PaneKind, box: Box, y: number): UiState {
	const {ui, picture, rowsOf} = scene;
	const list = kind.list?.(picture);
	const rows = rowsOf(kind.id);
	const line = kind.lineAt ? kind.lineAt(scene, box, y, rows) : y - box.inner.y - (box.inner.height - rows);
	const cursor = list && line !== undefined ? cursorOn(list, cursorIn(kind, scene), rows, line) : undefined;
	return cursor ? moved(kind, scene, cursor) : ui;
}

function click(scene: Scene, {area, box}: Place, y: number): Reaction {
	const {ui} = scene;
	if (area === 'timeline') {
		return stay({...ui, timeline: {...ui.timeline, active: true}});
	}

	const kind = Object.hasOwn(kinds, area) ? kinds[area as KindId] : undefined;
	if (!kind) {
		return stay(ui);
	}

	const clicked = clickRow(scene, kind, box, y);
	const pane = paneIds.find(id => id === kind.id);
	return stay(pane ? withSubject(scene, focusPane({...scene, ui: clicked}, pane).ui) : clicked);
}

function wheel(scene: Scene, area: string | undefined, by: number): Reaction {
	const {ui} = scene;
	if (ui.view !== 'main') {
		return moveBy(scene, by);
	}

	const pane = paneIds.find(id => id === area);
	if (!pane) {
		return stay(ui);
	}

	const over = {...scene, ui: {...ui, focus: pane}};
	if (kinds[pane].text?.(ui)) {
		return stay({...moveBy(over, by).ui, focus: ui.focus});
	}

	// The pane under the pointer scrolls; the focus, and what the detail shows, stay.
	const {cursors, events} = panBy(over, by).ui;
	return stay({...ui, cursors, events});
}

export function mouseReaction(scene: Scene, event: MouseEvent): Reaction {
	const {ui} = scene;
	const by = event.action === 'wheel-up' ? -wheelRows : event.action === 'wheel-down' ? wheelRows : 0;
	if (ui.overlay) {
		return by === 0 ? stay(ui) : moveBy(scene, by);
	}

	const place = placeAt(ui, event);
	if (by !== 0) {
		return wheel(scene, place?.area, by);
	}

	const isClick = event.action === 'press' && event.button === 0 && ui.prompt === undefined;
	return isClick && place ? click(scene, place, event.y) : stay(ui);
}
