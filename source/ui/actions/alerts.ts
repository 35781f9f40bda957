/** Walking the kills from any pane: tree, feed and detail move together. */
import type {Process} from '../../store/processes/process.js';
import {isDeathGroup} from '../../store/snapshot.js';
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
	const all = killList(picture);
	const list = walkedRows(scene);
	if (list.length === 0) {
		const hidden = picture.kills.groups.length;
		const words =
			all.length > 0
				? own('no kill by a policy yet: :set deaths=all')
				: hidden === 0
					? own('no kill yet')
					: own`the filter hides ${counted(hidden, own('alert'), own('alerts'))}: Esc removes the last filter, :filter lists all`;
		return stay(flash(scene, words));
	}

	const cursor = cursorOf(ui, 'kills');
	const isFirst = cursor.id === undefined || ui.detail.subject?.type !== 'kill';
	const from = list.indexOf(cursorIndex(all, cursor));
	// From a row that is not walked to, the next one in that direction.
	const near =
		by > 0
			? list.findIndex(index => index > cursorIndex(all, cursor))
			: list.findLastIndex(index => index < cursorIndex(all, cursor));
	const to = isFirst ? 0 : from < 0 ? near : from + by;
	return showAlert(scene, list[(to + list.length) % list.length] ?? 0);
}

/** Indexes of the rows that the walk stops at. */
function walkedRows({ui, picture}: Scene): readonly number[] {
	const isAll = (ui.kills.deaths ?? (picture.hasTarget ? 'all' : 'policy')) === 'all';
	const rows = Array.from({length: picture.killRows.length}, (_, index) => index);
	return rows.filter(index => {
		const group = picture.killRows.at(index);
		return group !== undefined && (isAll || !isDeathGroup(group));
	});
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
