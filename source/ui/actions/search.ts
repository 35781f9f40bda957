/** Going from match to match of the highlight, in the feed. */
import {own} from '../../text/safe.js';
import {cursorAt, cursorIndex} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import {eventList} from './lists.js';

/** Rows looked at for one key: the key must not wait, and a match further away than this is nearer by filtering. */
const reach = 20_000;

export function nextMatch(scene: Scene, by: 1 | -1): Reaction {
	const {ui, picture, rowsOf} = scene;
	if (!ui.highlight) {
		return stay(flash(scene, own('no search: F3 or S marks what matches and keeps all rows')));
	}

	const list = eventList(picture);
	const from = ui.events.follow ? list.length : cursorIndex(list, ui.events.cursor);
	for (let steps = 1; steps <= Math.min(reach, list.length); steps++) {
		const index = from + by * steps;
		if (index < 0 || index >= list.length) {
			break;
		}

		if (picture.feed.matches(index)) {
			const height = Math.max(1, rowsOf('events'));
			const cursor = cursorAt(list, index, Math.trunc(height / 2), height);
			const stoppedAtEvents = ui.events.follow ? picture.totals.events : ui.events.stoppedAtEvents;
			return stay({...ui, focus: 'events', events: {...ui.events, follow: false, cursor, stoppedAtEvents}});
		}
	}

	return stay(flash(scene, by === 1 ? own('no match below') : own('no match above')));
}

export const searchActions = {
	'next-match': (scene: Scene) => nextMatch(scene, 1),
	'previous-match': (scene: Scene) => nextMatch(scene, -1),
};
