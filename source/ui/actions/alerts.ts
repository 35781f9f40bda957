/** Walking the kills from any pane: tree, feed and detail move together. */
import {own} from '../../text/safe.js';
import {cursorAt, cursorIndex} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import {eventList, killList} from './lists.js';

/** `by` +1 goes to the next alert of the pane, −1 to the one before; the first press goes to the newest. */
export function walkAlerts(scene: Scene, by: number): Reaction {
	const {ui, picture} = scene;
	const list = killList(picture);
	if (list.length === 0) {
		return stay(flash(scene, own('no kill yet')));
	}

	const isFirst = ui.kills.cursor.id === undefined || ui.detail.subject?.type !== 'kill';
	const from = isFirst ? -Math.sign(by) : cursorIndex(list, ui.kills.cursor);
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

	const cursor = cursorAt(list, index, ui.kills.cursor.screenRow, Math.max(1, rowsOf('kills')));
	const kill = group.kills.at(-1);
	let {events, tree} = ui;
	if (kill && kill.seq >= 0) {
		const feed = eventList(picture);
		const at = feed.indexOf(kill.seq);
		const height = Math.max(1, rowsOf('events'));
		if (at >= 0 && feed.idAt(at) === kill.seq) {
			events = {
				...events,
				follow: false,
				cursor: cursorAt(feed, at, Math.trunc(height / 2), height),
				stoppedAtEvents: events.follow ? picture.totals.events : events.stoppedAtEvents,
			};
		}
	}

	if (kill?.process) {
		const folded = new Map(tree.folded);
		for (const id of picture.tree.pathOf(kill.process)) {
			folded.set(id, false);
		}

		tree = {...tree, folded, cursor: {id: kill.process.execId, screenRow: Math.trunc(rowsOf('processes') / 2)}};
	}

	return stay({
		...ui,
		events,
		tree,
		kills: {...ui.kills, cursor},
		detail: {...ui.detail, open: true, subject: {type: 'kill', groupId: group.id}, scroll: 0},
	});
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
