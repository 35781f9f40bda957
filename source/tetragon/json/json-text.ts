/**
An event's frame to its line of JSON, with the content and in the order of `tetra getevents -o json`, and no object in
between. It needs the order in which Go writes messages: fields by rising number, the case of a oneof last. A frame in another
order is legal, though no known agent sends one; the decoder reads it, which is slower.
*/

import {readAny} from '../wire/any.js';
import {decodeEvent} from '../wire/decode.js';
import {isVarint} from '../wire/decode-values.js';
import {type Field, fieldNumbered, type Message, messageOf} from '../wire/schema-table.js';
import {TextCache} from '../wire/text-cache.js';
import {readDuration, readTimestamp} from '../wire/timestamp.js';
import {asBuffer, type Cursor, cursorOver, lengthEnd, Malformed, skip, varint32} from '../wire/wire.js';
import {entryText, stringText, varintText} from './json-values.js';

const envelope = messageOf('GetEventsResponse');

/** Set when a frame is not in Go's order; then the text is thrown away. */
let disordered = false;

/** One line without its line feed. Bytes that are no event become `{"$malformed": "<base64>"}`: evidence is not dropped. */
export function eventJson(bytes: Uint8Array): string {
	const buffer = asBuffer(bytes);
	try {
		disordered = false;
		const unknown: number[] = [];
		const text = messageText(cursorOver(buffer), envelope, unknown);
		if (disordered) {
			// The cache may hold texts that were made from the disorder.
			cache.clear();
			return JSON.stringify(decodeEvent(buffer));
		}

		return unknown.length === 0 ? text : withUnknown(text, unknown);
	} catch (error) {
		if (error instanceof Malformed) {
			return malformedJson(buffer);
		}

		throw error;
	}
}

const malformedStart = '{"$malformed":"';

/** Whether a text of eventJson() says that the bytes are no event. */
export function isMalformedJson(text: string): boolean {
	return text.startsWith(malformedStart);
}

function malformedJson(bytes: Buffer): string {
	return `${malformedStart}${bytes.base64Slice(0, bytes.length)}"}`;
}

function withUnknown(text: string, unknown: readonly number[]): string {
	const comma = text === '{}' ? '' : ',';
	return `${text.slice(0, -1)}${comma}"$unknown":[${[...new Set(unknown)].join(',')}]}`;
}

/** Cases of a oneof are last on the wire and first in proto/, so their text is kept apart. */
function messageText(cursor: Cursor, message: Message, unknown?: number[]): string {
	const {end} = cursor;
	let oneof = '';
	let rest = '';
	let last = -1;
	while (cursor.at < end) {
		const tag = varint32(cursor);
		const field = fieldNumbered(message, tag >>> 3);
		if (field === undefined) {
			if (tag >>> 3 === 0) {
				throw new Malformed('field 0');
			}

			unknown?.push(tag >>> 3);
			skip(cursor, tag);
			continue;
		}

		if (field.oneof !== undefined) {
			disordered ||= oneof !== '';
			oneof = field.prefix + fieldText(cursor, tag, field);
			continue;
		}

		disordered ||= field.index <= last;
		last = field.index;
		const value = fieldText(cursor, tag, field);
		if (value !== '') {
			rest += field.prefix + value;
		}
	}

	const whole = oneof + rest;
	return whole === '' ? '{}' : `{${whole.slice(1)}}`;
}

/** '' for a zero that JSON leaves out. Repeated fields and maps read on while the same field follows. */
function fieldText(cursor: Cursor, tag: number, field: Field): string {
	const wireType = tag & 7;
	if (!isOfField(wireType, field)) {
		// The wire type of another version: the decoder leaves the field out.
		disordered = true;
		skip(cursor, tag);
		return '';
	}

	return wireType === 0 ? numberText(cursor, tag, field) : lengthDelimitedText(cursor, tag, field);
}

function isOfField(wireType: number, {kind, repeated}: Field): boolean {
	return isVarint(kind) ? wireType === 0 || (wireType === 2 && repeated) : wireType === 2;
}

function numberText(cursor: Cursor, tag: number, field: Field): string {
	const value = varintText(cursor, field.kind, field);
	if (field.repeated) {
		return `[${[value, ...restOfList(cursor, tag, inner => varintText(inner, field.kind, field))].join(',')}]`;
	}

	return !field.explicit && (value === '0' || value === '"0"' || value === 'false') ? '' : value;
}

function lengthDelimitedText(cursor: Cursor, tag: number, field: Field): string {
	if (field.kind === 'map') {
		return mapText(cursor, tag, field);
	}

	if (field.repeated) {
		return isVarint(field.kind) ? packedText(cursor, field) : listText(cursor, tag, field);
	}

	const text = delimitedText(cursor, field);
	return text === '""' && !field.explicit && field.kind !== 'wrapper' ? '' : text;
}

