/** The values of fields as JSON text. */
import {isVarint} from '../wire/decode-values.js';
import type {Field, FieldKind} from '../wire/schema-table.js';
import {type Cursor, lengthEnd, signedVarint64, skip, varint32, varint64, varintNumber} from '../wire/wire.js';

/** A JSON string of UTF-8 bytes; those without anything to escape, nearly all, are copied. */
export function stringText(bytes: Buffer, start: number, end: number): string {
	for (let at = start; at < end; at++) {
		const byte = bytes[at] as number;
		if (byte < 0x20 || byte >= 0x7f || byte === 0x22 || byte === 0x5c) {
			return JSON.stringify(bytes.utf8Slice(start, end));
		}
	}

	return `"${bytes.latin1Slice(start, end)}"`;
}

/** Key and value of a map's entry, both as JSON. */
export function entryText(cursor: Cursor, field: Field): [string, string] {
	let key = '""';
	let value = field.inner === 'string' ? '""' : '0';
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x0a || (tag === 0x12 && field.inner === 'string')) {
			const end = lengthEnd(cursor);
			const text = stringText(cursor.bytes, cursor.at, end);
			cursor.at = end;
			if (tag === 0x0a) {
				key = text;
			} else {
				value = text;
			}
		} else if (tag === 0x10 && isVarint(field.inner)) {
			value = varintText(cursor, field.inner, field);
		} else {
			skip(cursor, tag);
		}
	}

	return [key, value];
}

/** '0', '"0"' or 'false' for a zero, which the caller may leave out. */
export function varintText(cursor: Cursor, kind: FieldKind, field: Field): string {
	switch (kind) {
		case 'uint32': {
			return String(varint32(cursor));
		}

		case 'int32': {
			return String(varint32(cursor) | 0);
		}

		case 'bool': {
			return varintNumber(cursor) === 0 ? 'false' : 'true';
		}

		case 'enum': {
			const number = varint32(cursor) | 0;
			if (number === 0 && !field.explicit && !field.repeated) {
				return '0';
			}

			const name = field.enumNames.get(number);
			return name === undefined ? String(number) : `"${name}"`;
		}

		case 'uint64': {
			return `"${varint64(cursor)}"`;
		}

		default: {
			return `"${signedVarint64(cursor)}"`;
		}
	}
}
