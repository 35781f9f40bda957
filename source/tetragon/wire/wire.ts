/**
Reading of protobuf's wire format, the part that scan.ts, decode.ts and json-text.ts share. A cursor moves through a
range of bytes and never leaves it; a value beyond the range throws Malformed, which each of the three turns into an event.
*/

/** The bytes are not protobuf: a varint without end, a length beyond the range, a group left open. */
export class Malformed extends Error {
	override name = 'Malformed';
}

export type Cursor = {bytes: Buffer; at: number; end: number};

export function cursorOver(bytes: Uint8Array): Cursor {
	return {bytes: asBuffer(bytes), at: 0, end: bytes.length};
}

/** A Buffer over the same memory: only Buffer has the fast latin1Slice and utf8Slice. */
export function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A varint cut to its low 32 bits, unsigned: tags, lengths, uint32, bool, and (with `| 0`) int32 and enums. */
export function varint32(cursor: Cursor): number {
	const {bytes, end} = cursor;
	let {at} = cursor;
	// Most tags and lengths are one byte.
	if (at < end) {
		const first = bytes[at] as number;
		if (first < 0x80) {
			cursor.at = at + 1;
			return first;
		}
	}

	let value = 0;
	for (let shift = 0; shift < 70; shift += 7) {
		if (at >= end) {
			throw new Malformed('varint beyond the end');
		}

		const byte = bytes[at++] as number;
		if (shift < 32) {
			value |= (byte & 0x7f) << shift;
		}

		if (byte < 0x80) {
			cursor.at = at;
			return value >>> 0;
		}
	}

	throw new Malformed('varint of more than 10 bytes');
}

/** A varint as a number: exact up to 2^53, rounded above. */
export function varintNumber(cursor: Cursor): number {
	const start = cursor.at;
	let value = 0;
	let scale = 1;
	while (cursor.at < cursor.end && cursor.at - start < 10) {
		const byte = cursor.bytes[cursor.at++] as number;
		value += (byte & 0x7f) * scale;
		if (byte < 0x80) {
			return value;
		}

		scale *= 128;
	}

	throw new Malformed('varint without end');
}

/** A varint of up to 64 bits as an unsigned decimal. */
export function varint64(cursor: Cursor): string {
	const start = cursor.at;
	const value = varintNumber(cursor);
	if (value <= Number.MAX_SAFE_INTEGER) {
		return String(value);
	}

	return String(BigInt.asUintN(64, bigVarint(cursor, start)));
}

/** A varint of up to 64 bits as a signed decimal (int64; not zigzag: Tetragon has no sint64). */
export function signedVarint64(cursor: Cursor): string {
	const start = cursor.at;
	const value = varintNumber(cursor);
	if (value <= Number.MAX_SAFE_INTEGER) {
		return String(value);
	}

	return String(BigInt.asIntN(64, bigVarint(cursor, start)));
}

function bigVarint(cursor: Cursor, start: number): bigint {
	let value = 0n;
	let shift = 0n;
	for (let at = start; at < cursor.at; at++) {
		value |= BigInt((cursor.bytes[at] as number) & 0x7f) << shift;
		shift += 7n;
	}

	return value;
}

/** Reads a length; the cursor is then at the start of the value, and its end is returned. */
export function lengthEnd(cursor: Cursor): number {
	const length = varint32(cursor);
	const end = cursor.at + length;
	if (end > cursor.end) {
		throw new Malformed('length beyond the end');
	}

	return end;
}

/** Steps over the value of a field whose tag has been read; groups (unused by proto3, legal on the wire) with all they hold. */
export function skip(cursor: Cursor, tag: number): void {
	switch (tag & 7) {
		case 0: {
			varintNumber(cursor);
			return;
		}

		case 1: {
			skipBytes(cursor, 8);
			return;
		}

		case 2: {
			cursor.at = lengthEnd(cursor);
			return;
		}

		case 3: {
			skipGroup(cursor, tag >>> 3);
			return;
		}

		case 5: {
			skipBytes(cursor, 4);
			return;
		}

		default: {
			throw new Malformed(`wire type ${tag & 7}`);
		}
	}
}

function skipBytes(cursor: Cursor, count: number): void {
	if (cursor.at + count > cursor.end) {
		throw new Malformed('value beyond the end');
	}

	cursor.at += count;
}

/** A loop and no recursion: bytes from the network must not decide the depth of the stack. */
function skipGroup(cursor: Cursor, field: number): void {
	const open = [field];
	while (open.length > 0) {
		const tag = varint32(cursor);
		if ((tag & 7) === 3) {
			open.push(tag >>> 3);
		} else if ((tag & 7) === 4) {
			if (open.pop() !== tag >>> 3) {
				throw new Malformed('group closed by another');
			}
		} else {
			skip(cursor, tag);
		}
	}
}
