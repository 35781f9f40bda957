/**
The hot path: the facts of a protobuf frame, read without decoding it. An agent silently drops the events of a client that
reads slowly, so every event is scanned, and only those on the screen are decoded.
*/

import type {Facts} from '../event/facts.js';
import {isKindNumber} from '../event/kinds.js';
import {decodeEvent} from './decode.js';
import {type Layout, layoutNumbered, newerLayout} from './event-layouts.js';
import {factsOfEvent} from './facts-of-event.js';
import {interned} from './intern.js';
import type {ReusedFacts} from './new-facts.js';
import {asBuffer, Malformed, skip, varint32, varintNumber} from './wire.js';

/** `Facts.kindNumber` of bytes that are no GetEventsResponse: their kind is `unknown`, as that of newer agents' events, which have a number. */
export const malformedKind = -1;

/** Set by `small`: the index of the next byte. A module variable, since a pair of results would be an allocation per varint. */
let next = 0;
/** Set by `takeRange`, read at the end of `scanBody`. */
let secondName = '';
const slow: {bytes: Buffer; at: number; end: number} = {bytes: Buffer.alloc(0), at: 0, end: 0};

/**
Fills `facts` from the bytes of one GetEventsResponse. Never throws: bytes that cannot be read give kind `unknown` with
kindNumber `malformedKind`. `facts` must be one of `newFacts()`; it keeps the bytes until the next call.
*/
export function scanFrame(bytes: Uint8Array, facts: Facts): void {
	const target = facts as ReusedFacts;
	target.clear();
	target.bytes = asBuffer(bytes);
	try {
		if (!scanEnvelope(target.bytes, target)) {
			// A sub-message in two pieces is legal, though no agent sends one: the decoder merges them.
			const kindNumber = target.kindNumber;
			factsOfEvent(decodeEvent(target.bytes), target);
			target.kindNumber = target.kind === 'unknown' ? target.kindNumber || kindNumber : target.kindNumber;
		}
	} catch {
		target.clear();
		target.kindNumber = malformedKind;
	}
}

/** False: some sub-message came in two pieces, and the facts are not complete. */
function scanEnvelope(bytes: Buffer, facts: ReusedFacts): boolean {
	const end = bytes.length;
	let at = 0;
	let layout: Layout | undefined;
	let bodyStart = 0;
	let bodyEnd = 0;
	while (at < end) {
		const tag = small(bytes, at, end);
		if ((tag & 7) !== 2) {
			at = skipValue(bytes, next, end, tag);
			continue;
		}

		at = rangeEnd(bytes, next, end);
		const field = tag >>> 3;
		if (!isKindNumber(field)) {
			scanEnvelopeField(bytes, next, at, field, facts);
			continue;
		}

		const found = layoutNumbered(field);
		if (layout === undefined) {
			layout = found;
			facts.kindNumber = field;
			bodyStart = next;
			bodyEnd = at;
			facts.bodyStart = next;
			facts.bodyEnd = at;
		} else if (found !== undefined) {
			return false;
		}
	}

	if (layout === undefined) {
		scanNewer(bytes, facts);
		return true;
	}

	facts.kind = layout.kind;
	return scanBody(bytes, bodyStart, bodyEnd, layout, facts);
}

/** The process of a case without a layout, if it has one where all others have it. What is there may be anything. */
function scanNewer(bytes: Buffer, facts: ReusedFacts): void {
	if (facts.bodyEnd === 0) {
		return;
	}

	try {
		scanBody(bytes, facts.bodyStart, facts.bodyEnd, newerLayout, facts);
	} catch {
		facts.execId = '';
	}

	if (!/^[\w+/=:-]+$/.test(facts.execId)) {
		facts.execId = '';
		facts.pid = 0;
		facts.processStart = -1;
		facts.parentStart = -1;
	}
}

function scanEnvelopeField(bytes: Buffer, start: number, end: number, field: number, facts: ReusedFacts): void {
	if (field === 1000) {
		facts.nodeName = interned(bytes, start, end);
	} else if (field === 1001) {
		facts.timeMs = timestampMs(bytes, start, end);
	}
}

/** False: the process or its parent came in two pieces. */
function scanBody(bytes: Buffer, start: number, end: number, layout: Layout, facts: ReusedFacts): boolean {
	let at = start;
	secondName = '';
	while (at < end) {
		const tag = small(bytes, at, end);
		if ((tag & 7) === 2) {
			at = rangeEnd(bytes, next, end);
			if (!takeRange(bytes, next, at, tag >>> 3, layout, facts)) {
				return false;
			}
		} else if ((tag & 7) === 0) {
			takeNumber(small(bytes, next, end), tag >>> 3, layout, facts);
			at = next;
		} else {
			at = skipValue(bytes, next, end, tag);
		}
	}

	if (layout.hasTwoNames) {
		facts.functionName = `${facts.functionName}/${secondName}`;
	}

	if (facts.processStart >= 0) {
		scanProcess(bytes, facts.processStart, facts.processEnd, facts);
	}

	return true;
}

