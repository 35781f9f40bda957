/**
An event's frame to its line of JSON, with the content and in the order of `tetra getevents -o json`: bytes to bytes, with no
object and no string in between. It needs the order in which Go writes messages: fields by rising number, the case of a oneof
last. A frame in another order is legal, though no known agent sends one; the decoder reads it, which is slower.
*/

import {ByteText} from '../../runtime/byte-text.js';
import {readAny} from '../wire/any.js';
import {decodeEvent} from '../wire/decode.js';
import {isVarint} from '../wire/decode-values.js';
import {type Field, fieldNumbered, type Message, messageOf} from '../wire/schema-table.js';
import {readDuration} from '../wire/timestamp.js';
import {asBuffer, type Cursor, cursorOver, lengthEnd, Malformed, skip, varint32} from '../wire/wire.js';
import {entryText, writeEscaped, writeString, writeTimestamp, writeVarint, writeWrapper} from './json-values.js';
import {cacheOf, isRepeating} from './repeating.js';

const envelope = messageOf('GetEventsResponse');
const [quote, comma, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d] as const;

/** Set when a frame is not in Go's order; then the text is thrown away. */
let disordered = false;

/** One line without its line feed. Bytes that are no event become `{"$malformed": "<base64>"}`: evidence is not dropped. */
export function eventJson(bytes: Uint8Array): string {
	const line = new ByteText(bytes.length * 4 + 1024);
	line.add(writeEvent, bytes);
	return line.toString();
}

/** The same in bytes. `escaped` gets the JSON of each text that is not plain, and may escape more of it. */
export function writeEventJson(
	out: ByteText,
	bytes: Uint8Array,
	escaped: (json: string) => string,
): 'event' | 'no event' {
	shown = escaped;
	try {
		return writeEvent(out, bytes);
	} finally {
		shown = asItIs;
	}
}

const malformedStart = '{"$malformed":"';

/** Whether a text of eventJson() says that the bytes are no event. */
export function isMalformedJson(text: string): boolean {
	return text.startsWith(malformedStart);
}

function asItIs(json: string): string {
	return json;
}

/** What becomes of the JSON of a text that is not ASCII. */
let shown = asItIs;

function writeEvent(out: ByteText, bytes: Uint8Array): 'event' | 'no event' {
	const buffer = asBuffer(bytes);
	const start = out.at;
	try {
		disordered = false;
		const unknown: number[] = [];
		writeMessage(out, cursorOver(buffer), envelope, unknown);
		if (disordered) {
			out.at = start;
			out.text(shown(JSON.stringify(decodeEvent(buffer))));
		} else if (unknown.length > 0) {
			writeUnknown(out, start, unknown);
		}

		return 'event';
	} catch (error) {
		if (!(error instanceof Malformed)) {
			throw error;
		}

		out.at = start;
		out.text(`${malformedStart}${buffer.base64Slice(0, buffer.length)}"}`);
		return 'no event';
	}
}

function writeUnknown(out: ByteText, start: number, unknown: readonly number[]): void {
	const isEmpty = out.at === start + 2;
	out.at--;
	out.text(`${isEmpty ? '' : ','}"$unknown":[${[...new Set(unknown)].join(',')}]}`);
}

/** The case of a oneof is last on the wire and first in proto/, so such a message is read twice. */
function writeMessage(out: ByteText, cursor: Cursor, message: Message, unknown?: number[]): void {
	out.byte(openBrace);
	const first = out.at;
	if (message.oneofs.size > 0) {
		const {at} = cursor;
		writeCase(out, cursor, message);
		cursor.at = at;
	}

	const {end} = cursor;
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
		} else if (field.oneof === undefined) {
			disordered ||= field.index <= last;
			last = field.index;
			writeField(out, cursor, tag, field, first);
		} else {
			skip(cursor, tag);
		}
	}

	out.byte(closeBrace);
}

function writeCase(out: ByteText, cursor: Cursor, message: Message): void {
	const first = out.at;
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		const field = fieldNumbered(message, tag >>> 3);
		if (field?.oneof === undefined) {
			skip(cursor, tag);
		} else {
			disordered ||= out.at > first;
			writeField(out, cursor, tag, field, first);
		}
	}
}

/** Name and value; nothing for a zero that JSON leaves out. `first`: where the first field of the message is. */
function writeField(out: ByteText, cursor: Cursor, tag: number, field: Field, first: number): void {
	const wireType = tag & 7;
	if (!isOfField(wireType, field)) {
		// The wire type of another version: the decoder leaves the field out.
		disordered = true;
		skip(cursor, tag);
		return;
	}

	const mark = out.at;
	// Without the comma in front.
	out.piece(field.prefixBytes, mark === first ? 1 : 0);
	const hasValue =
		wireType === 0 ? writeNumber(out, cursor, tag, field) : writeLengthDelimited(out, cursor, tag, field);
	if (!hasValue) {
		out.at = mark;
	}
}

function isOfField(wireType: number, {kind, repeated}: Field): boolean {
	return isVarint(kind) ? wireType === 0 || (wireType === 2 && repeated) : wireType === 2;
}

