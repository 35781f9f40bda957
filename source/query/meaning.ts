/**
What a filter means when it is made: a bare word is a pod where a pod's name has it in one piece, else a text; a time that says how
long ago becomes an instant.
*/
import {type Chip, chipOf, type Term} from './chip.js';
import {rank, rankOf} from './fuzzy-match.js';
import {instantOf, isAgo} from './time-range.js';

export type Known = {
	readonly pods: ReadonlyArray<{readonly namespace: string; readonly pod: string}>;
	/** Whether any event says a text; asked only where the letters of a word are scattered over the name of a pod. */
	readonly hasText: (value: string) => boolean;
	readonly nowMs: number;
};

/** The chips as they are kept; a chip that already says what it means is the same object. */
export function meant(chips: readonly Chip[], known: Known): Chip[] {
	return chips.map(chip => {
		const terms = chip.terms.map(term => meantTerm(term, known));
		return terms.every((term, index) => term === chip.terms[index]) ? chip : chipOf(terms, chip.negate);
	});
}

function meantTerm(term: Term, known: Known): Term {
	const {field, comparison, value, bare} = term;
	if (field === 't' && isAgo(value)) {
		return {
			...term,
			comparison: comparison.startsWith('<') ? '<' : '>',
			value: instantOf(value, known.nowMs),
		};
	}

	const isWord = bare && field === 'pod' && (comparison === 'fuzzy' || comparison === 'contains');
	return isWord && !isPod(value, known) ? {field: 'text', comparison: 'contains', value, bare: true} : term;
}

/** Whether a bare word means the pods whose names match it. */
export function isPod(value: string, {pods, hasText}: Pick<Known, 'pods' | 'hasText'>): boolean {
	let best: number = rank.none;
	const slash = value.includes('/');
	for (const {namespace, pod} of pods) {
		best = Math.min(best, rankOf(value, slash ? `${namespace}/${pod}` : pod));
		if (best <= rank.consecutive) {
			return true;
		}
	}

	return best === rank.gaps && !hasText(value);
}
