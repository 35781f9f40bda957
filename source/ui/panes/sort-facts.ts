/** The order of a list for the title of its pane; nothing where it is the list's own order. */
import type {Segment} from '../frame/line.js';
import {type Sort, type SortChoice, sortWords} from '../state/orders.js';
import {segment} from '../widgets/cells.js';

export function sortFacts(choices: readonly SortChoice[], sort: Sort | undefined): Segment[] {
	const words = sortWords(choices, sort);
	return words === undefined ? [] : [segment(words, 'accent')];
}
