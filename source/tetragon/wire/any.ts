/** google.protobuf.Any, as GetInfo uses it for the agent's flags: the scalar wrappers, ListValue, Struct and Value. */
import {type Cursor, lengthEnd, signedVarint64, skip, varint32, varint64, varintNumber} from './wire.js';

type Json = unknown;

/** `{"@type": …, "value": …}`. Of a type that is not known here, `value` is the base64 of its bytes. */
export function readAny(cursor: Cursor): Readonly<Record<string, Json>> {
	let type = '';
	let from = cursor.end;
	let to = cursor.end;
	eachField(cursor, (tag, start, end) => {
		if (tag === 0x0a) {
			type = cursor.bytes.utf8Slice(start, end);
		} else if (tag === 0x12) {
			from = start;
			to = end;
		}
	});
	if (type === '') {
		return {};
	}

	return {
		'@type': type,
		value: payload(type.slice(type.lastIndexOf('/') + 1), {bytes: cursor.bytes, at: from, end: to}),
	};
}

function payload(type: string, cursor: Cursor): Json {
	switch (type) {
		case 'google.protobuf.StringValue':
		case 'google.protobuf.BytesValue': {
			let text = '';
			eachField(cursor, (tag, start, end) => {
				if (tag === 0x0a) {
					text =
						type === 'google.protobuf.StringValue'
							? cursor.bytes.utf8Slice(start, end)
							: cursor.bytes.base64Slice(start, end);
				}
			});
			return text;
		}

		case 'google.protobuf.BoolValue': {
			return firstVarint(cursor, inner => varintNumber(inner) !== 0) ?? false;
		}

		case 'google.protobuf.Int32Value': {
			return firstVarint(cursor, inner => varint32(inner) | 0) ?? 0;
		}

		case 'google.protobuf.UInt32Value': {
			return firstVarint(cursor, varint32) ?? 0;
		}

		case 'google.protobuf.Int64Value': {
			return firstVarint(cursor, signedVarint64) ?? '0';
		}

		case 'google.protobuf.UInt64Value': {
			return firstVarint(cursor, varint64) ?? '0';
		}

		case 'google.protobuf.DoubleValue': {
			return firstDouble(cursor);
		}

		case 'google.protobuf.ListValue': {
			return listValue(cursor, 0);
		}

		case 'google.protobuf.Struct': {
			return structValue(cursor, 0);
		}

		case 'google.protobuf.Value': {
			return anyValue(cursor, 0);
		}

		default: {
			return cursor.bytes.base64Slice(cursor.at, cursor.end);
		}
	}
}

/** Calls back for each length-delimited field; the others are passed over. */
function eachField(cursor: Cursor, seen: (tag: number, start: number, end: number) => void): void {
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if ((tag & 7) === 2) {
			const end = lengthEnd(cursor);
			seen(tag, cursor.at, end);
			cursor.at = end;
		} else {
			skip(cursor, tag);
		}
	}
}

function firstVarint<Value>(cursor: Cursor, read: (cursor: Cursor) => Value): Value | undefined {
	let value: Value | undefined;
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x08) {
			value = read(cursor);
		} else {
			skip(cursor, tag);
		}
	}

	return value;
}

function firstDouble(cursor: Cursor): number {
	let value = 0;
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		const at = cursor.at;
		skip(cursor, tag);
		if (tag === 0x09) {
			value = cursor.bytes.readDoubleLE(at);
		}
	}

	return value;
}

/** Lists in lists: deeper than any configuration, shallower than our stack. */
const deepest = 64;

function listValue(cursor: Cursor, depth: number): Json {
	const values: Json[] = [];
	eachField(cursor, (tag, start, end) => {
		if (tag === 0x0a) {
			values.push(anyValue({bytes: cursor.bytes, at: start, end}, depth + 1));
		}
	});
	return values;
}

function structValue(cursor: Cursor, depth: number): Json {
	const entries: Array<[string, Json]> = [];
	eachField(cursor, (tag, start, end) => {
		if (tag === 0x0a) {
			let key = '';
			let value: Json = null;
			eachField({bytes: cursor.bytes, at: start, end}, (inner, from, to) => {
				if (inner === 0x0a) {
					key = cursor.bytes.utf8Slice(from, to);
				} else if (inner === 0x12) {
					value = anyValue({bytes: cursor.bytes, at: from, end: to}, depth + 1);
				}
			});
			entries.push([key, value]);
		}
	});
	return Object.fromEntries(entries);
}

/** null_value 1, number_value 2, string_value 3, bool_value 4, struct_value 5, list_value 6. */
function anyValue(cursor: Cursor, depth: number): Json {
	let value: Json = null;
	if (depth > deepest) {
		return value;
	}

	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x11) {
			const at = cursor.at;
			skip(cursor, tag);
			value = cursor.bytes.readDoubleLE(at);
		} else if (tag === 0x20) {
			value = varintNumber(cursor) !== 0;
		} else if (tag === 0x1a || tag === 0x2a || tag === 0x32) {
			const end = lengthEnd(cursor);
			value = partOfValue(tag, {bytes: cursor.bytes, at: cursor.at, end}, depth + 1);
			cursor.at = end;
		} else {
			skip(cursor, tag);
		}
	}

	return value;
}

/** `tag`: that of string_value, struct_value or list_value. */
function partOfValue(tag: number, part: Cursor, depth: number): Json {
	if (tag === 0x1a) {
		return part.bytes.utf8Slice(part.at, part.end);
	}

	return tag === 0x2a ? structValue(part, depth) : listValue(part, depth);
}
