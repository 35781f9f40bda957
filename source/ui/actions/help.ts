/** The help overlay and the search in it. */
import {type Reaction, type Scene, stay} from '../state/reaction.js';

export function openHelp({ui}: Scene): Reaction {
	return stay({...ui, overlay: ui.overlay?.type === 'help' ? undefined : {type: 'help', scroll: 0, search: undefined}});
}

/** Sets the text that the help is searched for; undefined ends the search. */
function searchFor({ui}: Scene, search: string | undefined): Reaction {
	return stay(ui.overlay?.type === 'help' ? {...ui, overlay: {...ui.overlay, search, scroll: 0}} : ui);
}

function searched({ui}: Scene): string {
	return ui.overlay?.type === 'help' ? (ui.overlay.search ?? '') : '';
}

/** A key that the table does not bind while the help is searched: its text is added to the search. */
export function typeHelpSearch(scene: Scene, _name: string, text: string): Reaction {
	return text === '' ? stay(scene.ui) : searchFor(scene, searched(scene) + text);
}

export const helpActions = {
	help: openHelp,
	'prompt-help': openHelp,
	'help-find': (scene: Scene) => searchFor(scene, ''),
	'help-find-end': (scene: Scene) => searchFor(scene, undefined),
	'help-find-erase': (scene: Scene) => searchFor(scene, searched(scene).slice(0, -1)),
};
