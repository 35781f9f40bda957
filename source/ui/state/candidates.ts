/** The pods that match the word being typed into a filter. */
import {rankPods} from '../../query/fuzzy.js';
import type {Store} from '../../store/store.js';
import type {Picture} from './picture.js';
import type {UiState} from './state.js';

const mostRows = 50;

/** Best first; none while no filter is typed. */
export function candidatesOf({prompt}: UiState, store: Store): Picture['candidates'] {
	if (prompt === undefined || prompt.mode === 'command' || killWord(prompt.editor.text) !== undefined) {
		return {rows: [], total: 0};
	}

	const pods = store.pods();
	return {rows: rankPods(podWord(prompt.editor.text), pods, mostRows), total: pods.length};
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
