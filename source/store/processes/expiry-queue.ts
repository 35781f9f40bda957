import type {Lineage} from './lineage.js';

/** Ended lineages in the order of their end, with the time when each may be forgotten. */
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

	/** Removes and returns the lineage that ended first, if its time has come; Infinity: in any case. */
	take(nowMs: number): Lineage | undefined {
		if (this.length === 0 || this.#until[this.#head]! > nowMs) {
			return undefined;
		}

		const lineage = this.#lineages[this.#head];
		// So that the queue does not keep it in memory until the next compaction.
		this.#lineages[this.#head++] = undefined;
		if (this.#head > 1024 && this.#head * 2 > this.#lineages.length) {
			this.#lineages = this.#lineages.slice(this.#head);
			this.#until = this.#until.slice(this.#head);
			this.#head = 0;
		}

		return lineage;
	}
}
