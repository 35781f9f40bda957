/** How a list stands, for the title of its pane; nothing where it stands as it does by itself. */
import type {Segment} from '../frame/line.js';
import {type SortScope, sortWords} from '../state/orders.js';
import type {UiState} from '../state/state.js';
import {segment} from '../widgets/cells.js';

export function sortFacts(scope: SortScope, {sorts}: UiState): Segment[] {
	const words = sortWords(scope, sorts[scope]);
	return words === undefined ? [] : [segment(words, 'accent')];
}
