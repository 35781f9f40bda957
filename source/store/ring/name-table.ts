/**
Policy and function names repeat in every event, so the ring stores a number for each name. The table is bounded: names past
the bound read as '' in rows and filters, and the frame still has them.
*/
export class NameTable {
	readonly #numbers = new Map<string, number>([['', 0]]);
	readonly #names: string[] = [''];
	readonly #cap: number;

	constructor(cap = 65_536) {
		this.#cap = cap;
	}

	/** Returns 0 for the empty name and for any name past the bound. */
	numberOf(name: string): number {
		// Most events are execs and exits, which name neither a policy nor a function.
		if (name === '') {
			return 0;
		}

		const known = this.#numbers.get(name);
		if (known !== undefined) {
			return known;
		}

		if (this.#names.length >= this.#cap) {
			return 0;
		}

		const number = this.#names.length;
		this.#numbers.set(name, number);
		this.#names.push(name);
		return number;
	}

	nameOf(number: number): string {
		return this.#names[number] ?? '';
	}
}