/** False: a zero that JSON leaves out. Repeated fields and maps read on while the same field follows. */
function writeNumber(out: ByteText, cursor: Cursor, tag: number, field: Field): boolean {
	if (!field.repeated) {
		return writeVarint(out, cursor, field.kind, field) || field.explicit;
	}

	out.byte(openBracket);
	writeVarint(out, cursor, field.kind, field);
	while (nextIs(cursor, tag)) {
		out.byte(comma);
		writeVarint(out, cursor, field.kind, field);
	}

	out.byte(closeBracket);
	return true;
}

function writeLengthDelimited(out: ByteText, cursor: Cursor, tag: number, field: Field): boolean {
	if (field.kind === 'map') {
		writeMap(out, cursor, tag, field);
	} else if (!field.repeated) {
		const {at} = out;
		writeDelimited(out, cursor, field);
		// Two quotes and nothing between them.
		return out.at - at !== 2 || out.bytes[at] !== quote || field.explicit || field.kind === 'wrapper';
	} else if (isVarint(field.kind)) {
		writePacked(out, cursor, field);
	} else {
		writeList(out, cursor, tag, field);
	}

	return true;
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

function writeList(out: ByteText, cursor: Cursor, tag: number, field: Field): void {
	out.byte(openBracket);
	writeDelimited(out, cursor, field);
	while (nextIs(cursor, tag)) {
		out.byte(comma);
		writeDelimited(out, cursor, field);
	}

	out.byte(closeBracket);
}

function writePacked(out: ByteText, cursor: Cursor, field: Field): void {
	const outer = cursor.end;
	cursor.end = lengthEnd(cursor);
	out.byte(openBracket);
	for (let isFirst = true; cursor.at < cursor.end; isFirst = false) {
		if (!isFirst) {
			out.byte(comma);
		}

		writeVarint(out, cursor, field.kind, field);
	}

	out.byte(closeBracket);
	cursor.end = outer;
}

/** Writes the cursor's range as `write` does, from the cache where it is known. */
function writeCached(
	out: ByteText,
	cursor: Cursor,
	type: string,
	field: Field,
	write: (out: ByteText, cursor: Cursor, field: Field) => void,
): void {
	const cache = cacheOf(shown);
	const hash = cache.hash(cursor);
	if (cache.write(out, cursor, type, hash)) {
		return;
	}

	const {at} = cursor;
	const start = out.at;
	write(out, cursor, field);
	if (!disordered) {
		cursor.at = at;
		cache.keep(out, start, cursor, type, hash);
	}
}

function writeDelimited(out: ByteText, cursor: Cursor, field: Field): void {
	const outer = cursor.end;
	const end = lengthEnd(cursor);
	cursor.end = end;
	if (field.kind === 'message' && isRepeating(field)) {
		writeCached(out, cursor, field.typeName, field, writeContent);
	} else {
		writeContent(out, cursor, field);
	}

	cursor.at = end;
	cursor.end = outer;
}

function writeContent(out: ByteText, cursor: Cursor, field: Field): void {
	switch (field.kind) {
		case 'message': {
			writeMessage(out, cursor, field.message());
			return;
		}

		case 'string': {
			writeString(out, cursor.bytes, cursor.at, cursor.end, shown);
			return;
		}

		case 'wrapper': {
			disordered = !writeWrapper(out, cursor, field, shown) || disordered;
			return;
		}

		case 'timestamp': {
			writeTimestamp(out, cursor);
			return;
		}

		case 'bytes': {
			out.text(`"${cursor.bytes.base64Slice(cursor.at, cursor.end)}"`);
			return;
		}

		case 'duration': {
			out.text(`"${readDuration(cursor)}"`);
			return;
		}

		case 'any': {
			writeEscaped(out, JSON.stringify(readAny(cursor)), shown);
			return;
		}

		default: {
			// Only requests have a FieldMask.
			disordered = true;
		}
	}
}

/** Go shuffles a map's entries and protojson sorts them, so a run of entries has few shapes, and its text is kept. */
function writeMap(out: ByteText, cursor: Cursor, tag: number, field: Field): void {
	const start = cursor.at;
	do {
		cursor.at = lengthEnd(cursor);
	} while (nextIs(cursor, tag));

	const run = {bytes: cursor.bytes, at: start, end: cursor.at};
	writeCached(out, run, field.name, field, (inner, entriesRun) => writeEntries(inner, entriesRun, tag, field));
}

function writeEntries(out: ByteText, run: Cursor, tag: number, field: Field): void {
	const entries: Array<[string, string]> = [];
	do {
		const end = lengthEnd(run);
		entries.push(entryText({bytes: run.bytes, at: run.at, end}, field));
		run.at = end;
	} while (nextIs(run, tag));

	entries.sort(([first], [second]) => (first < second ? -1 : first > second ? 1 : 0));
	disordered ||= entries.some(([key], index) => key === entries[index + 1]?.[0]);
	writeEscaped(out, `{${entries.map(([key, value]) => `${key}:${value}`).join(',')}}`, shown);
}
