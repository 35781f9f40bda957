/**
Whether a parsed line is already the Event that the decoder would make of it: nearly every line is, as agents and `tetra` write them.
It allocates nothing; from-json.ts makes the Event of any other line, or finds its mistake.
*/
import type {Field, Message} from '../wire/schema-table.js';
import {isCanonicalTime} from './time-text.js';

type Json = Readonly<Record<string, unknown>>;

/** Keys in the order of proto/ with its names, values of its types, no zeros, one case of a oneof. */
export function isCanonical(value: Json, message: Message): boolean {
	const {fields} = message;
	let at = 0;
	let hasCase = false;
	for (const key in value) {
		// The keys come in the order of the fields, so the next one is a few steps ahead: faster than any look-up.
		while (at < fields.length && (fields[at] as Field).name !== key) {
			at++;
		}

		const field = fields[at++];
		if (field === undefined || !isCanonicalValue(value[key], field)) {
			return false;
		}

		if (field.oneof !== undefined) {
			if (hasCase) {
				return false;
			}

			hasCase = true;
		}
	}

	return true;
}

function isCanonicalValue(value: unknown, field: Field): boolean {
	if (!field.repeated) {
		return isCanonicalOne(value, field, field.kind, field.explicit);
	}

	if (!Array.isArray(value) || value.length === 0) {
		return false;
	}

	// Capabilities are a tenth of all values.
	if (field.kind === 'enum' && field.aliases === undefined) {
		return areNames(value);
	}

	for (const element of value) {
		if (!isCanonicalOne(element, field, field.kind, true)) {
			return false;
		}
	}

	return true;
}

/** A number in a text begins below the letters. */
function isName(value: unknown): value is string {
	return typeof value === 'string' && value.charCodeAt(0) > 0x40;
}

function areNames(list: readonly unknown[]): boolean {
	for (let at = 0; at < list.length; at++) {
		if (!isName(list[at])) {
			return false;
		}
	}

	return true;
}

/** `zero`: a zero of the field is written. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a table with one row a kind, and one call for each value of a line
function isCanonicalOne(value: unknown, field: Field, kind: Field['kind'], zero: boolean): boolean {
	switch (kind) {
		case 'string': {
			return typeof value === 'string' && (zero || value !== '');
		}

		case 'enum': {
			// A name that no known version has is of a newer agent: it is shown as it is.
			return isName(value) && field.aliases?.[value] === undefined && (zero || value !== field.zeroName);
		}

		case 'wrapper': {
			return isCanonicalOne(value, field, field.inner, true);
		}

		case 'uint32': {
			return typeof value === 'number' && value >>> 0 === value && (zero || value !== 0);
		}

		case 'int32': {
			return typeof value === 'number' && (value | 0) === value && (zero || value !== 0);
		}

		case 'message': {
			return isObject(value) && isCanonical(value, field.message());
		}

		case 'timestamp': {
			return typeof value === 'string' && isCanonicalTime(value);
		}

		case 'bool': {
			return value === true || (zero && value === false);
		}

		case 'map': {
			return field.inner === 'string' && isObject(value) && isSortedMap(value);
		}

		case 'uint64':
		case 'int64': {
			return typeof value === 'string' && isDigits(value, kind === 'int64') && (zero || value !== '0');
		}

		case 'bytes': {
			return typeof value === 'string' && (zero || value !== '') && isBase64(value);
		}

		default: {
			return false;
		}
	}
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** protojson sorts the keys of a map. */
function isSortedMap(map: Json): boolean {
	let last: string | undefined;
	for (const key in map) {
		if (typeof map[key] !== 'string' || (last !== undefined && key <= last)) {
			return false;
		}

		last = key;
	}

	return last !== undefined;
}

/** A number without leading zeros that is surely within 64 bits; one of more digits is left to the decoder. */
function isDigits(text: string, signed: boolean): boolean {
	const {length} = text;
	const start = signed && text.charCodeAt(0) === 0x2d ? 1 : 0;
	const digits = length - start;
	if (digits === 0 || (text.charCodeAt(start) === 0x30 && length > 1) || !isBelowLimit(text, digits, signed)) {
		return false;
	}

	for (let at = start; at < length; at++) {
		const unit = text.charCodeAt(at);
		if (unit < 0x30 || unit > 0x39) {
			return false;
		}
	}

	return true;
}

function isBelowLimit(text: string, digits: number, signed: boolean): boolean {
	return signed ? digits < 19 : digits < 20 || (digits === 20 && text <= '18446744073709551615');
}

/** As Go writes bytes: the standard alphabet, padded. Bits of the last character beyond the last byte are left to the decoder. */
const whole = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

function isBase64(text: string): boolean {
	return text.length % 4 === 0 && whole.test(text);
}
