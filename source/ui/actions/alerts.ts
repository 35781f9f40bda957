/** Walking the kills from any pane: tree, feed and detail move together. */
import type {Process} from '../../store/processes/process.js';
import {own} from '../../text/safe.js';
import {eventList, stoppedInMiddle} from '../panes/feed/feed-cursor.js';
import {killList} from '../panes/kills-pane.js';
import {cursorAt, cursorIndex, cursorOf, withCursor} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {UiState} from '../state/state.js';
import {counted} from '../widgets/numbers.js';

/** `by` +1 goes to the next alert of the pane, −1 to the one before; the first press goes to the newest. */
export function walkAlerts(scene: Scene, by: number): Reaction {
	const {ui, picture} = scene;
	const list = killList(picture);
	if (list.length === 0) {
		const hidden = picture.kills.groups.length;
		const words =
			hidden === 0
				? own('no kill yet')
				: own`the filter hides ${counted(hidden, own('alert'), own('alerts'))}: Esc removes the last filter, :filter lists all`;
		return stay(flash(scene, words));
	}

	const cursor = cursorOf(ui, 'kills');
	const isFirst = cursor.id === undefined || ui.detail.subject?.type !== 'kill';
	const from = isFirst ? -Math.sign(by) : cursorIndex(list, cursor);
	const to = isFirst ? 0 : (from + by + list.length) % list.length;
	return showAlert(scene, to);
}

/** Opens the alert at an index of the pane: detail, the feed at its event, the tree at its process. */
export function showAlert(scene: Scene, index: number): Reaction {
	const {ui, picture, rowsOf} = scene;
	const list = killList(picture);
	const group = picture.killRows.at(index);
	if (!group) {
		return stay(ui);
	}

	const {screenRow} = cursorOf(ui, 'kills');
	const cursor = cursorAt(list, index, screenRow, Math.max(1, rowsOf('kills')));
	const kill = group.kills.at(-1);
	let next = kill === undefined ? ui : feedAt(scene, kill.seq);
	if (kill?.process) {
		next = treeAt({...scene, ui: next}, kill.process);
	}

	return stay({
		...withCursor(next, 'kills', cursor),
		detail: {...ui.detail, open: true, subject: {type: 'kill', groupId: group.id}, scroll: 0},
	});
}

/** The feed with an event in its middle; as it was where the event is not in it. */
function feedAt(scene: Scene, seq: number): UiState {
	const feed = eventList(scene.picture);
	const at = seq < 0 ? -1 : feed.indexOf(seq);
	return at >= 0 && feed.idAt(at) === seq ? stoppedInMiddle(scene, at) : scene.ui;
}

/** The tree unfolded down to a process, with the cursor on it. */
function treeAt({ui, picture, rowsOf}: Scene, process: Process): UiState {
	const folded = new Map(ui.tree.folded);
	for (const id of picture.tree.pathOf(process)) {
		folded.set(id, false);
	}

	const cursor = {id: process.execId, screenRow: Math.trunc(rowsOf('processes') / 2)};
	return {...withCursor(ui, 'processes', cursor), tree: {...ui.tree, folded}};
}

export function toggleOnlyAlerts({ui}: Scene): Reaction {
	return stay({...ui, kills: {...ui.kills, only: !ui.kills.only}, events: {...ui.events, follow: true}});
}

export function acknowledge(scene: Scene): Reaction {
	return stay(flash(scene, own('all shown alerts acknowledged')), {type: 'acknowledge', group: 'all'});
}

export function toggleBell(scene: Scene): Reaction {
	const bell = !scene.ui.bell;
	return stay(flash(scene, bell ? own('bell on: at most once in 10 s') : own('bell off'), {...scene.ui, bell}));
}

export const alertActions = {
	'next-alert': (scene: Scene) => walkAlerts(scene, 1),
	'previous-alert': (scene: Scene) => walkAlerts(scene, -1),
	'only-alerts': toggleOnlyAlerts,
	acknowledge,
	bell: toggleBell,
};
