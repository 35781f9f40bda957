import {BoundedBytes} from '../../runtime/bounded-body.js';

/** tetra reads lines of at most 10 MiB; no real event is longer. */
const longestLine = 10 * 1024 * 1024;

/** Splits a byte stream into lines without their newline: the JSON of a watch, of `tetra getevents -o json`, of a log. */
export class LineSplitter {
	readonly #line: (bytes: Uint8Array) => void;
	readonly #limit: number;
	/** A line that began in an earlier chunk. */
	readonly #begun: BoundedBytes;
	/** The line was longer than the limit: its remainder is skipped. */
	#isSkipping = false;

	/**
	@param line called for each complete line; the bytes are valid during the call only. Empty lines are skipped.
	@param limit bytes of a line; a longer one is handed over once, cut, and the rest of it is skipped.
	*/
	constructor(line: (bytes: Uint8Array) => void, limit = longestLine) {
		this.#line = line;
		this.#limit = limit;
		this.#begun = new BoundedBytes(limit + 1);
	}

	push(chunk: Uint8Array): void {
		let start = 0;
		for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, start)) {
			this.#end(chunk.subarray(start, at));
			start = at + 1;
		}

		if (start === chunk.length || this.#isSkipping) {
			return;
		}

		// Copied: the caller may reuse the chunk's memory after this call.
		const rest = chunk.subarray(start);
		const room = this.#limit + 1 - this.#begun.length;
		this.#begun.push(rest.subarray(0, room));
		if (rest.length >= room) {
			this.#end(new Uint8Array());
			this.#isSkipping = true;
		}
	}

	#end(last: Uint8Array): void {
		if (!this.#isSkipping) {
			const whole = this.#whole(last);
			if (whole.length > 0) {
				this.#line(whole);
			}
		}

		this.#begun.clear();
		this.#isSkipping = false;
	}

	#whole(last: Uint8Array): Uint8Array {
		if (this.#begun.length === 0) {
			return last.subarray(0, this.#limit + 1);
		}

		this.#begun.push(last.subarray(0, this.#limit + 1 - this.#begun.length));
		return this.#begun.bytes();
	}
}
