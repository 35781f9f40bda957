/** Back and forward through where the user was: views, open details, filters. */
import {own} from '../../text/safe.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {Place, UiState} from '../state/state.js';

const most = 100;

function placeOf({view, focus, zoom, chips, detail}: UiState): Place {
	return {view, focus, zoom, chips, detail};
}

/** Remembers a place that was left for another view, filter or subject; a mere change of focus is no journey. */
export function remembering(before: UiState, after: UiState): UiState {
	const moved = before.view !== after.view || before.chips !== after.chips || before.detail.open !== after.detail.open;
	if (!moved || before.places !== after.places) {
		return after;
	}

	return {...after, places: {past: [...before.places.past, placeOf(before)].slice(-most), future: []}};
}

export function goBack(scene: Scene): Reaction {
	const {ui} = scene;
	const place = ui.places.past.at(-1);
	if (!place) {
		return stay(flash(scene, own('nothing to go back to')));
	}

	return stay({
		...ui,
		...place,
		places: {past: ui.places.past.slice(0, -1), future: [placeOf(ui), ...ui.places.future]},
	});
}

export function goForward(scene: Scene): Reaction {
	const {ui} = scene;
	const [place, ...future] = ui.places.future;
	if (!place) {
		return stay(flash(scene, own('nothing to go forward to')));
	}

	return stay({...ui, ...place, places: {past: [...ui.places.past, placeOf(ui)], future}});
}

export const placeActions = {'view-back': goBack, 'view-forward': goForward};
