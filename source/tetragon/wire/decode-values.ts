/** The values of fields, from the cursor to its end or over one varint, in their JSON shape. */
import {readAny} from './any.js';
import type {Field, FieldKind} from './schema-table.js';
import {readDuration, readTimestamp} from './timestamp.js';
import {type Cursor, lengthEnd, signedVarint64, skip, varint32, varint64, varintNumber} from './wire.js';

type Draft = Record<string, unknown>;

/** Whether a value of this kind is a varint on the wire: all of Tetragon's numbers are. */
export function isVarint(kind: FieldKind): boolean {
	switch (kind) {
		case 'uint32':
		case 'int32':
		case 'bool':
		case 'enum':
		case 'uint64':
		case 'int64': {
			return true;
		}

		default: {
			return false;
		}
	}
}

export function readVarint(cursor: Cursor, kind: FieldKind, field: Field): unknown {
	switch (kind) {
		case 'uint32': {
			return varint32(cursor);
		}

		case 'int32': {
			return varint32(cursor) | 0;
		}

		case 'bool': {
			return varintNumber(cursor) !== 0;
		}

		case 'enum': {
			const number = varint32(cursor) | 0;
			return number === 0 && !field.explicit && !field.repeated ? 0 : (field.enumNames.get(number) ?? number);
		}

		case 'uint64': {
			return varint64(cursor);
		}

		default: {
			return signedVarint64(cursor);
		}
	}
}

export function readText(cursor: Cursor, kind: FieldKind): string {
	return kind === 'string'
		? cursor.bytes.utf8Slice(cursor.at, cursor.end)
		: cursor.bytes.base64Slice(cursor.at, cursor.end);
}

export function readWellKnown(cursor: Cursor, field: Field): unknown {
	switch (field.kind) {
		case 'wrapper': {
			return readWrapped(cursor, field);
		}

		case 'timestamp': {
			return readTimestamp(cursor);
		}

		case 'duration': {
			return readDuration(cursor);
		}

		case 'any': {
			return readAny(cursor);
		}

		default: {
			return readFieldMask(cursor);
		}
	}
}

const zeros: Partial<Record<FieldKind, unknown>> = {
	string: '',
	bytes: '',
	bool: false,
	int32: 0,
	uint32: 0,
	int64: '0',
	uint64: '0',
};

/** A wrapper without its value is a zero that was sent: it appears, where a plain zero would not. */
function readWrapped(cursor: Cursor, field: Field): unknown {
	let value = zeros[field.inner];
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x08 && isVarint(field.inner)) {
			value = readVarint(cursor, field.inner, field);
		} else if (tag === 0x0a && !isVarint(field.inner)) {
			const to = lengthEnd(cursor);
			value = readText({bytes: cursor.bytes, at: cursor.at, end: to}, field.inner);
			cursor.at = to;
		} else {
			skip(cursor, tag);
		}
	}

	return value;
}

/** A map entry is a message of key (1) and value (2), either of which may be missing for its zero. */
export function readEntry(cursor: Cursor, field: Field, draft: Draft): void {
	let key = '';
	let value = zeros[field.inner];
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x0a || (tag === 0x12 && !isVarint(field.inner))) {
			const to = lengthEnd(cursor);
			const text = cursor.bytes.utf8Slice(cursor.at, to);
			cursor.at = to;
			if (tag === 0x0a) {
				key = text;
			} else {
				value = text;
			}
		} else if (tag === 0x10 && isVarint(field.inner)) {
			value = readVarint(cursor, field.inner, field);
		} else {
			skip(cursor, tag);
		}
	}

	const map = (draft[field.name] ?? {}) as Draft;
	draft[field.name] = map;
	if (key === '__proto__') {
		Object.defineProperty(map, key, {value, enumerable: true, configurable: true, writable: true});
	} else {
		map[key] = value;
	}
}

function readFieldMask(cursor: Cursor): string {
	const paths: string[] = [];
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x0a) {
			const to = lengthEnd(cursor);
			paths.push(cursor.bytes.utf8Slice(cursor.at, to));
			cursor.at = to;
		} else {
			skip(cursor, tag);
		}
	}

	return paths.join(',');
}
