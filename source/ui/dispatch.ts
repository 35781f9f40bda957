/** From one event of the terminal to the next state. Every key goes through the key table; typed text goes into a line. */

import {actions} from './action-table.js';
import {typeHelpSearch} from './actions/help.js';
import {mouseReaction} from './actions/mouse.js';
import {remembering} from './actions/places.js';
import type {Scope} from './keys/key-table.js';
import {bindingOf, isTyping, type Keymap} from './keys/keymap.js';
import {scopeOf} from './keys/scope.js';
import {promptPaste, typeInPrompt} from './prompt/prompt.js';
import {type Reaction, type Scene, stay} from './state/reaction.js';
import type {KeyEvent} from './terminal/decoder.js';

type Key = Extract<KeyEvent, {type: 'key'}>;

/** `id` names the action for the crash report; undefined: the event has no action. */
export type Dispatched = Reaction & {readonly id?: string};

/** The line that a scope of typing edits. `text` is '' for a key that writes nothing. */
const typing: Readonly<Partial<Record<Scope, (scene: Scene, name: string, text: string) => Reaction>>> = {
	prompt: typeInPrompt,
	'help-search': typeHelpSearch,
};

function keyReaction(scene: Scene, {name, text}: Key, keymap: Keymap): Dispatched {
	const scope = scopeOf(scene.ui);
	// In a scope of typing a key that writes text always writes it, whatever keys the user has chosen.
	const binding = isTyping(scope) && text !== undefined ? undefined : bindingOf(scope, name, keymap);
	if (binding) {
		return {...actions[binding.id](scene), id: binding.id};
	}

	const type = typing[scope];
	return type ? {...type(scene, name, text ?? ''), id: 'type'} : stay(scene.ui);
}

/** What an event does: the next state, and what must follow outside it. */
export function react(scene: Scene, event: KeyEvent, keymap: Keymap): Dispatched {
	switch (event.type) {
		case 'key': {
			const reaction = keyReaction(scene, event, keymap);
			return {...reaction, ui: remembering(scene.ui, reaction.ui)};
		}

		case 'paste':
			return {...promptPaste(scene, event.text), id: 'paste'};
		case 'mouse':
			return mouseReaction(scene, event);
		case 'position':
			return stay(scene.ui);
	}
}
