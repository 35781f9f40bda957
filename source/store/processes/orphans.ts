/** Processes whose parent has not been seen yet, by the parent's exec_id. Events arrive out of order. Bounded. */
import type {Lineage} from './lineage.js';

const mostWaiting = 4096;

export class Orphans {
	readonly #children = new Map<string, Lineage[]>();

	add(parentExecId: string, lineage: Lineage): void {
		const others = this.#children.get(parentExecId);
		if (others !== undefined && others.length < 256) {
			others.push(lineage);
			return;
		}

		this.#children.set(parentExecId, [lineage]);
		if (this.#children.size > mostWaiting) {
			this.#children.delete(this.#children.keys().next().value!);
		}
	}

	/** Removes a process from the orphans of its parent. */
	leave(parentExecId: string, lineage: Lineage): void {
		const others = this.#children.get(parentExecId);
		const place = others?.indexOf(lineage) ?? -1;
		if (others === undefined || place < 0) {
			return;
		}

		others.splice(place, 1);
		if (others.length === 0) {
			this.#children.delete(parentExecId);
		}
	}

	/** Number of parents that are waited for. */
	get size(): number {
		return this.#children.size;
	}

	/** Removes and returns the processes that waited for this parent. */
	take(execId: string): readonly Lineage[] {
		const waiting = this.#children.get(execId);
		if (waiting === undefined) {
			return [];
		}

		this.#children.delete(execId);
		return waiting.filter(lineage => !lineage.forgotten);
	}
}
