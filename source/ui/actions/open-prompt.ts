/** Opening the prompt; what is typed into it is in prompt.ts. */

import {lineEditor} from '../state/line-editor.js';
import {type Reaction, type Scene, stay} from '../state/reaction.js';
import type {PromptMode} from '../state/state.js';

/** Opens the prompt with a text and the history of its mode. A filter or a search is for the main view. */
export function openPrompt({ui}: Scene, mode: PromptMode, text = ''): Reaction {
	return stay({
		...ui,
		view: mode === 'command' ? ui.view : 'main',
		prompt: {mode, editor: lineEditor(text, ui.history[mode]), candidate: -1, exclude: false, error: undefined},
	});
}

export const openPromptActions = {
	filter: (scene: Scene) => openPrompt(scene, 'filter'),
	search: (scene: Scene) => openPrompt(scene, 'highlight'),
	command: (scene: Scene) => openPrompt(scene, 'command'),
	save: (scene: Scene) => openPrompt(scene, 'command', 'save '),
};
