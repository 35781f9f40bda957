/** Lines that a runtime has cut into parts: Docker after 16 KiB, CRI with P and F, each stream for itself. */
import {BadLine} from '../../tetragon/json/json-lines.js';
import {longest} from './document.js';
import type {Chain, Json} from './envelope.js';
import {completed, type Found, type Part} from './unwrap.js';

type Open = {
	readonly path: string;
	readonly chain: Chain;
	readonly number: number;
	readonly form: string;
	readonly texts: string[];
	length: number;
};

export type Piece = {
	readonly key: string;
	readonly text: string;
	readonly chain: Chain;
	readonly number: number;
	readonly form: string;
	/** Nothing follows. */
	readonly isEnd: boolean;
};

/** More streams than the containers of a file have. */
const mostOpen = 64;
/** What tells one stream of parts from another. */
const streamKeys = [
	'stream',
	'container_id',
	'CONTAINER_ID',
	'_HOSTNAME',
	'podName',
	'file',
	'kubernetes',
	'stream_name',
];

export class Parts {
	readonly #give: (found: Found, number: number, form: string) => void;
	readonly #bad: (why: string, text: string, number: number) => void;
	readonly #open = new Map<string, Open>();

	constructor(
		give: (found: Found, number: number, form: string) => void,
		bad: (why: string, text: string, number: number) => void,
	) {
		this.#give = give;
		this.#bad = bad;
	}

	isOpen(key: string): boolean {
		return this.#open.has(key);
	}

	/** A part of a line whose parts say whether one follows. */
	add({key, text, chain, number, form, isEnd}: Piece): void {
		const open = this.#open.get(key) ?? this.#begin(key, {path: '', chain, number, form, texts: [], length: 0});
		this.#append(key, open, text);
		if (isEnd && this.#open.delete(key)) {
			this.#finish(open, true);
		}
	}

	/** An envelope without a whole event: it may hold a part of one. True: it does. */
	offer(value: unknown, parts: readonly Part[], number: number, form: string): boolean {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) {
			return false;
		}

		const key = keyOf(value as Json);
		const open = this.#open.get(key);
		const [part] = parts;
		if (part !== undefined && /^\s*\{\s*"(?:process|node_name|time|rate)/.test(part.text)) {
			if (open !== undefined) {
				this.#drop(key, open);
			}

			const begun = this.#begin(key, {path: part.path, chain: part.chain, number, form, texts: [], length: 0});
			this.#append(key, begun, part.text);
			return true;
		}

		const text = open === undefined ? undefined : textAt(value as Json, open.path);
		if (open === undefined || text === undefined) {
			return false;
		}

		this.#append(key, open, text);
		if (/\}\s*$/.test(text) && this.#finish(open, false)) {
			this.#open.delete(key);
		}

		return true;
	}

	end(): void {
		for (const [key, open] of this.#open) {
			this.#drop(key, open);
		}
	}

	#begin(key: string, open: Open): Open {
		const [oldest] = this.#open;
		if (this.#open.size >= mostOpen && oldest !== undefined) {
			this.#drop(...oldest);
		}

		this.#open.set(key, open);
		return open;
	}

	#append(key: string, open: Open, text: string): void {
		open.texts.push(text);
		open.length += text.length;
		if (open.length > longest) {
			this.#open.delete(key);
			this.#bad('it is longer than 10 MiB', open.texts[0] ?? '', open.number);
		}
	}

	#drop(key: string, open: Open): void {
		this.#open.delete(key);
		this.#bad('it is cut off', open.texts.join('').slice(0, 2000), open.number);
	}

	/** `isLast`: no part follows, so that what is no event is a bad line. */
	#finish({texts, chain, number, form}: Open, isLast: boolean): boolean {
		const whole = texts.join('');
		const made = completed(whole.trim(), chain);
		if (!(made instanceof BadLine)) {
			this.#give(made, number, form);
			return true;
		}

		if (isLast) {
			this.#bad(made.why, whole.slice(0, 2000), number);
		}

		return false;
	}
}

function keyOf(value: Json): string {
	return JSON.stringify(streamKeys.map(key => value[key]));
}

function textAt(value: Json, path: string): string | undefined {
	let at: unknown = value;
	for (const key of path.split('.').slice(1)) {
		at = typeof at === 'object' && at !== null ? (at as Json)[key] : undefined;
	}

	return typeof at === 'string' ? at : undefined;
}
