/**
Gives the same Line object for a row that did not change: the painter knows an unchanged line by its identity, and a row
that is still on screen is not decoded and measured again.
*/
import {charset} from '../../text/charset.js';
import type {Line} from '../frame/line.js';

type Entry<Drawn> = {readonly depends: readonly unknown[]; readonly drawn: Drawn};

/** Several screens of the largest terminals; emptied when full. */
const limit = 2048;

export class LineCache<Key, Drawn = Line> {
	readonly #entries = new Map<Key, Entry<Drawn>>();
	#charset = charset();

	/** `depends`: everything that the line is made from. Compared one by one. */
	line(key: Key, depends: readonly unknown[], make: () => Drawn): Drawn {
		// Every ellipsis and escape is of the characters that the terminal could show then.
		if (this.#charset !== charset()) {
			this.#charset = charset();
			this.#entries.clear();
		}

		const known = this.#entries.get(key);
		if (known && sameParts(known.depends, depends)) {
			return known.drawn;
		}
		const drawn = make();
		if (this.#entries.size >= limit) {
			this.#entries.clear();
		}
		this.#entries.set(key, {depends, drawn});
		return drawn;
	}
}

function sameParts(before: readonly unknown[], now: readonly unknown[]): boolean {
	if (before.length !== now.length) {
		return false;
	}
	for (const [index, part] of before.entries()) {
		if (!Object.is(part, now[index])) {
			return false;
		}
	}
	return true;
}
