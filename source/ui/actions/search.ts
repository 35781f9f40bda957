/** Going from match to match of the highlight, in the feed. */
import {own} from '../../text/safe.js';
import {eventIndex, stoppedInMiddle} from '../panes/feed/feed-cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import {thousands} from '../widgets/numbers.js';

export function nextMatch(scene: Scene, by: 1 | -1): Reaction {
	const {ui, picture} = scene;
	if (!ui.highlight) {
		return stay(flash(scene, own('no search: F3 or S marks what matches and keeps all rows')));
	}

	const {search, feed} = picture;
	const at = ui.events.follow ? undefined : feed.at(eventIndex(scene));
	// A folded row is that of its newest event: its older hits are in it.
	const from = at?.seq ?? (by === 1 ? Number.MAX_SAFE_INTEGER - 1 : Number.MAX_SAFE_INTEGER);
	const found = search?.next(from, by);
	if (search === undefined || found === undefined) {
		const words = by === 1 ? own('no match below') : own('no match above');
		return stay(flash(scene, search?.isAll === false ? own`${words} so far: the buffer is still being read` : words));
	}

	const index = feed.indexOf(found);
	const count = own`match ${thousands(search.placeOf(found))} of ${thousands(search.hits)}`;
	const words = search.isAll ? count : own`${count} so far`;
	return stay(flash(scene, words, {...stoppedInMiddle(scene, index), focus: 'events'}));
}

export const searchActions = {
	'next-match': (scene: Scene) => nextMatch(scene, 1),
	'previous-match': (scene: Scene) => nextMatch(scene, -1),
};
