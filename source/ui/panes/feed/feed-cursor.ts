/** The cursor of the event feed, which follows the newest row until the user moves it. */
import {cursorAt, cursorIndex, cursorOf, type List, withCursor} from '../../state/cursor.js';
import type {Picture} from '../../state/picture.js';
import type {Scene, Seen} from '../../state/reaction.js';
import type {Cursor, UiState} from '../../state/state.js';

export function eventList({feed}: Picture): List<number> {
	return {
		length: feed.length,
		idAt: index => feed.at(index)?.seq,
		indexOf: seq => feed.indexOf(seq),
	};
}

/** Index of the row under the cursor, the last one while the feed follows; -1 in an empty feed. */
export function eventIndex({ui, picture}: Seen): number {
	return ui.events.follow ? picture.feed.length - 1 : cursorIndex(eventList(picture), cursorOf(ui, 'events'));
}

export function eventCursor(scene: Scene): Cursor {
	const {ui, picture, rowsOf} = scene;
	if (!ui.events.follow) {
		return cursorOf(ui, 'events');
	}

	const {length} = picture.feed;
	return {id: picture.feed.at(length - 1)?.seq, screenRow: Math.max(0, Math.min(length, rowsOf('events')) - 1)};
}

/** The feed stays where its cursor is, and counts what comes from now on. */
export function stoppedAt({ui, picture}: Seen, cursor: Cursor): UiState {
	const stoppedAtEvents = ui.events.follow ? picture.totals.events : ui.events.stoppedAtEvents;
	return {...withCursor(ui, 'events', cursor), events: {...ui.events, follow: false, stoppedAtEvents}};
}

/** The feed with a row in its middle. */
export function stoppedInMiddle(scene: Scene, index: number): UiState {
	const height = Math.max(1, scene.rowsOf('events'));
	return stoppedAt(scene, cursorAt(eventList(scene.picture), index, Math.trunc(height / 2), height));
}

/** The feed goes with what comes again; a pause ends, since a frozen picture cannot follow. */
export function following(ui: UiState): UiState {
	return {
		...withCursor(ui, 'events', {id: undefined, screenRow: 0}),
		pause: undefined,
		events: {...ui.events, follow: true},
	};
}
