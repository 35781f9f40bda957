/** Filters from the row under the cursor. */
import {parseChips} from '../../query/parse-chips.js';
import {termOf} from '../../query/written-term.js';
import {own, safe} from '../../text/safe.js';
import {kindOf} from '../panes/pane-kinds.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {UiState} from '../state/state.js';
import {openDetail} from './views.js';

export function addChips(scene: Scene, text: string, ui: UiState = scene.ui): Reaction {
	const parsed = parseChips(text);
	if ('error' in parsed) {
		return stay(flash(scene, safe(parsed.error), ui));
	}

	const fresh = parsed.chips.filter(chip => !ui.chips.some(known => known.text === chip.text));
	return stay({...ui, chips: [...ui.chips, ...fresh]});
}

/** Opens a menu of the row's values: the chosen one becomes a filter, negated on request. */
export function chooseValue(scene: Scene, negate: boolean): Reaction {
	const values = kindOf(scene.ui)
		.values(scene)
		.filter(({field}) => field !== '');
	if (values.length === 0) {
		return stay(flash(scene, own('nothing under the cursor to filter by')));
	}

	const items = values.map(value => ({
		id: `chip ${termOf(value.field, value.value, negate)}`,
		label: value.label,
		text: value.value,
	}));
	const title = negate ? 'Leave out events with this' : 'Only events with this';
	return stay({...scene.ui, overlay: {type: 'menu', title, items, cursor: 0}});
}

export function onlyNode(scene: Scene): Reaction {
	const node = kindOf(scene.ui)
		.values(scene)
		.find(({field}) => field === 'node');
	return node ? addChips(scene, termOf(node.field, node.value), {...scene.ui, view: 'main'}) : stay(scene.ui);
}

export function allNamespaces(scene: Scene): Reaction {
	const chips = scene.ui.chips.filter(chip => !/^!?ns[:=~]/.test(chip.text));
	return stay(flash(scene, own('all namespaces'), {...scene.ui, chips}));
}

/** Enter: opens the row inside its pane, or limits all panes to it, or opens the detail. */
export function open(scene: Scene): Reaction {
	const {ui} = scene;
	const kind = kindOf(ui);
	const opened = kind.open?.(scene);
	if (opened) {
		return stay(opened);
	}

	const scope = kind.scope?.(scene) ?? [];
	return scope.length === 0
		? openDetail(scene)
		: addChips(scene, scope.map(({field, value}) => termOf(field, value)).join(' '), {...ui, view: 'main'});
}

export const filterActions = {
	'all-namespaces': allNamespaces,
	'only-node': onlyNode,
	only: (scene: Scene) => chooseValue(scene, false),
	not: (scene: Scene) => chooseValue(scene, true),
	open,
};
