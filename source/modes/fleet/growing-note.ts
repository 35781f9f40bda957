/** Says each second how large a count is, when it has grown, and once more at the end. */

const periodMs = 900;

export class GrowingNote {
	readonly #count: () => number;
	readonly #say: () => void;
	readonly #timer: NodeJS.Timeout;
	#said = 0;

	/** `words` gets the count. */
	constructor(count: () => number, words: (count: number) => string, note: (text: string) => void) {
		this.#count = count;
		this.#say = () => note(words(count()));
		this.#timer = setInterval(() => this.#sayGrown(), periodMs).unref();
	}

	end(): void {
		clearInterval(this.#timer);
		this.#sayGrown();
	}

	#sayGrown(): void {
		const count = this.#count();
		if (count > this.#said) {
			this.#said = count;
			this.#say();
		}
	}
}
