/** Bytes of a file in any form → events. Lines that are events are read as they come; anything else is unwrapped. */
import type {Event} from '../../tetragon/event/event.js';
import {isEventShape} from '../../tetragon/json/event-shape.js';
import {BadLine, readLine} from '../../tetragon/json/json-lines.js';
import {type Around, Document, longest} from './document.js';
import type {Chain, Json} from './envelope.js';
import {formName} from './form-names.js';
import {Parts} from './parts.js';
import {prefixOf, withoutColors} from './prefix.js';
import {completed, type Found, parsed, unwrap} from './unwrap.js';

export type FormSink = {
	readonly event: (line: Buffer, event: Event, number: number) => void;
	/** A line that tetratop itself wrote: its `tetratop` member. */
	readonly own: (member: Json) => void;
	readonly bad: (why: string, text: string, number: number) => void;
};

/** Where a value was found. */
type Place = {
	readonly text: string;
	readonly chain: Chain;
	readonly number: number;
	/** Of what is around it; undefined: it says itself what it is. */
	readonly form: string | undefined;
	/** A part of a document, which may hold no event. */
	readonly isPart?: boolean;
	/** Elements in it were given already. */
	readonly isRest?: boolean;
};

const newline = 0x0a;
/** A line so long is read as a document: it may be an array of any length. */
const longLine = 256 * 1024;
const plainStart = Buffer.from('{"process_');
const mostText = 2000;
const mostInner = 16;
const noEvent = 'it is JSON, but no event of Tetragon';

export class FormReader {
	readonly #sink: FormSink;
	#held: Buffer[] = [];
	#heldLength = 0;
	#number = 0;
	#document: Document | undefined;
	/** The rest of a line that is too long or too deep. */
	#isSkipping = false;
	readonly #parts: Parts;
	/** The last events that were given before their document ended: what is around them may hold them once more. */
	#inner: Event[] = [];
	/** Events by the name of their form. */
	readonly forms = new Map<string, number>();

