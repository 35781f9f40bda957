/** The values of fields as JSON text: in bytes, and as strings for the entries of maps, which are sorted. */
import type {ByteText} from '../../runtime/byte-text.js';
import {isVarint} from '../wire/decode-values.js';
import type {Field, FieldKind} from '../wire/schema-table.js';
import {dateText, isTimestamp, readSecondsNanos, timestampText} from '../wire/timestamp.js';
import {type Cursor, lengthEnd, signedVarint64, skip, varint32, varint64, varintNumber} from '../wire/wire.js';

const quote = 0x22;
const daySeconds = 86_400;

/** By byte: 1 for those that are the same in a JSON string. */
const isPlain = Uint8Array.from({length: 256}, (_, byte) =>
	byte >= 0x20 && byte < 0x7f && byte !== quote && byte !== 0x5c ? 1 : 0,
);

/** A JSON string of UTF-8 bytes; those without anything to escape, nearly all, are copied. `shown` may escape more. */
export function writeString(
	out: ByteText,
	bytes: Buffer,
	start: number,
	end: number,
	shown: (json: string) => string,
): void {
	const to = out.bytes;
	let place = out.at;
	to[place++] = quote;
	for (let at = start; at < end; at++) {
		const byte = bytes[at] as number;
		if (isPlain[byte] === 0) {
			writeEscaped(out, JSON.stringify(bytes.utf8Slice(start, end)), shown);
			return;
		}

		to[place++] = byte;
	}

	to[place++] = quote;
	out.at = place;
}

/** JSON whose texts may hold any character. */
export function writeEscaped(out: ByteText, json: string, shown: (json: string) => string): void {
	out.text(shown(json));
}

/** A Timestamp's JSON, as timestampText has it. */
export function writeTimestamp(out: ByteText, cursor: Cursor): void {
	const [seconds, nanos] = readSecondsNanos(cursor);
	out.byte(quote);
	if (isTimestamp(seconds, nanos)) {
		const day = Math.floor(seconds / daySeconds);
		const inDay = seconds - day * daySeconds;
		out.ascii(dateText(day));
		out.digits(inDay / 3600, 2);
		out.byte(0x3a);
		out.digits((inDay / 60) % 60, 2);
		out.byte(0x3a);
		out.digits(inDay % 60, 2);
		writeFraction(out, nanos);
		out.byte(0x5a);
	} else {
		out.ascii(timestampText(seconds, nanos));
	}

	out.byte(quote);
}

function writeFraction(out: ByteText, nanos: number): void {
	if (nanos === 0) {
		return;
	}

	out.byte(0x2e);
	if (nanos % 1_000_000 === 0) {
		out.digits(nanos / 1_000_000, 3);
	} else if (nanos % 1000 === 0) {
		out.digits(nanos / 1000, 6);
	} else {
		out.digits(nanos, 9);
	}
}

/** Returns false for a zero, which the caller may leave out. */
export function writeVarint(out: ByteText, cursor: Cursor, kind: FieldKind, field: Field): boolean {
	switch (kind) {
		case 'uint32': {
			return writeInteger(out, varint32(cursor));
		}

		case 'int32': {
			return writeInteger(out, varint32(cursor) | 0);
		}

		case 'bool': {
			const isTrue = varintNumber(cursor) !== 0;
			out.ascii(isTrue ? 'true' : 'false');
			return isTrue;
		}

		case 'enum': {
			return writeEnum(out, varint32(cursor) | 0, field);
		}

		default: {
			const text = kind === 'uint64' ? varint64(cursor) : signedVarint64(cursor);
			out.byte(quote);
			out.ascii(text);
			out.byte(quote);
			return text !== '0';
		}
	}
}

function writeInteger(out: ByteText, value: number): boolean {
	out.integer(value);
	return value !== 0;
}

function writeEnum(out: ByteText, number: number, field: Field): boolean {
	const name = field.enumNames.get(number);
	if (name === undefined) {
		return writeInteger(out, number);
	}

	out.byte(quote);
	out.ascii(name);
	out.byte(quote);
	return number !== 0;
}

/** A JSON string of UTF-8 bytes. */
function stringText(bytes: Buffer, start: number, end: number): string {
	return JSON.stringify(bytes.utf8Slice(start, end));
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

function varintText(cursor: Cursor, kind: FieldKind, field: Field): string {
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

/** A wrapper's bare value. False: it has a value that JSON would need the decoder for. */
export function writeWrapper(out: ByteText, cursor: Cursor, field: Field, shown: (json: string) => string): boolean {
	let isRead = true;
	const kind = field.inner;
	const start = out.at;
	out.ascii(
		kind === 'bool' ? 'false' : kind === 'string' || kind === 'bytes' ? '""' : kind.endsWith('64') ? '"0"' : '0',
	);
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x08 && isVarint(kind)) {
			out.at = start;
			writeVarint(out, cursor, kind, field);
		} else if (tag === 0x0a && kind === 'string') {
			const end = lengthEnd(cursor);
			out.at = start;
			writeString(out, cursor.bytes, cursor.at, end, shown);
			cursor.at = end;
		} else {
			isRead &&= tag !== 0x0a;
			skip(cursor, tag);
		}
	}

	return isRead;
}
