/** The filters of a target as fixed texts, which every line that passes has in it: for grep -F on the node. */
import type {ServerFilter} from '../agent/link.js';
import type {PastTexts} from '../agent/node-past.js';

/** A command line that is longer than a kernel or a server takes helps nobody. */
const most = 200;
const exact = /^\^((?:[\w-]|\\\.)+)\$$/;

/** Empty: no text can be named, and every line must be sent. */
export function textsFor(filters: readonly ServerFilter[] | undefined): PastTexts {
	const texts: string[] = [];
	for (const {pod_regex = [], namespace = []} of filters ?? []) {
		const pods = pod_regex.map(regex => exact.exec(regex)?.[1]?.replaceAll('\\.', '.'));
		const names = pods.length > 0 && !pods.includes(undefined) ? pods : namespace;
		if (names.length === 0 || names.includes('')) {
			return [];
		}

		texts.push(...names.map(name => JSON.stringify(name)));
	}

	return texts.length > most ? [] : [...new Set(texts)];
}
