/** Going from match to match of the highlight, in the feed. */
import {own} from '../../text/safe.js';
import {eventIndex, stoppedInMiddle} from '../panes/feed/feed-cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';

/** Rows looked at for one key: the key must not wait, and a match further away than this is nearer by filtering. */
const reach = 20_000;

export function nextMatch(scene: Scene, by: 1 | -1): Reaction {
	const {ui, picture} = scene;
	if (!ui.highlight) {
		return stay(flash(scene, own('no search: F3 or S marks what matches and keeps all rows')));
	}

	const {length} = picture.feed;
	const from = ui.events.follow ? length : eventIndex(scene);
	for (let steps = 1; steps <= Math.min(reach, length); steps++) {
		const index = from + by * steps;
		if (index < 0 || index >= length) {
			break;
		}

		if (picture.feed.matches(index)) {
			return stay({...stoppedInMiddle(scene, index), focus: 'events'});
		}
	}

	return stay(flash(scene, by === 1 ? own('no match below') : own('no match above')));
}

export const searchActions = {
	'next-match': (scene: Scene) => nextMatch(scene, 1),
	'previous-match': (scene: Scene) => nextMatch(scene, -1),
};
