/**
Fuzzy matching as in fzf: the letters in order, with gaps. The ranks order the candidates: exact, prefix, start of a word, in
one piece, with gaps.
*/
export const rank = {exact: 0, prefix: 1, wordStart: 2, consecutive: 3, gaps: 4, none: 5} as const;
export type Rank = (typeof rank)[keyof typeof rank];

/** A pattern with capital letters is case-sensitive, as in fzf. */
export function rankOf(pattern: string, text: string): Rank {
	const subject = pattern === pattern.toLowerCase() ? text.toLowerCase() : text;
	if (subject === pattern) {
		return rank.exact;
	}

	let at = subject.indexOf(pattern);
	if (at < 0) {
		return hasGapped(pattern, subject) ? rank.gaps : rank.none;
	}

	if (at === 0) {
		return rank.prefix;
	}

	for (; at >= 0; at = subject.indexOf(pattern, at + 1)) {
		if (isBoundary(subject.charCodeAt(at - 1))) {
			return rank.wordStart;
		}
	}

	return rank.consecutive;
}

export function isFuzzyMatch(pattern: string, text: string): boolean {
	return rankOf(pattern, text) !== rank.none;
}

/** The letters must lie within this distance: long names with a hash contain nearly any three letters. */
function furthest(length: number): number {
	return length * 2 + 2;
}

function hasGapped(pattern: string, subject: string): boolean {
	if (pattern.length < 2 || pattern.length > subject.length) {
		return false;
	}

	for (let start = subject.indexOf(pattern[0]!); start >= 0; start = subject.indexOf(pattern[0]!, start + 1)) {
		let at = start;
		for (let letter = 1; letter < pattern.length && at >= 0; letter++) {
			at = subject.indexOf(pattern[letter]!, at + 1);
		}

		if (at < 0) {
			return false;
		}

		if (at - start < furthest(pattern.length)) {
			return true;
		}
	}

	return false;
}

/** - . / _ : and space begin a word. */
function isBoundary(code: number): boolean {
	return code === 45 || code === 46 || code === 47 || code === 95 || code === 58 || code === 32;
}
