/** tetra reads lines of at most 10 MiB; no real event is longer. */
const longestLine = 10 * 1024 * 1024;

/** Splits a byte stream into lines without their newline: the JSON of a watch, of `tetra getevents -o json`, of a log. */
export class LineSplitter {
	readonly #line: (bytes: Uint8Array) => void;
	readonly #limit: number;
	#parts: Uint8Array[] = [];
	#length = 0;
	/** The line was longer than the limit: its remainder is skipped. */
	#isSkipping = false;

	/**
	@param line called for each complete line; the bytes are valid during the call only. Empty lines are skipped.
	@param limit bytes of a line; a longer one is handed over once, cut, and the rest of it is skipped.
	*/
	constructor(line: (bytes: Uint8Array) => void, limit = longestLine) {
		this.#line = line;
		this.#limit = limit;
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

		this.#length += chunk.length - start;
		// Copied: the caller may reuse the chunk's memory after this call.
		this.#parts.push(Buffer.from(chunk.subarray(start)));
		if (this.#length > this.#limit) {
			this.#end(new Uint8Array());
			this.#isSkipping = true;
		}
	}

	#end(last: Uint8Array): void {
		if (!this.#isSkipping) {
			const whole = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
			if (whole.length > 0) {
				this.#line(whole);
			}
		}

		this.#parts = [];
		this.#length = 0;
		this.#isSkipping = false;
	}
}
