/** Rows that stay in the top part of their pane, whatever comes, goes or is filtered. */
import {own} from '../../text/safe.js';
import {cursorIndex} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {UiState} from '../state/state.js';
import {eventCursor, eventList, killList, treeList} from './lists.js';

function turned<Id>(pins: readonly Id[], id: Id | undefined): readonly Id[] {
	if (id === undefined) {
		return pins;
	}

	return pins.includes(id) ? pins.filter(pin => pin !== id) : [...pins, id];
}

function withPins(ui: UiState, pins: Partial<UiState['pins']>): Reaction {
	return stay({...ui, pins: {...ui.pins, ...pins}});
}

/** Pins the row under the cursor, or lets it go. */
export function pin(scene: Scene): Reaction {
	const {ui, picture} = scene;
	const {pins} = ui;
	if (ui.view === 'main' && ui.focus === 'events') {
		const list = eventList(picture);
		return withPins(ui, {events: turned(pins.events, list.idAt(cursorIndex(list, eventCursor(scene))))});
	}

	if (ui.view === 'main' && ui.focus === 'processes') {
		const list = treeList(picture);
		return withPins(ui, {processes: turned(pins.processes, list.idAt(cursorIndex(list, ui.tree.cursor)))});
	}

	if (ui.view === 'main' && ui.focus === 'kills') {
		const list = killList(picture);
		return withPins(ui, {kills: turned(pins.kills, list.idAt(cursorIndex(list, ui.kills.cursor)))});
	}

	return stay(flash(scene, own('processes, events and alerts can be pinned: 1, 2, 3')));
}

export function unpinAll(scene: Scene): Reaction {
	return stay(flash(scene, own('nothing is pinned'), {...scene.ui, pins: {events: [], processes: [], kills: []}}));
}

/** The feed's columns: as the width gives, fewer, all that there are. */
export function turnColumns(scene: Scene): Reaction {
	const {ui} = scene;
	const next = {fitting: 'narrow', narrow: 'wide', wide: 'fitting'} as const;
	const columns = next[ui.events.columns];
	return stay(flash(scene, own`columns: ${own(columns)}`, {...ui, events: {...ui.events, columns}}));
}

export const pinActions = {pin, 'unpin-all': unpinAll, 'column-set': turnColumns};
