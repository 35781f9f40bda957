/**
Policy and function names repeat in every event, so the ring keeps a small number for each. The table is bounded: an agent
that invents names without end makes the later ones nameless here, and the frame still has them.
*/
export class NameTable {
	readonly #numbers = new Map<string, number>([['', 0]]);
	readonly #names: string[] = [''];
	readonly #cap: number;

	constructor(cap = 65_536) {
		this.#cap = cap;
	}

	/** 0 is the empty name, and any name past the cap. */
	numberOf(name: string): number {
		// Execs and exits, most of all events, name neither a policy nor a function.
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
