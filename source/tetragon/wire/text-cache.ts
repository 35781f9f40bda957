/** Texts made from bytes, with those bytes as their key, so never stale. Bounded: two generations of `size` entries. */
import type {Cursor} from './wire.js';

/** Longer ones are rare, and their keys would cost more than they save. */
const longestKey = 2048;

export class TextCache {
	readonly #size: number;
	#young = new Map<string, string>();
	#old = new Map<string, string>();

	constructor(size: number) {
		this.#size = size;
	}

	/** The text for the cursor's range read as `type`; `make` is called where it is not known. */
	text(cursor: Cursor, type: string, make: () => string): string {
		if (cursor.end - cursor.at > longestKey) {
			return make();
		}

		const key = type + cursor.bytes.latin1Slice(cursor.at, cursor.end);
		const known = this.#young.get(key);
		if (known !== undefined) {
			return known;
		}

		const text = this.#old.get(key) ?? make();
		if (this.#young.size >= this.#size) {
			this.#old = this.#young;
			this.#young = new Map();
		}

		this.#young.set(key, text);
		return text;
	}

	clear(): void {
		this.#young.clear();
		this.#old.clear();
	}
}
