/**
Edits that turn one word into the other: insert, delete or replace a character, or swap two neighbours (optimal string
alignment). npm's Levenshtein packages count a swap as two edits, and a swap is the most frequent typing error.
*/
export function editDistance(from: string, to: string): number {
	let before: number[] = [];
	let last = Array.from({length: to.length + 1}, (_, index) => index);
	for (let row = 1; row <= from.length; row++) {
		const next = [row];
		for (let column = 1; column <= to.length; column++) {
			const same = from[row - 1] === to[column - 1];
			let cost = Math.min(
				(last[column] ?? 0) + 1,
				(next[column - 1] ?? 0) + 1,
				(last[column - 1] ?? 0) + (same ? 0 : 1),
			);
			if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
				cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
			}

			next.push(cost);
		}

		before = last;
		last = next;
	}

	return last[to.length] ?? from.length;
}
