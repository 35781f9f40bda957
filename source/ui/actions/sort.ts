/** The sort menu of the pane that has the keys, and reversing its order. */
import {own, safe} from '../../text/safe.js';
import type {PaneKind} from '../panes/pane-kind.js';
import {kindOf, kinds} from '../panes/pane-kinds.js';
import {type Sort, sortOf, sortWords} from '../state/orders.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';

const sortable = Object.values(kinds)
	.filter(({sorts}) => sorts)
	.map(({digit}) => digit)
	.join(', ');

function nothing(scene: Scene): Reaction {
	return stay(flash(scene, own`this list keeps the order in which its rows came; ${safe(sortable)} can be sorted`));
}

export function openSortMenu(scene: Scene): Reaction {
	const {ui} = scene;
	const {id, sorts} = kindOf(ui);
	if (!sorts) {
		return nothing(scene);
	}

	const {by} = sortOf(sorts, ui.sorts[id]);
	const items = sorts.map(choice => ({id: `sort ${choice.by}`, label: choice.label}));
	const cursor = Math.max(
		0,
		sorts.findIndex(choice => choice.by === by),
	);
	return stay({...ui, overlay: {type: 'menu', title: 'Sort by', items, cursor}});
}

function sorted(scene: Scene, {id, sorts = []}: PaneKind, change: Partial<Sort>): Reaction {
	const sort = {...sortOf(sorts, scene.ui.sorts[id]), ...change};
	const ui = {...scene.ui, sorts: {...scene.ui.sorts, [id]: sort}};
	return stay(flash(scene, sortWords(sorts, sort) ?? own('in the usual order'), ui));
}

export function chooseSort(scene: Scene, by: string): Reaction {
	return sorted(scene, kindOf(scene.ui), {by});
}

/** What the list that has the keys can be sorted by. */
export function sortNames({ui}: Pick<Scene, 'ui'>): readonly string[] {
	return (kindOf(ui).sorts ?? []).map(({by}) => by);
}

/** `:sort` by name; without one the menu. */
export function sortBy(scene: Scene, by: string): Reaction {
	const names = sortNames(scene);
	if (by === '' || names.length === 0) {
		return openSortMenu(scene);
	}

	return names.includes(by)
		? chooseSort(scene, by)
		: stay(flash(scene, own`this list is sorted by one of: ${safe(names.join(', '))}`));
}

export function invertSort(scene: Scene): Reaction {
	const {ui} = scene;
	const kind = kindOf(ui);
	const {sorts} = kind;
	return sorts ? sorted(scene, kind, {isInverted: !sortOf(sorts, ui.sorts[kind.id]).isInverted}) : nothing(scene);
}

export const sortActions = {sort: openSortMenu, invert: invertSort};
