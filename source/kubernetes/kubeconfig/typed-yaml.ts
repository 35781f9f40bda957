/**
Reads YAML with the types of kubectl's Go structs: each field has one type, null is its empty value, and another type is an error.
The scalars are those of Go's YAML library: yes, on and y are true; a date and a time are texts; the last of two equal keys counts.
*/
import {
	binaryTag,
	boolYaml11Tag,
	floatCoreTag,
	intCoreTag,
	loadAll,
	mapTag,
	mergeTag,
	nullYaml11Tag,
	Schema,
	seqTag,
	strTag,
} from 'js-yaml';

const schema = new Schema([
	strTag,
	seqTag,
	mapTag,
	nullYaml11Tag,
	boolYaml11Tag,
	intCoreTag,
	floatCoreTag,
	mergeTag,
	binaryTag,
]);

/** The first document, as kubectl reads it; it has no fields when the file has only blanks and comments. */
export function firstDocument(source: string): Fields {
	try {
		const [document] = loadAll(source.replace(/^\uFEFF/, ''), {schema, json: true});
		return new Fields(document, '');
	} catch (error) {
		// js-yaml's own message quotes the lines around the error.
		const {reason, mark, message} = error as {reason?: string; mark?: {line: number}; message: string};
		throw reason === undefined || mark === undefined
			? new Error(message)
			: new Error(`not YAML: ${reason} in line ${mark.line + 1}`);
	}
}

/** A map of the document. Every method throws an Error with the place of a field of another type, and never its value. */
export class Fields {
	/** `users[0].user`; '': the document. */
	readonly place: string;
	readonly #map: Readonly<Record<string, unknown>>;

	constructor(value: unknown, place: string) {
		if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)) {
			this.#map = value as Readonly<Record<string, unknown>>;
		} else if (value === undefined || value === null) {
			this.#map = {};
		} else {
			throw wrong(place === '' ? 'the file' : place, value, 'a map');
		}

		this.place = place;
	}

	get keys(): readonly string[] {
		return Object.keys(this.#map);
	}

	/** Not for null. */
	has(key: string): boolean {
		return this.value(key) !== undefined && this.value(key) !== null;
	}

	value(key: string): unknown {
		return Object.hasOwn(this.#map, key) ? this.#map[key] : undefined;
	}

	text(key: string): string {
		return textOf(this.value(key), this.#at(key));
	}

	flag(key: string): boolean {
		const value = this.value(key) ?? false;
		if (typeof value !== 'boolean') {
			throw wrong(this.#at(key), value, 'true or false, without quotes');
		}

		return value;
	}

	fields(key: string): Fields {
		return new Fields(this.value(key), this.#at(key));
	}

	list(key: string): readonly Fields[] {
		return this.#items(key).map((item, index) => new Fields(item, `${this.#at(key)}[${index}]`));
	}

	texts(key: string): readonly string[] {
		return this.#items(key).map((item, index) => textOf(item, `${this.#at(key)}[${index}]`));
	}

	/** Base64 with padding, as Go reads it: line breaks do not count. */
	base64(key: string): string {
		const text = this.text(key).replaceAll(/[\r\n]/g, '');
		if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text)) {
			throw new Error(`${this.#at(key)} is not base64`);
		}

		return text;
	}

	#items(key: string): readonly unknown[] {
		const value = this.value(key) ?? [];
		if (!Array.isArray(value)) {
			throw wrong(this.#at(key), value, 'a list');
		}

		return value;
	}

	#at(key: string): string {
		return this.place === '' ? key : `${this.place}.${key}`;
	}
}

function textOf(value: unknown, place: string): string {
	if (value instanceof Uint8Array) {
		return Buffer.from(value).toString();
	}

	if (value !== undefined && value !== null && typeof value !== 'string') {
		throw wrong(place, value, 'a text: write it in quotes');
	}

	return value ?? '';
}

function wrong(place: string, value: unknown, wanted: string): Error {
	const kind = Array.isArray(value) ? 'list' : typeof value === 'object' ? 'map' : typeof value;
	return new Error(`${place} is a ${kind === 'string' ? 'text' : kind}, and must be ${wanted}`);
}
