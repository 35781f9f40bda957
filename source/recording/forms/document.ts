/**
JSON that does not lie on one line each: pretty print, arrays, answers of a store, objects without a newline between them. Bytes go in, values come
out. An element of an array that holds an event comes out as soon as it is closed and is then forgotten, so that a document of any
length takes the memory of its longest element.
*/

import {isCaseName} from '../../tetragon/json/event-shape.js';
import {deepest} from '../../tetragon/json/nesting.js';

/**
root: a whole document. element: of an array; `context` is the text before it with its brackets closed. rest: a root or an
element in which elements were given already.
*/
export type Around = {readonly kind: 'root' | 'element' | 'rest'; readonly context: string};

export type DocumentSink = {
	/** A whole value; true: it held an event. */
	readonly value: (text: Buffer, around: Around, line: number) => boolean;
	/** A value that is none: it is cut off, too long or too deep. `text`: its start. */
	readonly bad: (why: 'cut' | 'long' | 'deep', text: Buffer, line: number) => void;
};

/** An object or array that is open. */
type Place = {
	readonly open: '{' | '[';
	/** Where it begins in the text that is kept. */
	readonly start: number;
	/** Within an event: what is there is no envelope. */
	readonly inEvent: boolean;
	/** An element within it was given already. */
	gave: boolean;
};

/** As tetra: the longest event. */
export const longest = 10 * 1024 * 1024;
const shortestElement = 24;
/** Elements deeper than this are no envelopes. */
const deepestEnvelope = 16;

const newline = 0x0a;
const escapeByte = 0x1b;
const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;
const [openObject, closeObject, openArray, closeArray] = [0x7b, 0x7d, 0x5b, 0x5d];

export class Document {
	readonly #sink: DocumentSink;
	#text = Buffer.allocUnsafe(64 * 1024);
	#length = 0;
	#stack: Place[] = [];
	#inString = false;
	#isEscaped = false;
	/** Within the escape sequence of a colour. */
	#inColor = false;
	/** Only blanks since the last newline. */
	#atLineStart = false;
	/** The last byte that is no blank. */
	#last = 0;
	/** Where the string begins that was read last: the key, when a colon follows. */
	#stringStart = 0;
	#key = '';
	#startLine: number;
	/** The line that is read, counted from 1. */
	line: number;
	/** The rest is no JSON: it is read as lines. */
	isOver = false;

	constructor(sink: DocumentSink, line: number) {
		this.#sink = sink;
		this.line = line;
		this.#startLine = line;
	}

	/** Takes bytes from `at` on; returns where it stopped: the end, or before the newline or byte where lines go on. */
	push(chunk: Buffer, at: number): number {
		while (at < chunk.length && !this.isOver) {
			at = this.#inString ? this.#string(chunk, at) : this.#step(chunk, at);
		}

		return at;
	}

	/** The input has ended. */
	end(): void {
		if (this.#stack.length > 0) {
			this.#tear('cut');
		}

		this.isOver = true;
	}

	#string(chunk: Buffer, from: number): number {
		let at = from;
		for (; at < chunk.length; at++) {
			const byte = chunk[at] as number;
			if (this.#isEscaped) {
				this.#isEscaped = false;
			} else if (byte === backslash) {
				this.#isEscaped = true;
			} else if (byte === quote) {
				this.#inString = false;
				this.#keep(chunk, from, at + 1);
				this.#last = quote;
				this.#endElement(this.#stringStart, false);
				return at + 1;
			} else if (byte === newline) {
				// No string of JSON goes over a newline: the line was cut off.
				this.#keep(chunk, from, at);
				this.#tear('cut');
				return at;
			}
		}

