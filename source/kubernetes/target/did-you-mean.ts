/** The known name that is meant most likely: the fewest edits, a prefix or a part counts as near. */

/** undefined where no name is near enough to be helpful. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
	return nearest(name, known, 1)[0];
}

/** Up to `count` near names, nearest first. */
export function nearest(name: string, known: Iterable<string>, count: number): readonly string[] {
	const wanted = name.toLowerCase();
	const scored: Array<{readonly name: string; readonly score: number}> = [];
	for (const candidate of known) {
		const score = distance(wanted, candidate.toLowerCase());
		if (score <= Math.max(2, Math.floor(wanted.length / 3))) {
			scored.push({name: candidate, score});
		}
	}

	scored.sort((a, b) => a.score - b.score || a.name.localeCompare(b.name));
	return scored.slice(0, count).map(entry => entry.name);
}

function distance(wanted: string, candidate: string): number {
	if (candidate === wanted) {
		return 0;
	}

	// `deathstar` for the pod deathstar-7848d6c4d5-58jxw.
	if (candidate.startsWith(`${wanted}-`) || (wanted.length >= 3 && candidate.includes(wanted))) {
		return 1;
	}

	return edits(wanted, candidate);
}

/** Levenshtein; a swap of two neighbours counts as one. */
function edits(a: string, b: string): number {
	let before: number[] = [];
	let last = Array.from({length: b.length + 1}, (_, index) => index);
	for (let row = 1; row <= a.length; row++) {
		const next = [row];
		for (let column = 1; column <= b.length; column++) {
			const same = a[row - 1] === b[column - 1];
			let cost = Math.min(
				(last[column] ?? 0) + 1,
				(next[column - 1] ?? 0) + 1,
				(last[column - 1] ?? 0) + (same ? 0 : 1),
			);
			if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
				cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
			}

			next.push(cost);
		}

		before = last;
		last = next;
	}

	return last[b.length] ?? a.length;
}