	constructor(sink: FormSink) {
		this.#sink = sink;
		this.#parts = new Parts(
			(found, number, form) => this.#give(found, number, form),
			(why, text, number) => this.#sink.bad(why, text.slice(0, mostText), number),
		);
	}

	push(chunk: Buffer): void {
		let at = 0;
		while (at < chunk.length) {
			at = this.#document === undefined ? this.#lines(chunk, at) : this.#inDocument(this.#document, chunk, at);
		}
	}

	/** The input has ended: the last line may lack its newline. */
	end(): void {
		if (this.#heldLength > 0) {
			this.push(Buffer.from('\n'));
		}

		this.#document?.end();
		this.#document = undefined;
		this.#parts.end();
	}

	/** Takes a line, or what there is of one; returns where it stopped. */
	#lines(chunk: Buffer, at: number): number {
		const end = chunk.indexOf(newline, at);
		if (this.#isSkipping) {
			this.#isSkipping = end === -1;
			return end === -1 ? chunk.length : end + 1;
		}

		const part = chunk.subarray(at, end === -1 ? chunk.length : end);
		if (end !== -1 && this.#heldLength === 0) {
			this.#number++;
			this.#line(part);
			return end + 1;
		}

		this.#held.push(part);
		this.#heldLength += part.length;
		if (end !== -1) {
			this.#number++;
			this.#line(this.#takeHeld());
			return end + 1;
		}

		if (this.#heldLength > longLine) {
			this.#longLine();
		}

		return chunk.length;
	}

	#takeHeld(): Buffer {
		const line = this.#held.length === 1 ? (this.#held[0] as Buffer) : Buffer.concat(this.#held);
		this.#held = [];
		this.#heldLength = 0;
		return line;
	}

	#longLine(): void {
		const [first = Buffer.alloc(0)] = this.#held;
		if (isJsonStart(first)) {
			this.#number++;
			this.#open(this.#takeHeld());
		} else if (this.#heldLength > longest) {
			this.#number++;
			this.#sink.bad(words.long, this.#takeHeld().toString('utf8', 0, mostText), this.#number);
			this.#isSkipping = true;
		}
	}

	#line(bytes: Buffer): void {
		const line = bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
		if (line.subarray(0, plainStart.length).equals(plainStart)) {
			const event = readLine(line);
			if (!(event instanceof BadLine) && isEventShape(event as unknown as Json)) {
				this.#sink.event(line, event, this.#number);
				return;
			}
		}

		const text = withoutColors(line.toString().replace(/^\ufeff/, '')).trim();
		if (text === '') {
			// A line of colours only is no event, and no blank.
			if (/\S/.test(line.toString())) {
				this.#bad('it is not JSON', line.toString());
			}
		} else if (text.startsWith('{') || text.startsWith('[')) {
			this.#json(line, text);
		} else {
			this.#prefixed(line, text);
		}
	}

	#json(line: Buffer, text: string): void {
		const value = parsed(text);
		if (value !== undefined) {
			this.#value(value, {text, chain: [], number: this.#number, form: undefined});
			return;
		}

		// kubectl logs --prefix begins with a bracket, too.
		const prefixed = text.startsWith('[') ? prefixOf(text) : undefined;
		if (prefixed !== undefined && !/^\[\s*[[{]/.test(text)) {
			this.#prefixed(line, text);
		} else if (line.length > longest) {
			this.#bad(words.long, '');
		} else {
			this.#open(Buffer.concat([line, Buffer.from('\n')]));
		}
	}

	#prefixed(line: Buffer, text: string): void {
		const prefixed = prefixOf(text);
		if (prefixed === undefined) {
			this.#plainText(line, text);
			return;
		}

		const {form, envelope, rest, part, stream = ''} = prefixed;
		if (part === 'P' || this.#parts.isOpen(stream)) {
			this.#parts.add({key: stream, text: rest, chain: [envelope], number: this.#number, form, isEnd: part !== 'P'});
			return;
		}

		const value = parsed(rest) ?? parsed(rest.slice(0, rest.lastIndexOf('}') + 1));
		if (value === undefined) {
			this.#bad(rest.startsWith('{"process') ? words.cut : 'it is not JSON', line.toString());
		} else {
			this.#value(value, {
				text: rest.slice(0, rest.lastIndexOf('}') + 1),
				chain: [envelope],
				number: this.#number,
				form,
			});
		}
	}

	/** A line without an object may be a part of one. */
	#plainText(line: Buffer, text: string): void {
		const value = text.startsWith('"') ? parsed(text) : undefined;
		if (typeof value === 'string') {
			this.#value(value, {text, chain: [], number: this.#number, form: 'JSON in a text'});
			return;
		}

		this.#bad(words.notJson, line.toString());
	}

	// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the cases of one part of a line
	#value(value: unknown, {text, chain, number, form, isPart = false, isRest = false}: Place): boolean {
		if (isObject(value) && 'tetratop' in value && isObject(value['tetratop'])) {
			this.#sink.own(value['tetratop']);
			return true;
		}

		if (isObject(value) && isEventShape(value)) {
			const made = completed(text, chain);
			if (made instanceof BadLine) {
				this.#sink.bad(made.why, text.slice(0, mostText), number);
			} else {
				this.#give(made, number, form);
			}

			return true;
		}

		const {found, bad, parts} = unwrap(value, chain);
		const name = form ?? (isObject(value) ? formName(value) : 'JSON array');
		const given = isRest ? new Set(this.#inner.map(event => JSON.stringify(event))) : undefined;
		for (const one of found.filter(({event}) => given?.has(JSON.stringify(event)) !== true)) {
			this.#give(one, number, name);
			if (isPart) {
				this.#inner.push(one.event);
			}
		}

		for (const why of bad) {
			this.#sink.bad(why, text.slice(0, mostText), number);
		}

		if (found.length > 0 || bad.length > 0) {
			return true;
		}

		if (this.#parts.offer(value, parts, number, name)) {
			return true;
		}

		if (!isPart) {
			this.#sink.bad(isObject(value) ? noEvent : words.noObject(value), text.slice(0, mostText), number);
		}

		return false;
	}

	#give({line, event}: Found, number: number, form: string | undefined): void {
		if (form !== undefined) {
			this.forms.set(form, (this.forms.get(form) ?? 0) + 1);
		}

		this.#sink.event(line, event, number);
	}

	#bad(why: string, text: string): void {
		this.#sink.bad(why, text.slice(0, mostText), this.#number);
	}

	#open(start: Buffer): void {
		this.#document = new Document(
			{
				value: (text, around, number) => this.#documentValue(text, around, number),
				bad: (why, text, number) => {
					this.#sink.bad(words[why], text.toString('utf8', 0, mostText), number);
					this.#isSkipping = why !== 'cut';
				},
			},
			this.#number,
		);
		this.push(start);
	}

	#inDocument(document: Document, chunk: Buffer, from: number): number {
		const at = document.push(chunk, from);
		if (document.isOver) {
			this.#number = document.line - 1;
			this.#document = undefined;
		}

		return at;
	}

	#documentValue(bytes: Buffer, {kind, context}: Around, number: number): boolean {
		const text = bytes.toString();
		const value = parsed(text);
		if (value === undefined) {
			if (kind === 'root') {
				this.#sink.bad(words.notJson, text.slice(0, mostText), number);
			}

			return false;
		}

		if (kind === 'root') {
			return this.#value(value, {text, chain: [], number, form: isObject(value) ? undefined : 'JSON array'});
		}

		const around = parsed(context);
		const form = isObject(around) ? formName(around) : arrayForm(value);
		this.#inner = kind === 'rest' ? this.#inner : this.#inner.slice(-mostInner);
		return this.#value(value, {text, chain: chainOf(around), number, form, isPart: true, isRest: kind === 'rest'});
	}
}

function arrayForm(value: unknown): string {
	return isObject(value) && !isEventShape(value) ? formName(value) : 'JSON array';
}

/** The envelopes on the way to the last, open, element of a document. */
function chainOf(value: unknown): Chain {
	const chain: Array<Json | readonly unknown[]> = [];
	let at = value;
	while (typeof at === 'object' && at !== null) {
		if (!Array.isArray(at)) {
			chain.push(at as Json);
		}

		at = Array.isArray(at) ? at.at(-1) : Object.values(at).at(-1);
	}

	return chain;
}

const words = {
	cut: 'it is cut off',
	long: 'it is longer than 10 MiB',
	deep: 'it is nested deeper than 100',
	notJson: 'it is not JSON',
	noObject(value: unknown): string {
		return Array.isArray(value) ? 'it is a list, not an object' : `it is ${String(value).slice(0, 40)}, not an object`;
	},
};

function isJsonStart(bytes: Buffer): boolean {
	const start = withoutColors(bytes.toString('utf8', 0, 64))
		.replace(/^\ufeff/, '')
		.trimStart();
	return start.startsWith('{') || start.startsWith('[');
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
