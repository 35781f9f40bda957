/** What a search reads of an event beside the event: its ancestors, and the words that only the screen has. */
import type {Around} from '../../query/text-test.js';
import type {FilterRow} from '../../store/ring/filter-row.js';
import type {Store} from '../../store/store.js';
import {exitCause} from '../widgets/exit-words.js';
import {killOf, killWords} from '../widgets/kill-words.js';

export function aroundEvents(store: Store): Around {
	function said({process, seq, kind}: FilterRow): string {
		if (kind === 'process_exit') {
			return exitCause(process, one => store.deaths.of(one), false);
		}

		const kill = process === undefined || process.kills.length === 0 ? undefined : killOf(process, seq);
		return kill === undefined ? '' : `${killWords[kill.state].verb}\n${killWords[kill.state].name}`;
	}

	return {chainOf: process => store.chainOf(process), said};
}
