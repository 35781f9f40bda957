/** Random numbers that a seed makes again. */
export class Random {
	#seed: number;

	constructor(seed: number) {
		this.#seed = seed;
	}

	/** A whole number from 0 to `limit` - 1. */
	below(limit: number): number {
		this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
		return Math.floor((this.#seed / 2 ** 32) * limit);
	}

	pick<Value>(list: readonly Value[]): Value {
		return list[this.below(list.length)]!;
	}
}
