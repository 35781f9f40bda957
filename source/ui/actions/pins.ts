/** Rows that stay in the top part of their pane, whatever comes, goes or is filtered. */
import {joinSafe, own, safe} from '../../text/safe.js';
import {cursorIn} from '../panes/pane-kind.js';
import {kindOf, kinds} from '../panes/pane-kinds.js';
import {cursorIndex} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {RowId} from '../state/state.js';

function turned(pins: readonly RowId[], id: RowId): readonly RowId[] {
	return pins.includes(id) ? pins.filter(pin => pin !== id) : [...pins, id];
}

const pinnable = Object.values(kinds).filter(({canPin}) => canPin);
const pinnableNames = joinSafe(
	pinnable.map(({name}) => name),
	own(', '),
);
const pinnableKeys = pinnable.map(({digit}) => digit).join(', ');

/** Pins the row under the cursor, or lets it go. */
export function pin(scene: Scene): Reaction {
	const {ui, picture} = scene;
	const kind = kindOf(ui);
	const list = kind.list?.(picture);
	if (!kind.canPin || !list) {
		return stay(flash(scene, own`can be pinned: ${pinnableNames} (${safe(pinnableKeys)})`));
	}

	const id = list.idAt(cursorIndex(list, cursorIn(kind, scene)));
	const {[kind.id]: pins = []} = ui.pins;
	return stay(id === undefined ? ui : {...ui, pins: {...ui.pins, [kind.id]: turned(pins, id)}});
}

export function unpinAll(scene: Scene): Reaction {
	return stay(flash(scene, own('nothing is pinned'), {...scene.ui, pins: {}}));
}

/** The feed's columns: as the width gives, fewer, all that there are. */
export function turnColumns(scene: Scene): Reaction {
	const {ui} = scene;
	const next = {fitting: 'narrow', narrow: 'wide', wide: 'fitting'} as const;
	const columns = next[ui.events.columns];
	return stay(flash(scene, own`columns: ${own(columns)}`, {...ui, events: {...ui.events, columns}}));
}

export const pinActions = {pin, 'unpin-all': unpinAll, 'column-set': turnColumns};
