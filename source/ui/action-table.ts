/**
What each key does. An action is a row of the table of its file; the compiler checks that every id of the key table has
one.
*/

import {own, safe} from '../text/safe.js';
import {alertActions} from './actions/alerts.js';
import {chipActions} from './actions/chips.js';
import {copyActions} from './actions/copy.js';
import {addChips, filterActions} from './actions/filters.js';
import {helpActions} from './actions/help.js';
import {listActions} from './actions/lists.js';
import {openPromptActions} from './actions/open-prompt.js';
import {pinActions} from './actions/pins.js';
import {placeActions} from './actions/places.js';
import {policyActions} from './actions/policies.js';
import {searchActions} from './actions/search.js';
import {settingActions} from './actions/settings.js';
import {showActions} from './actions/show.js';
import {chooseSort, sortActions} from './actions/sort.js';
import {timelineActions} from './actions/timeline.js';
import {treeActions} from './actions/tree.js';
import {viewActions} from './actions/views.js';
import type {ActionId} from './keys/key-table.js';
import {promptActions} from './prompt/prompt.js';
import {type Effect, flash, type Reaction, type Scene, stay} from './state/reaction.js';

type Action = (scene: Scene) => Reaction;

/** An action that changes nothing on the screen itself. */
function effect(what: Effect): Action {
	return ({ui}) => stay(ui, what);
}

const closeOverlay: Action = ({ui}) => stay({...ui, overlay: undefined});

/** The action of a menu's item: the first word of its id says what kind it is. */
const choose: Action = scene => {
	const {overlay} = scene.ui;
	if (overlay?.type !== 'menu') {
		return stay(scene.ui);
	}

	const ui = {...scene.ui, overlay: undefined};
	const item = overlay.items[overlay.cursor];
	const [kind, ...rest] = (item?.id ?? '').split(' ');
	switch (kind) {
		case 'chip':
			return addChips({...scene, ui}, rest.join(' '), {...ui, view: 'main'});
		case 'copy':
			return stay(ui, {type: 'copy', text: item?.text ?? '', what: safe(item?.label ?? '')});
		case 'sort':
			return chooseSort({...scene, ui}, rest.join(' '));
		case 'do':
			return actions[rest[0] as ActionId]({...scene, ui});
		default:
			return stay(ui);
	}
};

export const actions: Readonly<Record<ActionId, Action>> = {
	...alertActions,
	...chipActions,
	...copyActions,
	...filterActions,
	...helpActions,
	...listActions,
	...openPromptActions,
	...pinActions,
	...placeActions,
	...policyActions,
	...promptActions,
	...searchActions,
	...settingActions,
	...showActions,
	...sortActions,
	...timelineActions,
	...treeActions,
	...viewActions,
	quit: effect({type: 'quit'}),
	suspend: effect({type: 'suspend'}),
	redraw: effect({type: 'redraw'}),
	plain: effect({type: 'plain-screen'}),
	record: effect({type: 'record', path: undefined}),
	mark: effect({type: 'mark'}),
	faster: effect({type: 'replay', change: 'faster'}),
	slower: effect({type: 'replay', change: 'slower'}),
	reconnect: effect({type: 'reconnect', node: undefined}),
	theme: effect({type: 'theme'}),
	mouse: effect({type: 'mouse'}),
	'read-only': scene => stay(flash(scene, own('tetratop is read-only: it kills and deletes nothing'))),
	'overlay-close': closeOverlay,
	'answer-no': closeOverlay,
	retry: ({ui}) => stay({...ui, overlay: undefined}, {type: 'reconnect', node: undefined}),
	'menu-choose': choose,
};
