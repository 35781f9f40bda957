/**
UTF-8 text that is made in place: the bytes of lines, one after the other, in one buffer that is used again. A line is made
without a check of the room that is left: a typed array drops what is written beyond its end, and `add` then makes the line
once more in more room.
*/
import {Buffer} from 'node:buffer';

const zero = 0x30;
const minus = 0x2d;

export class ByteText {
	bytes: Buffer;
	/** Where the next byte goes. Beyond the end of `bytes` only while a line is made. */
	at = 0;

	constructor(size: number) {
		this.bytes = Buffer.allocUnsafeSlow(size);
	}

	/** Appends what `write` writes of `value`, and leaves room for one byte; returns what it returns. When it throws, nothing of it is left. */
	add<Value, Result>(write: (out: ByteText, value: Value) => Result, value: Value): Result {
		const start = this.at;
		let done = false;
		try {
			let result = write(this, value);
			while (this.at >= this.bytes.length) {
				this.#grow(start);
				result = write(this, value);
			}

			done = true;
			return result;
		} finally {
			if (!done) {
				this.at = start;
			}
		}
	}

	byte(value: number): void {
		this.bytes[this.at++] = value;
	}

	/** A short piece, from its index `from` on. */
	piece(piece: Uint8Array, from = 0): void {
		const {bytes} = this;
		let {at} = this;
		for (let index = from; index < piece.length; index++) {
			bytes[at++] = piece[index] as number;
		}

		this.at = at;
	}

	/** A piece of any length. */
	copy(piece: Uint8Array): void {
		const to = this.at + piece.length;
		if (to <= this.bytes.length) {
			this.bytes.set(piece, this.at);
		}

		this.at = to;
	}

	/** A short text of ASCII. */
	ascii(text: string): void {
		const {bytes} = this;
		let {at} = this;
		for (let index = 0; index < text.length; index++) {
			bytes[at++] = text.charCodeAt(index);
		}

		this.at = at;
	}

	/** Any text; a lone surrogate becomes U+FFFD. */
	text(text: string): void {
		// No UTF-16 unit needs more than three bytes.
		const fits = this.at + text.length * 3 <= this.bytes.length;
		this.at += fits ? this.bytes.write(text, this.at) : this.#slowText(text);
	}

	/** An integer, in decimal. */
	integer(value: number): void {
		if (value < 0) {
			this.byte(minus);
		}

		let rest = Math.abs(value);
		if (rest > 0x7f_ff_ff_ff) {
			this.ascii(String(rest));
			return;
		}

		rest |= 0;
		let length = 1;
		for (let power = 10; power <= rest && length < 10; power *= 10) {
			length++;
		}

		const {bytes} = this;
		for (let place = this.at + length - 1; place >= this.at; place--) {
			const next = (rest / 10) | 0;
			bytes[place] = zero + rest - next * 10;
			rest = next;
		}

		this.at += length;
	}

	/** As many digits as `length`, with zeros in front. */
	digits(value: number, length: number): void {
		const {bytes} = this;
		let rest = value | 0;
		for (let place = this.at + length - 1; place >= this.at; place--) {
			const next = (rest / 10) | 0;
			bytes[place] = zero + rest - next * 10;
			rest = next;
		}

		this.at += length;
	}

	/** The text as a string. */
	toString(): string {
		return this.bytes.utf8Slice(0, this.at);
	}

	#slowText(text: string): number {
		const encoded = Buffer.from(text);
		if (this.at + encoded.length <= this.bytes.length) {
			encoded.copy(this.bytes, this.at);
		}

		return encoded.length;
	}

	#grow(start: number): void {
		const larger = Buffer.allocUnsafeSlow(Math.max(this.at + 1024, this.bytes.length * 2));
		this.bytes.copy(larger, 0, 0, start);
		this.bytes = larger;
		this.at = start;
	}
}