function restOfList(cursor: Cursor, tag: number, read: (cursor: Cursor) => string): string[] {
	const texts: string[] = [];
	while (nextIs(cursor, tag)) {
		texts.push(read(cursor));
	}

	return texts;
}

/** Whether the same field follows; steps over its tag if so. */
function nextIs(cursor: Cursor, tag: number): boolean {
	if (cursor.at >= cursor.end) {
		return false;
	}

	const before = cursor.at;
	if (varint32(cursor) === tag) {
		return true;
	}

	cursor.at = before;
	return false;
}

function listText(cursor: Cursor, tag: number, field: Field): string {
	let texts = delimitedText(cursor, field);
	while (nextIs(cursor, tag)) {
		texts += `,${delimitedText(cursor, field)}`;
	}

	return `[${texts}]`;
}

function packedText(cursor: Cursor, field: Field): string {
	const outer = cursor.end;
	cursor.end = lengthEnd(cursor);
	let texts = '';
	while (cursor.at < cursor.end) {
		texts += texts === '' ? varintText(cursor, field.kind, field) : `,${varintText(cursor, field.kind, field)}`;
	}

	cursor.end = outer;
	return `[${texts}]`;
}

/** Capabilities, namespaces and parents are the same in event after event, and are half of its bytes. */
const repeating = new Set(['Capabilities', 'Namespaces', 'ProcessCredentials']);
const repeatingFields = new Set(['parent', 'ancestors']);
const cache = new TextCache(2048);
const isRepeatingField = new Map<Field, boolean>();

function isRepeating(field: Field): boolean {
	let known = isRepeatingField.get(field);
	if (known === undefined) {
		known = repeating.has(field.typeName) || repeatingFields.has(field.name);
		isRepeatingField.set(field, known);
	}

	return known;
}

function delimitedText(cursor: Cursor, field: Field): string {
	const outer = cursor.end;
	const end = lengthEnd(cursor);
	cursor.end = end;
	let text: string;
	if (field.kind === 'message' && isRepeating(field)) {
		text = cache.text(cursor, field.typeName, () => messageText(cursor, field.message()));
	} else {
		text = contentText(cursor, field);
	}

	cursor.at = end;
	cursor.end = outer;
	return text;
}

function contentText(cursor: Cursor, field: Field): string {
	switch (field.kind) {
		case 'message': {
			return messageText(cursor, field.message());
		}

		case 'string': {
			return stringText(cursor.bytes, cursor.at, cursor.end);
		}

		case 'wrapper': {
			return wrapperText(cursor, field);
		}

		case 'timestamp': {
			return `"${readTimestamp(cursor)}"`;
		}

		case 'bytes': {
			return `"${cursor.bytes.base64Slice(cursor.at, cursor.end)}"`;
		}

		case 'duration': {
			return `"${readDuration(cursor)}"`;
		}

		case 'any': {
			return JSON.stringify(readAny(cursor));
		}

		default: {
			// Only requests have a FieldMask.
			disordered = true;
			return '""';
		}
	}
}

function wrapperText(cursor: Cursor, field: Field): string {
	const kind = field.inner;
	let text =
		kind === 'bool' ? 'false' : kind === 'string' || kind === 'bytes' ? '""' : kind.endsWith('64') ? '"0"' : '0';
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x08 && isVarint(kind)) {
			text = varintText(cursor, kind, field);
		} else if (tag === 0x0a && kind === 'string') {
			const end = lengthEnd(cursor);
			text = stringText(cursor.bytes, cursor.at, end);
			cursor.at = end;
		} else {
			disordered ||= tag === 0x0a;
			skip(cursor, tag);
		}
	}

	return text;
}

/** Go shuffles a map's entries and protojson sorts them, so a run of entries has few shapes, and its text is kept. */
function mapText(cursor: Cursor, tag: number, field: Field): string {
	const start = cursor.at;
	do {
		cursor.at = lengthEnd(cursor);
	} while (nextIs(cursor, tag));

	const run = {bytes: cursor.bytes, at: start, end: cursor.at};
	return cache.text(run, field.name, () => {
		const entries: Array<[string, string]> = [];
		do {
			const end = lengthEnd(run);
			entries.push(entryText({bytes: run.bytes, at: run.at, end}, field));
			run.at = end;
		} while (nextIs(run, tag));

		entries.sort(([first], [second]) => (first < second ? -1 : first > second ? 1 : 0));
		disordered ||= entries.some(([key], index) => key === entries[index + 1]?.[0]);
		return `{${entries.map(([key, value]) => `${key}:${value}`).join(',')}}`;
	});
}
