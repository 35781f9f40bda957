/** Scalars of protojson, with what it takes for each type; all throw a Mistake that names `place`. */
import type {Field} from '../wire/schema-table.js';
import {Mistake, Rounded, shown} from './mistake.js';

export function stringOf(value: unknown, place: string): string {
	if (typeof value !== 'string') {
		throw new Mistake(`${place} is ${shown(value)}, not a text`);
	}

	return value;
}

export function boolOf(value: unknown, place: string): boolean {
	if (typeof value !== 'boolean') {
		throw new Mistake(`${place} is ${shown(value)}, not true or false`);
	}

	return value;
}

/** A number of JSON in a text: no space, no plus, no leading zero. */
const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const ranges = {
	int32: [-(2 ** 31), 2 ** 31 - 1],
	uint32: [0, 2 ** 32 - 1],
} as const;

/** A 32-bit integer as a number. */
export function integerOf(value: unknown, kind: 'int32' | 'uint32', place: string): number {
	const number = typeof value === 'string' && numberPattern.test(value) ? Number(value) : value;
	const [least, most] = ranges[kind];
	if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most) {
		throw new Mistake(`${place} is ${shown(value)}, not ${kind}`);
	}

	// The sum makes a minus zero plain.
	return number + 0;
}

const bigRanges = {
	int64: [-(2n ** 63n), 2n ** 63n - 1n],
	uint64: [0n, 2n ** 64n - 1n],
} as const;

/** A 64-bit integer as a decimal text, as protojson writes it. */
export function longOf(value: unknown, kind: 'int64' | 'uint64', place: string): string {
	if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
		throw new Rounded(place);
	}

	const number = bigOf(value);
	const [least, most] = bigRanges[kind];
	if (number === undefined || number < least || number > most) {
		throw new Mistake(`${place} is ${shown(value)}, not ${kind}`);
	}

	return String(number);
}

function bigOf(value: unknown): bigint | undefined {
	if (typeof value === 'number') {
		return Number.isInteger(value) ? BigInt(value) : undefined;
	}

	// A text of more digits than any 64-bit number has would only cost time.
	if (typeof value !== 'string' || value.length > 40 || !numberPattern.test(value)) {
		return undefined;
	}

	if (/^-?\d+$/.test(value)) {
		return BigInt(value);
	}

	const number = Number(value);
	return Number.isInteger(number) && Math.abs(number) < 2 ** 65 ? BigInt(number) : undefined;
}

/** The name of an enum's value; a number that no known version has stays a number, and so does such a name. */
export function enumOf(value: unknown, field: Field, place: string): string | number {
	if (typeof value === 'number') {
		const number = integerOf(value, 'int32', place);
		return field.enumNames.get(number) ?? number;
	}

	const text = typeof value === 'string' ? value : undefined;
	if (text === undefined) {
		throw new Mistake(`${place} is ${shown(value)}, not the name or number of ${field.typeName}`);
	}

	// Writers that make every number a text make this one a text, too.
	if (/^-?\d{1,10}$/.test(text)) {
		return enumOf(Number(text), field, place);
	}

	return Object.hasOwn(field.aliases ?? {}, text) ? (field.aliases?.[text] ?? text) : text;
}

const standard = /^[A-Za-z0-9+/]*$/;
const urlSafe = /^[A-Za-z0-9_-]*$/;

/** Bytes as padded base64 of the standard alphabet; both alphabets are read, with and without padding. */
export function base64Of(value: unknown, place: string): string {
	const text = stringOf(value, place);
	const bare = text.replace(/={1,2}$/, '');
	const isBase64 = bare.length % 4 !== 1 && (standard.test(bare) || urlSafe.test(bare));
	if (!isBase64 || (bare.length !== text.length && text.length % 4 !== 0)) {
		throw new Mistake(`${place} is ${shown(value)}, not base64`);
	}

	return Buffer.from(bare, urlSafe.test(bare) ? 'base64url' : 'base64').toString('base64');
}
