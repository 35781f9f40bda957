/** A queue of numbers with two ends: a circular buffer in one typed array, which grows. */
export class Deque {
	#items = new Float64Array(256);
	#head = 0;
	length = 0;

	at(index: number): number {
		return this.#items[(this.#head + index) & (this.#items.length - 1)]!;
	}

	push(item: number): void {
		this.#makeRoom();
		this.#items[(this.#head + this.length++) & (this.#items.length - 1)] = item;
	}

	unshift(item: number): void {
		this.#makeRoom();
		this.#head = (this.#head - 1) & (this.#items.length - 1);
		this.#items[this.#head] = item;
		this.length++;
	}

	/** Removes and returns the first number. The deque must not be empty. */
	shift(): number {
		const item = this.#items[this.#head]!;
		this.#head = (this.#head + 1) & (this.#items.length - 1);
		this.length--;
		return item;
	}

	#makeRoom(): void {
		if (this.length < this.#items.length) {
			return;
		}

		const items = new Float64Array(this.#items.length * 2);
		for (let index = 0; index < this.length; index++) {
			items[index] = this.at(index);
		}

		this.#items = items;
		this.#head = 0;
	}
}
