/** The sort menu of the focused pane or view, and turning its order round. */
import {own} from '../../text/safe.js';
import {type Sort, type SortScope, sortChoices, sortWords} from '../state/orders.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {UiState} from '../state/state.js';

function scopeOf({view, focus}: UiState): SortScope | undefined {
	if (view !== 'main') {
		return view;
	}

	return focus === 'processes' || focus === 'kills' ? focus : undefined;
}

function nothing(scene: Scene): Reaction {
	return stay(flash(scene, own('events are in the order of their arrival; 1, 3, 4 and 5 can be sorted')));
}

export function openSortMenu(scene: Scene): Reaction {
	const {ui} = scene;
	const scope = scopeOf(ui);
	if (!scope) {
		return nothing(scene);
	}

	const items = sortChoices[scope].map(({by, label}) => ({id: `sort ${by}`, label}));
	const cursor = Math.max(
		0,
		items.findIndex(({id}) => id === `sort ${ui.sorts[scope].by}`),
	);
	return stay({...ui, overlay: {type: 'menu', title: 'Sort by', items, cursor}});
}

function sorted(scene: Scene, scope: SortScope, sort: Sort): Reaction {
	const ui = {...scene.ui, sorts: {...scene.ui.sorts, [scope]: sort}};
	return stay(flash(scene, sortWords(scope, sort) ?? own('in the usual order'), ui));
}

export function chooseSort(scene: Scene, by: string): Reaction {
	const scope = scopeOf(scene.ui);
	return scope ? sorted(scene, scope, {...scene.ui.sorts[scope], by}) : stay(scene.ui);
}

export function invertSort(scene: Scene): Reaction {
	const scope = scopeOf(scene.ui);
	if (!scope) {
		return nothing(scene);
	}

	const sort = scene.ui.sorts[scope];
	return sorted(scene, scope, {...sort, isInverted: !sort.isInverted});
}

export const sortActions = {sort: openSortMenu, invert: invertSort};
