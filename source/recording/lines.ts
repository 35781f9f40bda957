/** Bytes → lines, whatever the chunks. */

/** As tetra: the longest line it reads. A longer one is not an event but a broken file. */
const maximumLine = 10 * 1024 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Hands each line to `take` without its end; undefined for one that is too long. Empty lines are handed over too. */
export class LineSplitter {
	readonly #take: (line: Buffer | undefined) => void;
	readonly #maximum: number;
	#parts: Buffer[] = [];
	#length = 0;

	constructor(take: (line: Buffer | undefined) => void, maximum = maximumLine) {
		this.#take = take;
		this.#maximum = maximum;
	}

	push(chunk: Buffer): void {
		let at = 0;
		for (let end = chunk.indexOf(newline, at); end !== -1; end = chunk.indexOf(newline, at)) {
			if (this.#length === 0 && end - at <= this.#maximum) {
				// Nearly every line lies whole in one chunk.
				this.#give(chunk.subarray(at, end));
			} else {
				this.#keep(chunk.subarray(at, end));
				this.#flush();
			}

			at = end + 1;
		}

		this.#keep(chunk.subarray(at));
	}

	/** The last line of a file may lack its newline. */
	end(): void {
		if (this.#length > 0) {
			this.#flush();
		}
	}

	#keep(part: Buffer): void {
		this.#length += part.length;
		if (this.#length > this.#maximum) {
			this.#parts = [];
		} else if (part.length > 0) {
			this.#parts.push(part);
		}
	}

	#flush(): void {
		const tooLong = this.#length > this.#maximum;
		const [first] = this.#parts;
		const line = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts);
		this.#parts = [];
		this.#length = 0;
		if (tooLong) {
			this.#take(undefined);
			return;
		}

		this.#give(line);
	}

	#give(line: Buffer): void {
		this.#take(line.length > 0 && line[line.length - 1] === carriageReturn ? line.subarray(0, -1) : line);
	}
}
