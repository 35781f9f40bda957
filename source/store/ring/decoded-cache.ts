import type {Event} from '../../tetragon/event/event.js';

const most = 512;

/** The decoded events that were asked for last: a screen asks for the same ones at every frame. */
export class DecodedCache {
	/** In the order of the last access. */
	readonly #events = new Map<number, Event>();

	get(seq: number, decode: () => Event | undefined): Event | undefined {
		const event = this.#events.get(seq) ?? decode();
		if (event === undefined) {
			return undefined;
		}

		this.#events.delete(seq);
		this.#events.set(seq, event);
		if (this.#events.size > most) {
			this.#events.delete(this.#events.keys().next().value!);
		}

		return event;
	}

	clear(): void {
		this.#events.clear();
	}
}
