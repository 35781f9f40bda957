import type {Lineage} from './lineage.js';

/** Ended lineages in order of their end, with the time until which each stays. */
export class ExpiryQueue {
	#lineages: Array<Lineage | undefined> = [];
	#until: number[] = [];
	#head = 0;

	get length(): number {
		return this.#lineages.length - this.#head;
	}

	add(lineage: Lineage, untilMs: number): void {
		this.#lineages.push(lineage);
		this.#until.push(untilMs);
	}

	/** The longest dead, if its time is over; Infinity takes it in any case. */
	take(nowMs: number): Lineage | undefined {
		if (this.length === 0 || this.#until[this.#head]! > nowMs) {
			return undefined;
		}

		const lineage = this.#lineages[this.#head];
		// What was taken must not be held here until the next clearing.
		this.#lineages[this.#head++] = undefined;
		if (this.#head > 1024 && this.#head * 2 > this.#lineages.length) {
			this.#lineages = this.#lineages.slice(this.#head);
			this.#until = this.#until.slice(this.#head);
			this.#head = 0;
		}

		return lineage;
	}
}