		this.#keep(chunk, from, at);
		return at;
	}

	#step(chunk: Buffer, at: number): number {
		const byte = chunk[at] as number;
		if (this.#inColor) {
			this.#inColor = !(byte >= 0x40 && byte <= 0x7e && byte !== openArray);
			return at + 1;
		}

		if (byte === escapeByte) {
			this.#inColor = true;
			return at + 1;
		}

		if (byte === newline) {
			return this.#newline(at);
		}

		if (byte === 0x20 || byte === 0x09 || byte === 0x0d) {
			return at + 1;
		}

		if (this.#stack.length === 0 && byte !== openObject && byte !== openArray) {
			// Values may have a comma between them.
			this.isOver = byte !== comma;
			return byte === comma ? at + 1 : at;
		}

		if (this.#atLineStart && !this.#mayFollow(byte)) {
			this.#tear('cut');
			return at;
		}

		this.#atLineStart = false;
		this.#token(byte);
		return at + 1;
	}

	/** A newline between two values ends the document; within one it is a blank. */
	#newline(at: number): number {
		if (this.#stack.length === 0) {
			this.isOver = true;
			return at;
		}

		this.line++;
		this.#atLineStart = true;
		return at + 1;
	}

	/** Whether JSON may go on with this byte: if not, the line before was cut off and this one is another. */
	#mayFollow(byte: number): boolean {
		const isValueNext = this.#last === colon || this.#last === comma || this.#last === openArray;
		if (byte === openObject || byte === openArray) {
			return this.#stack.at(-1)?.open === '{' ? this.#last === colon : isValueNext;
		}

		if (byte === closeObject || byte === closeArray || byte === comma || byte === colon) {
			return true;
		}

		return byte === quote
			? isValueNext || this.#last === openObject
			: isValueNext && /[-\dtfn]/.test(String.fromCharCode(byte));
	}

	#token(byte: number): void {
		const top = this.#stack.at(-1);
		switch (byte) {
			case quote: {
				this.#inString = true;
				this.#stringStart = this.#length;
				break;
			}

			case openObject:
			case openArray: {
				this.#open(byte === openObject ? '{' : '[', top);
				break;
			}

			case closeObject:
			case closeArray: {
				this.#keepByte(byte);
				this.#last = byte;
				this.#close(byte);
				return;
			}

			case colon: {
				this.#key = this.#text.toString(
					'utf8',
					this.#stringStart + 1,
					Math.max(this.#stringStart + 1, this.#length - 1),
				);
				break;
			}

			case comma: {
				if (top?.open === '[' && this.#text[this.#length - 1] === openArray) {
					// The element before it was given and forgotten.
					this.#last = comma;
					return;
				}

				break;
			}

			default: {
				break;
			}
		}

		this.#last = byte;
		this.#keepByte(byte);
	}

	#open(open: '{' | '[', top: Place | undefined): void {
		if (top === undefined) {
			this.#startLine = this.line;
			this.#length = 0;
		}

		if (this.#stack.length >= deepest) {
			this.#tear('deep');
			return;
		}

		const isCase = top?.open === '{' && this.#last === colon && isCaseName(this.#key);
		this.#stack.push({open, start: this.#length, inEvent: top?.inEvent === true || isCase, gave: false});
	}

	#close(byte: number): void {
		const closed = this.#stack.pop();
		if (closed === undefined || (closed.open === '{') !== (byte === closeObject)) {
			this.#tear('cut');
			return;
		}

		if (this.#stack.length > 0) {
			this.#endElement(closed.start, closed.gave);
			return;
		}

		if (!closed.gave || this.#mayHold(0)) {
			this.#sink.value(this.#copy(0), {kind: closed.gave ? 'rest' : 'root', context: '{}'}, this.#startLine);
		}

		this.#length = 0;
	}

	/** An element of an array that holds an event is given at once. */
	#endElement(start: number, gave: boolean): void {
		const top = this.#stack.at(-1);
		if (top?.open !== '[' || top.inEvent || this.#stack.length > deepestEnvelope || !this.#mayHold(start)) {
			return;
		}

		if (
			this.#sink.value(this.#copy(start), {kind: gave ? 'rest' : 'element', context: this.#context(start)}, this.line)
		) {
			for (const place of this.#stack) {
				place.gave = true;
			}

			this.#length = this.#text[start - 1] === comma ? start - 1 : start;
		}
	}

	#mayHold(start: number): boolean {
		const text = this.#text.subarray(start, this.#length);
		return text.length >= shortestElement && (text.includes('process') || text.includes('rate'));
	}

	/** What is around an element, as JSON. */
	#context(start: number): string {
		const end = this.#text[start - 1] === comma ? start - 1 : start;
		const closers = this.#stack.map(({open}) => (open === '{' ? '}' : ']')).reverse();
		return this.#text.toString('utf8', 0, end) + closers.join('');
	}

	#copy(start: number): Buffer {
		return Buffer.from(this.#text.subarray(start, this.#length));
	}

	#keep(chunk: Buffer, from: number, to: number): void {
		if (this.#hasRoom(to - from)) {
			chunk.copy(this.#text, this.#length, from, to);
			this.#length += to - from;
		}
	}

	#keepByte(byte: number): void {
		if (this.#hasRoom(1)) {
			this.#text[this.#length++] = byte;
		}
	}

	#hasRoom(bytes: number): boolean {
		const length = this.#length + bytes;
		if (length > longest) {
			this.#tear('long');
			return false;
		}

		if (length > this.#text.length) {
			const larger = Buffer.allocUnsafe(Math.min(longest, Math.max(length, this.#text.length * 2)));
			this.#text.copy(larger, 0, 0, this.#length);
			this.#text = larger;
		}

		return true;
	}

	/** Gives the value up; lines go on. */
	#tear(why: 'cut' | 'long' | 'deep'): void {
		if (this.isOver) {
			return;
		}

		this.#sink.bad(why, Buffer.from(this.#text.subarray(0, Math.min(this.#length, 2000))), this.#startLine);
		this.#stack = [];
		this.#inString = false;
		this.isOver = true;
	}
}
