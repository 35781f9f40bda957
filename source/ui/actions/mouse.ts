/** The mouse, where it was asked for: a click takes the focus and the row under it, the wheel scrolls what it is over. */

import type {Box} from '../frame/layout.js';
import {layoutOf} from '../screen.js';
import {cursorIndex, type List} from '../state/cursor.js';
import {type Reaction, type Scene, stay} from '../state/reaction.js';
import type {Cursor, PaneId, UiState} from '../state/state.js';
import type {KeyEvent} from '../terminal/decoder.js';
import {windowOf} from '../widgets/window.js';
import {eventCursor, eventList, killList, moveBy, nodeList, panBy, policyList, treeList, withSubject} from './lists.js';
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

/** The cursor on the row that stands on a line of a list's rows; undefined: no row is there. */
function cursorOn<Id>(list: List<Id>, cursor: Cursor<Id>, rows: number, line: number): Cursor<Id> | undefined {
	const {first, count} = windowOf(list.length, cursorIndex(list, cursor), cursor.screenRow, rows, false);
	return line >= 0 && line < count ? {id: list.idAt(first + line), screenRow: line} : undefined;
}

function clickMain(scene: Scene, pane: PaneId, box: Box, y: number): UiState {
	const {ui, picture, rowsOf} = scene;
	const rows = rowsOf(pane);
	const line = y - box.inner.y - (box.inner.height - rows);
	switch (pane) {
		case 'processes': {
			const cursor = cursorOn(treeList(picture), ui.tree.cursor, rows, line);
			return cursor ? {...ui, tree: {...ui.tree, cursor}} : ui;
		}

		case 'events': {
			// A wrapped row has as many lines as it needs: which one was hit only the painter knows.
			const cursor = ui.events.wrap ? undefined : cursorOn(eventList(picture), eventCursor(scene), rows, line);
			const stoppedAtEvents = ui.events.follow ? picture.totals.events : ui.events.stoppedAtEvents;
			return cursor ? {...ui, events: {...ui.events, follow: false, cursor, stoppedAtEvents}} : ui;
		}

		case 'kills': {
			const list = killList(picture);
			// Without borders the chosen alert has a line of its own below it, instead of headings above the list.
			const selected = ui.kills.cursor.id === undefined ? 0 : ui.kills.cursor.screenRow;
			const bare = y - box.inner.y;
			const hit = box.left || rows === box.inner.height ? line : bare - Number(bare > selected);
			const cursor = cursorOn(list, ui.kills.cursor, rows, hit);
			return cursor ? {...ui, kills: {...ui.kills, cursor}} : ui;
		}

		case 'detail':
			return ui;
	}
}

function click(scene: Scene, {area, box}: Place, y: number): Reaction {
	const {ui, picture, rowsOf} = scene;
	switch (area) {
		case 'processes':
		case 'events':
		case 'kills':
		case 'detail': {
			const clicked = clickMain(scene, area, box, y);
			return stay(withSubject(scene, focusPane({...scene, ui: clicked}, area).ui));
		}

		case 'timeline':
			return stay({...ui, timeline: {...ui.timeline, active: true}});
		case 'nodes': {
			const cursor = cursorOn(nodeList(picture), ui.nodes.cursor, rowsOf('events'), y - box.inner.y - 1);
			return stay(cursor ? {...ui, nodes: {cursor}} : ui);
		}

		case 'policies': {
			const cursor = cursorOn(policyList(picture), ui.policies.cursor, rowsOf('events'), y - box.inner.y - 1);
			return stay(cursor && ui.policies.openRow === undefined ? {...ui, policies: {...ui.policies, cursor}} : ui);
		}

		default:
			return stay(ui);
	}
}

function wheel(scene: Scene, area: string | undefined, by: number): Reaction {
	const {ui} = scene;
	if (ui.view !== 'main' || area === 'detail') {
		const over = area === 'detail' ? {...ui, focus: 'detail' as const} : ui;
		return stay({...moveBy({...scene, ui: over}, by).ui, focus: ui.focus});
	}

	if (area !== 'processes' && area !== 'events' && area !== 'kills') {
		return stay(ui);
	}

	// What it is over scrolls; the focus and what the detail speaks of stay.
	const {tree, events, kills} = panBy({...scene, ui: {...ui, focus: area}}, by).ui;
	return stay({...ui, tree, events, kills});
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
