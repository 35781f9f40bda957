import {editDistance} from '../edit-distance.js';

/** The known word with the fewest edits; undefined: none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
	const wanted = word.toLowerCase();
	const limit = wanted.length <= 3 ? 1 : wanted.length <= 8 ? 2 : 3;
	const ranked = known
		.map(name => {
			const isPart = wanted.length >= 3 && (name.startsWith(wanted) || wanted.startsWith(name));
			return {name, cost: isPart ? Math.min(1, editDistance(wanted, name)) : editDistance(wanted, name.toLowerCase())};
		})
		.filter(({cost}) => cost <= limit)
		.toSorted((a, b) => a.cost - b.cost || a.name.length - b.name.length);
	return ranked[0]?.name;
}

/** ` Did you mean X?`, or nothing. */
export function didYouMean(word: string, known: readonly string[], prefix = ''): string {
	const found = suggest(word, known);
	return found === undefined ? '' : `Did you mean ${prefix}${found}? `;
}
