/** One key event to the next state: what is open decides what a key means. */

import {actions} from '../actions/actions.js';
import {mouseReaction} from '../actions/mouse.js';
import {remembering} from '../actions/places.js';
import {barScope} from '../panes/key-bar.js';
import {promptKey, promptPaste} from '../prompt/prompt.js';
import {type Reaction, type Scene, stay} from '../state/reaction.js';
import type {KeyEvent} from '../terminal/decoder.js';
import {bindingOf, type Keymap} from './keymap.js';

/** Keys that the prompt's own scope binds act; every other edits the line. */
function typing(scene: Scene, event: Extract<KeyEvent, {type: 'key'}>, keymap: Keymap): Reaction {
	const bound = bindingOf('prompt', event.name, keymap);
	if (bound && bound.scope === 'prompt') {
		return actions[bound.id](scene);
	}

	if (bound?.scope === 'always' && event.name !== 'ctrl-c') {
		return actions[bound.id](scene);
	}

	return promptKey(scene, event.name, event.text ?? '');
}

/** In the help a search is typed into the overlay itself. */
function searchingHelp(scene: Scene, event: Extract<KeyEvent, {type: 'key'}>): Reaction | undefined {
	const {ui} = scene;
	if (ui.overlay?.type !== 'help' || ui.overlay.search === undefined) {
		return undefined;
	}

	const {overlay} = ui;
	const search = overlay.search ?? '';
	if (event.name === 'esc') {
		return stay({...ui, overlay: {...overlay, search: undefined, scroll: 0}});
	}

	if (event.name === 'backspace') {
		return stay({...ui, overlay: {...overlay, search: search.slice(0, -1), scroll: 0}});
	}

	return event.text === undefined
		? undefined
		: stay({...ui, overlay: {...overlay, search: search + event.text, scroll: 0}});
}

/** What an event does, and the id of the action for the crash report; no id: it did nothing by the table. */
export function react(scene: Scene, event: KeyEvent, keymap: Keymap): Reaction & {readonly id?: string} {
	const {ui} = scene;
	if (event.type === 'paste') {
		return {...promptPaste(scene, event.text), id: 'paste'};
	}

	if (event.type === 'mouse') {
		return mouseReaction(scene, event);
	}

	if (event.type !== 'key') {
		return stay(ui);
	}

	if (ui.prompt && !ui.overlay) {
		const typed = typing(scene, event, keymap);
		return {...typed, ui: remembering(ui, typed.ui), id: 'type'};
	}

	const searched = searchingHelp(scene, event);
	if (searched) {
		return searched;
	}

	const binding = bindingOf(barScope(ui), event.name, keymap);
	if (!binding) {
		return stay(ui);
	}

	const reaction = actions[binding.id](scene);
	return {...reaction, ui: remembering(ui, reaction.ui), id: binding.id};
}
