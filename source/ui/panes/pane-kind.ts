/**
What a pane is, as one record: its name and key, its list, what a row of it means, and how it is painted. The screen, the
keys, the actions and the mouse ask the record of the pane that has the focus; none of them names a pane. A view is a pane
that takes the whole screen.
*/
import type {SafeText} from '../../text/safe.js';
import type {Box} from '../frame/box.js';
import type {Line} from '../frame/line.js';
import type {KindId} from '../frame/pane-ids.js';
import {cursorIndex, cursorOf, type List, withCursor} from '../state/cursor.js';
import type {SortChoice} from '../state/orders.js';
import type {Picture} from '../state/picture.js';
import type {Scene, Seen} from '../state/reaction.js';
import type {Cursor, Subject, UiState} from '../state/state.js';
import type {PaneContext} from './pane.js';
import type {Value} from './row-values.js';

/** Cells that a left or right key scrolls long lines by. */
export const shiftCells = 8;

/** How a pane is called. */
export type PaneName = {
	readonly id: KindId;
	/** The key that goes there; undefined: no key does. */
	readonly digit: number | undefined;
	/** `Processes`, or `PROC` where it is tight. */
	readonly name: SafeText;
	readonly short: SafeText;
};

/** Text that is scrolled instead of a cursor moved in it. */
export type PaneText = {
	/** First line on screen. */
	readonly scroll: number;
	readonly scrolledTo: (scroll: number) => UiState;
};

export type PaneKind = PaneName & {
	/** For the title of the help: `process tree`. */
	readonly about: SafeText;
	/** Rows of the list on screen, without title, frame, headings and pins: the actions move the cursor by them. */
	readonly rows: (context: PaneContext, box: Box) => number;
	/** As many lines of exactly as many cells as the box has. */
	readonly paint: (context: PaneContext, box: Box) => readonly Line[];
	/** The rows that the cursor moves through; without it the pane shows a text. */
	readonly list?: (picture: Picture) => List;
	/** Where the cursor is, where that is not what the user chose. */
	readonly cursor?: (scene: Scene) => Cursor;
	/** The state with another cursor, where that changes more than the cursor. `isForward`: it was moved towards the end. */
	readonly withCursor?: (scene: Scene, cursor: Cursor, isForward: boolean) => UiState;
	/** The text that the pane shows now instead of a list; undefined: it shows the list. */
	readonly text?: (ui: UiState) => PaneText | undefined;
	/** Lines of that text, on screen or not. */
	readonly textLines?: (context: PaneContext, box: Box) => number;
	/** The last row, where that is more than a place in the list. */
	readonly toLast?: (ui: UiState) => UiState;
	/** Line of the list on a screen row; without it the list is at the bottom of its box. */
	readonly lineAt?: (scene: Scene, box: Box, y: number, rows: number) => number | undefined;
	/** What the detail shows of the row under the cursor. */
	readonly subject?: (seen: Seen) => Subject | undefined;
	/** Whether the user chose the row under the cursor; without it: whether there is a cursor. */
	readonly isChosen?: (ui: UiState) => boolean;
	/** The kind of subject that is opened from this pane: closing it leads back here. */
	readonly home?: Subject['type'];
	/** What the row under the cursor says: to filter by, to leave out, to copy. */
	readonly values: (scene: Scene) => readonly Value[];
	/** False: `=` and `!` have another meaning here. */
	readonly hasValueKeys?: boolean;
	/** Enter: opens the row inside the pane; undefined: it does not. */
	readonly open?: (scene: Scene) => UiState | undefined;
	/** Enter: the values to which it limits all panes; none: it opens the detail. */
	readonly scope?: (scene: Scene) => readonly Value[];
	/** Esc: closes what is open inside the pane; undefined: nothing is. */
	readonly close?: (ui: UiState) => UiState | undefined;
	/** The state when the pane gets the focus. */
	readonly focused?: (ui: UiState) => UiState;
	/** False: Tab passes by while another pane fills the screen. */
	readonly isOpen?: (ui: UiState) => boolean;
	/** The left and right keys; without it they scroll the text of the feed. */
	readonly sideways?: (ui: UiState, by: number) => UiState;
	/** The sort menu; without it the order is fixed. */
	readonly sorts?: readonly SortChoice[];
	/** Rows can be pinned to the top. */
	readonly canPin?: boolean;
};

/** The cursor of a pane. */
export function cursorIn(kind: PaneKind, scene: Scene): Cursor {
	return kind.cursor?.(scene) ?? cursorOf(scene.ui, kind.id);
}

/** The state with the cursor of a pane moved. */
export function moved(kind: PaneKind, scene: Scene, cursor: Cursor, isForward = false): UiState {
	return kind.withCursor?.(scene, cursor, isForward) ?? withCursor(scene.ui, kind.id, cursor);
}

/** Index of the row that the user chose in a list; the first where none is chosen, -1 in an empty list. */
export function chosenIndex({ui}: Seen, id: KindId, list: List): number {
	return cursorIndex(list, cursorOf(ui, id));
}
