/** Moving a selection through a list that grows, shrinks and shifts under it: the selection is an id and keeps its screen line. */
import type {KindId} from '../frame/pane-ids.js';
import type {Cursor, RowId, UiState} from './state.js';

/** The rows of a list by their ids. Methods and not functions, so that a list of one kind of id is a list of any. */
export type List<Id extends RowId = RowId> = {
	readonly length: number;
	idAt(index: number): Id | undefined;
	/** -1 where the id is not in the list; for sequence numbers the next after it. */
	indexOf(id: Id): number;
};

const noCursor: Cursor = {id: undefined, screenRow: 0};

export function cursorOf({cursors}: UiState, id: KindId): Cursor {
	return cursors[id] ?? noCursor;
}

export function withCursor(ui: UiState, id: KindId, cursor: Cursor): UiState {
	return {...ui, cursors: {...ui.cursors, [id]: cursor}};
}

/** Index of the selected row; the first row where nothing is selected, or the selected one is gone and its line is empty. */
export function cursorIndex<Id extends RowId>(list: List<Id>, cursor: Cursor<Id>): number {
	if (cursor.id === undefined || list.length === 0) {
		return list.length === 0 ? -1 : 0;
	}

	const index = list.indexOf(cursor.id);
	return index === -1 ? Math.min(cursor.screenRow, list.length - 1) : Math.min(index, list.length - 1);
}

/** Moves by rows; the line moves with it until it reaches an edge of the pane, then the list scrolls. */
export function moveCursor<Id extends RowId>(
	list: List<Id>,
	cursor: Cursor<Id>,
	by: number,
	height: number,
): Cursor<Id> {
	const from = cursorIndex(list, cursor);
	if (from === -1) {
		return cursor;
	}

	return cursorAt(list, from + by, cursor.screenRow + (clamp(from + by, 0, list.length - 1) - from), height);
}

/** Selects a row and says on which line of the pane it is to be. */
export function cursorAt<Id extends RowId>(
	list: List<Id>,
	index: number,
	screenRow: number,
	height: number,
): Cursor<Id> {
	const at = clamp(index, 0, list.length - 1);
	const id = list.idAt(at);
	const below = list.length - 1 - at;
	// Near the ends of the list the pane stays full: the line is where the window's edge puts it.
	const lowest = Math.min(height - 1, at);
	const highest = Math.max(0, height - 1 - below);
	return {id, screenRow: clamp(screenRow, Math.min(highest, lowest), lowest)};
}

/** Scrolls the list under a selection that stays selected, until the pane's edge takes it along. */
export function panCursor<Id extends RowId>(
	list: List<Id>,
	cursor: Cursor<Id>,
	by: number,
	height: number,
): Cursor<Id> {
	const from = cursorIndex(list, cursor);
	if (from === -1) {
		return cursor;
	}

	const screenRow = cursor.screenRow - by;
	if (screenRow >= 0 && screenRow < height) {
		return cursorAt(list, from, screenRow, height);
	}

	return cursorAt(list, from + by, cursor.screenRow, height);
}

export function clamp(value: number, low: number, high: number): number {
	return Math.max(low, Math.min(high, value));
}
