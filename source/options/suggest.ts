/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
export function distance(from: string, to: string): number {
	const rows = Array.from({length: from.length + 1}, (_, row) =>
		Array.from({length: to.length + 1}, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
	);

	function at(row: number, column: number) {
		return rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
	}

	for (let row = 1; row <= from.length; row++) {
		for (let column = 1; column <= to.length; column++) {
			const differs = from[row - 1] === to[column - 1] ? 0 : 1;
			let best = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + differs);

			if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
				best = Math.min(best, at(row - 2, column - 2) + 1);
			}

			(rows[row] as number[])[column] = best;
		}
	}

	return at(from.length, to.length);
}

/** The known word with the fewest edits; undefined: none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
	const wanted = word.toLowerCase();
	const limit = wanted.length <= 3 ? 1 : wanted.length <= 8 ? 2 : 3;
	const ranked = known
		.map(name => {
			const isPart = wanted.length >= 3 && (name.startsWith(wanted) || wanted.startsWith(name));
			return {name, cost: isPart ? Math.min(1, distance(wanted, name)) : distance(wanted, name.toLowerCase())};
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
