/** Filters from the row under the cursor. */
import {parseChips} from '../../query/parse.js';
import {own, safe} from '../../text/safe.js';
import {cursorIndex} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {UiState} from '../state/state.js';
import {eventCursor, eventList, policyList, treeList} from './lists.js';
import {termOf} from './term.js';
import {groupValues, valuesUnder} from './values.js';
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
	const values = valuesUnder(scene).filter(({field}) => field !== '');
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
	const node = valuesUnder(scene).find(({field}) => field === 'node');
	return node ? addChips(scene, termOf(node.field, node.value), {...scene.ui, view: 'main'}) : stay(scene.ui);
}

export function allNamespaces(scene: Scene): Reaction {
	const chips = scene.ui.chips.filter(chip => !/^!?ns[:=~]/.test(chip.text));
	return stay(flash(scene, own('all namespaces'), {...scene.ui, chips}));
}

/** Enter: a group of the tree becomes a filter, a folded row of the feed unfolds; any other row opens its detail. */
export function open(scene: Scene): Reaction {
	const {ui, picture} = scene;
	if (ui.view === 'policies') {
		const row = picture.policies[cursorIndex(policyList(picture), ui.policies.cursor)];
		return stay({...ui, policies: {...ui.policies, openRow: row?.id, scroll: 0}});
	}

	if (ui.view === 'nodes') {
		return onlyNode(scene);
	}

	if (ui.focus === 'processes') {
		const row = picture.tree.at(cursorIndex(treeList(picture), ui.tree.cursor));
		if (row && row.type !== 'process') {
			return addChips(
				scene,
				groupValues(scene)
					.map(({field, value}) => termOf(field, value))
					.join(' '),
			);
		}
	}

	if (ui.focus === 'events') {
		const at = cursorIndex(eventList(picture), eventCursor(scene));
		if (picture.feed.countAt(at) > 1) {
			return unfoldAt(scene, at);
		}
	}

	return openDetail(scene);
}

/** Shows each event as a row of its own from now on; the cursor stays on the newest event of the folded row. */
function unfoldAt(scene: Scene, index: number): Reaction {
	const {ui, picture} = scene;
	const cursor = {id: picture.feed.at(index)?.seq, screenRow: eventCursor(scene).screenRow};
	const stoppedAtEvents = ui.events.follow ? picture.totals.events : ui.events.stoppedAtEvents;
	const events = {...ui.events, fold: false, follow: false, cursor, stoppedAtEvents};
	return stay(flash(scene, own('each event has its own row; :set fold=on folds equal ones again'), {...ui, events}));
}

export const filterActions = {
	'all-namespaces': allNamespaces,
	'only-node': onlyNode,
	only: (scene: Scene) => chooseValue(scene, false),
	not: (scene: Scene) => chooseValue(scene, true),
	open,
};