/** False: the field is the second piece of the process or of its parent. */
function takeRange(
	bytes: Buffer,
	start: number,
	end: number,
	field: number,
	layout: Layout,
	facts: ReusedFacts,
): boolean {
	if (field === layout.process) {
		if (facts.processStart >= 0) {
			return false;
		}

		facts.processStart = start;
		facts.processEnd = end;
	} else if (field === layout.parent) {
		if (facts.parentStart >= 0) {
			return false;
		}

		facts.parentStart = start;
		facts.parentEnd = end;
	} else if (field === layout.name) {
		facts.functionName = interned(bytes, start, end);
	} else if (field === layout.secondName) {
		secondName = interned(bytes, start, end);
	} else if (field === layout.policy) {
		facts.policyName = interned(bytes, start, end);
	} else if (field === layout.signal) {
		facts.signal = interned(bytes, start, end);
	}

	return true;
}

function takeNumber(value: number, field: number, layout: Layout, facts: ReusedFacts): void {
	if (field === layout.action) {
		facts.action = value | 0;
	} else if (field === layout.returnAction) {
		facts.returnAction = value | 0;
	} else if (field === layout.status) {
		facts.status = value;
	}
}

/**
Reads exec_id (1) and pid (2, a UInt32Value), which are first, and stops there: the rest of a process is most of the frame;
readProcess reads it on demand.
*/
function scanProcess(bytes: Buffer, start: number, end: number, facts: ReusedFacts): void {
	let at = start;
	while (at < end) {
		const tag = small(bytes, at, end);
		if ((tag & 7) !== 2) {
			at = skipValue(bytes, next, end, tag);
			continue;
		}

		at = rangeEnd(bytes, next, end);
		if (tag === 0x0a) {
			// Base64, so ASCII: latin1 saves the check of UTF-8.
			facts.execId = bytes.latin1Slice(next, at);
		} else if (tag === 0x12) {
			// An empty wrapper is a zero: Tetragon's own pid 0, `<kernel>`.
			facts.pid = at - next > 1 && bytes[next] === 0x08 ? small(bytes, next + 1, at) : 0;
			return;
		} else if (tag > 0x12) {
			return;
		}
	}
}

function timestampMs(bytes: Buffer, start: number, end: number): number {
	let at = start;
	let seconds = 0;
	let nanos = 0;
	while (at < end) {
		const tag = small(bytes, at, end);
		at = next;
		if (tag === 0x08) {
			slow.bytes = bytes;
			slow.at = at;
			slow.end = end;
			seconds = varintNumber(slow);
			at = slow.at;
		} else if (tag === 0x10) {
			nanos = small(bytes, at, end) | 0;
			at = next;
		} else {
			at = skipValue(bytes, at, end, tag);
		}
	}

	// Before 1970 the seconds are a 64-bit two's complement.
	const signed = seconds > Number.MAX_SAFE_INTEGER ? seconds - 2 ** 64 : seconds;
	return signed * 1000 + nanos / 1_000_000;
}

/** Reads a length at `at` and returns the end of what it covers; `next` is the start. */
function rangeEnd(bytes: Buffer, at: number, end: number): number {
	const length = small(bytes, at, end);
	const to = next + length;
	if (to > end) {
		throw new Malformed('length beyond the end');
	}

	return to;
}

/** A varint cut to 32 bits; one and two bytes, nearly all there are, without a loop. */
function small(bytes: Buffer, at: number, end: number): number {
	if (at < end) {
		const first = bytes[at] as number;
		if (first < 0x80) {
			next = at + 1;
			return first;
		}

		if (at + 1 < end) {
			const second = bytes[at + 1] as number;
			if (second < 0x80) {
				next = at + 2;
				return (first & 0x7f) | (second << 7);
			}
		}
	}

	slow.bytes = bytes;
	slow.at = at;
	slow.end = end;
	const value = varint32(slow);
	next = slow.at;
	return value;
}

function skipValue(bytes: Buffer, at: number, end: number, tag: number): number {
	if ((tag & 7) === 0) {
		small(bytes, at, end);
		return next;
	}

	slow.bytes = bytes;
	slow.at = at;
	slow.end = end;
	skip(slow, tag);
	return slow.at;
}
