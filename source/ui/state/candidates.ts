/** The pods that match the word being typed into a filter. */

import type {Term} from '../../query/chip.js';
import {rankPods} from '../../query/fuzzy.js';
import {parseChips} from '../../query/parse-chips.js';
import type {Store} from '../../store/store.js';
import type {Picture} from './picture.js';
import type {UiState} from './state.js';

const mostRows = 50;

type Text = Picture['candidates']['text'];

/** Best first; none while no filter is typed. `text` is the last word as a text. */
export function candidatesOf({prompt}: UiState, store: Store, text: Text): Picture['candidates'] {
	if (prompt === undefined || prompt.mode === 'command' || killWord(prompt.editor.text) !== undefined) {
		return {rows: [], total: 0, text: undefined};
	}

	const pods = store.pods();
	return {rows: rankPods(podWord(prompt.editor.text), pods, mostRows), total: pods.length, text};
}

/** The last word that is typed, where it is a bare one or a text in quotes; undefined: something else is typed. */
export function bareWord({prompt}: UiState): Term | undefined {
	if (prompt === undefined || prompt.mode === 'command') {
		return undefined;
	}

	const parsed = parseChips(prompt.editor.text);
	const term = 'error' in parsed ? undefined : parsed.chips.at(-1)?.terms.at(-1);
	return term?.bare && (term.field === 'text' || ['fuzzy', 'contains'].includes(term.comparison)) ? term : undefined;
}

/** The value being typed after `kill:`; undefined: something else is typed. */
export function killWord(text: string): string | undefined {
	return /(?:^|[\s|!])kill[:=]([^\s|]*)$/.exec(text)?.[1];
}

/** The word being typed, as far as it names a pod: `!x`, `pod:x` and `pod=x` mean the name after these characters. */
function podWord(text: string): string {
	const word = text.split(/\s+/).at(-1) ?? '';
	return word
		.replace(/^!/, '')
		.replace(/^pod[:=~]/, '')
		.replace(/^['^"]/, '');
}
