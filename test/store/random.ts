/** A small generator with a seed, 0 ≤ x < 1, so that a failure can be seen again. */
export function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}
