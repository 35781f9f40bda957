/**
Protobuf bytes to the JSON shape of event.ts, by the table of schema.ts. Agents may be of any version from v1.0 to v1.8, so only
bytes that are no protobuf are an error: unknown fields are skipped, unknown enum numbers stay numbers, invalid UTF-8 becomes
U+FFFD, sub-messages in pieces are merged, and of a oneof the last case counts.
*/

import type {Event} from '../event/event.js';
import {isVarint, readEntry, readText, readVarint, readWellKnown} from './decode-values.js';
import {type Field, fieldNumbered, type Message, messageOf} from './schema-table.js';
import {type Cursor, cursorOver, lengthEnd, Malformed, skip, varint32} from './wire.js';

type Draft = Record<string, unknown>;

const envelope = messageOf('GetEventsResponse');

/** Throws Malformed for bytes that are no message; the numbers of unknown fields of the envelope go into `$unknown`. */
export function decodeEvent(bytes: Uint8Array, message: Message = envelope): Event {
	const unknown: number[] = [];
	const event: Draft = {};
	walk(cursorOver(bytes), message, event, unknown);
	if (unknown.length > 0) {
		event['$unknown'] = [...new Set(unknown)];
	}

	return event as Event;
}

/** A unary reply, e.g. `ListTracingPoliciesResponse`, in its JSON shape. Throws Malformed. */
export function decodeMessage(typeName: string, bytes: Uint8Array): Record<string, unknown> {
	const draft: Draft = {};
	walk(cursorOver(bytes), messageOf(typeName), draft);
	return draft;
}

function walk(cursor: Cursor, message: Message, draft: Draft, unknown?: number[]): void {
	const {end} = cursor;
	while (cursor.at < end) {
		const tag = varint32(cursor);
		const number = tag >>> 3;
		const field = fieldNumbered(message, number);
		if (field === undefined) {
			if (number === 0) {
				throw new Malformed('field 0');
			}

			unknown?.push(number);
			skip(cursor, tag);
		} else if (field.kind === 'skip' || !readField(cursor, tag & 7, field, message, draft)) {
			skip(cursor, tag);
		}
	}
}

/** False: the wire type is not that of proto/ (an agent of another version), and nothing was read. */
function readField(cursor: Cursor, wireType: number, field: Field, message: Message, draft: Draft): boolean {
	if (wireType === 0) {
		if (!isVarint(field.kind)) {
			return false;
		}

		const value = readVarint(cursor, field.kind, field);
		if (field.repeated) {
			listOf(draft, field).push(value);
		} else {
			setScalar(draft, field, message, value, value === 0 || value === '0' || value === false);
		}

		return true;
	}

	if (wireType !== 2) {
		return false;
	}

	if (isVarint(field.kind) && !field.repeated) {
		return false;
	}

	const outer = cursor.end;
	const end = lengthEnd(cursor);
	cursor.end = end;
	if (isVarint(field.kind)) {
		const list = listOf(draft, field);
		while (cursor.at < end) {
			list.push(readVarint(cursor, field.kind, field));
		}
	} else {
		readLengthDelimited(cursor, field, message, draft);
	}

	cursor.at = end;
	cursor.end = outer;
	return true;
}

function readLengthDelimited(cursor: Cursor, field: Field, message: Message, draft: Draft): void {
	if (field.kind === 'string' || field.kind === 'bytes') {
		const text = readText(cursor, field.kind);
		if (field.repeated) {
			listOf(draft, field).push(text);
		} else {
			setScalar(draft, field, message, text, text === '');
		}

		return;
	}

	if (field.kind === 'map') {
		readEntry(cursor, field, draft);
		return;
	}

	if (field.kind !== 'message') {
		const value = readWellKnown(cursor, field);
		if (field.repeated) {
			listOf(draft, field).push(value);
		} else {
			setScalar(draft, field, message, value, false);
		}

		return;
	}

	if (field.repeated) {
		const element: Draft = {};
		listOf(draft, field).push(element);
		walk(cursor, field.message(), element);
		return;
	}

	const earlier = draft[field.name];
	const part: Draft = earlier === undefined ? {} : (earlier as Draft);
	setScalar(draft, field, message, part, false);
	walk(cursor, field.message(), part);
}

/** In proto3 a zero is the same as an absent value, so JSON leaves it out; cases of a oneof and `optional` fields are kept. */
function setScalar(draft: Draft, field: Field, message: Message, value: unknown, zero: boolean): void {
	if (field.oneof !== undefined) {
		for (const name of message.oneofs.get(field.oneof) ?? []) {
			if (name !== field.name && draft[name] !== undefined) {
				delete draft[name];
			}
		}
	}

	if (!zero || field.explicit) {
		draft[field.name] = value;
	} else if (draft[field.name] !== undefined) {
		delete draft[field.name];
	}
}

function listOf(draft: Draft, field: Field): unknown[] {
	const list = draft[field.name] as unknown[] | undefined;
	if (list !== undefined) {
		return list;
	}

	const fresh: unknown[] = [];
	draft[field.name] = fresh;
	return fresh;
}
