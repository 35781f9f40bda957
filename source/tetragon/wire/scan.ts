/**
The hot path: what the store must know of a protobuf frame, read without decoding it. An agent drops the events of a
client that reads slowly, in silence, so every event is scanned and only those that somebody looks at are decoded.
*/

import type {Facts} from '../event/facts.js';
import {decodeEvent} from './decode.js';
import {type Layout, layouts, processless} from './event-layouts.js';
import {factsOfEvent} from './facts-of-event.js';
import {interned} from './intern.js';
import type {ReusedFacts} from './new-facts.js';
import {asBuffer, Malformed, skip, varint32, varintNumber} from './wire.js';

/** `Facts.kindNumber` of bytes that are no GetEventsResponse: they are `unknown`, and this tells them from newer agents' events. */
export const malformedKind = -1;

/** Set by `small`: where the next byte stands. A module variable, since a result pair per varint would be an allocation. */
let next = 0;
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
			// Legal, and no agent does it: a sub-message in two pieces, to be merged. The decoder knows how.
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
	let eventStart = -1;
	let eventEnd = -1;
	while (at < end) {
		const tag = small(bytes, at, end);
		at = next;
		if ((tag & 7) !== 2) {
			at = skipValue(bytes, at, end, tag);
			continue;
		}

		const length = small(bytes, at, end);
		const start = next;
		at = start + length;
		if (at > end) {
			throw new Malformed('length beyond the end');
		}

		const field = tag >>> 3;
		if (field === 1000) {
			facts.nodeName = interned(bytes, start, at);
		} else if (field === 1001) {
			facts.timeMs = timestampMs(bytes, start, at);
		} else if (field < 1000 || field >= 40_000) {
			const known = field < 1000 ? layouts[field] !== undefined || field === 27 : field <= 40_001;
			if (known && eventStart >= 0) {
				return false;
			}

			if (known) {
				eventStart = start;
				eventEnd = at;
				facts.kindNumber = field;
			} else if (eventStart < 0) {
				facts.kindNumber = field;
			}
		}
	}

	if (eventStart < 0) {
		return true;
	}

	const layout = layouts[facts.kindNumber];
	if (layout === undefined) {
		facts.kind = processless[facts.kindNumber] ?? 'unknown';
		return true;
	}

	facts.kind = layout.kind;
	return layout.kind === 'process_exit'
		? scanExit(bytes, eventStart, eventEnd, facts)
		: scanHook(bytes, eventStart, eventEnd, layout, facts);
}

function scanHook(bytes: Buffer, start: number, end: number, layout: Layout, facts: ReusedFacts): boolean {
	let at = start;
	let name = '';
	let secondName = '';
	while (at < end) {
		const tag = small(bytes, at, end);
		at = next;
		const field = tag >>> 3;
		if ((tag & 7) === 2) {
			const length = small(bytes, at, end);
			const from = next;
			at = from + length;
			if (at > end) {
				throw new Malformed('length beyond the end');
			}

			if (field === 1) {
				if (facts.processStart >= 0) {
					return false;
				}

				facts.processStart = from;
				facts.processEnd = at;
			} else if (field === layout.parent) {
				if (facts.parentStart >= 0) {
					return false;
				}

				facts.parentStart = from;
				facts.parentEnd = at;
			} else if (field === layout.name) {
				name = interned(bytes, from, at);
			} else if (field === layout.secondName) {
				secondName = interned(bytes, from, at);
			} else if (field === layout.policy) {
				facts.policyName = interned(bytes, from, at);
			}
		} else if ((tag & 7) === 0 && field === layout.action) {
			facts.action = small(bytes, at, end) | 0;
			at = next;
		} else if ((tag & 7) === 0 && field === layout.returnAction) {
			facts.returnAction = small(bytes, at, end) | 0;
			at = next;
		} else {
			at = skipValue(bytes, at, end, tag);
		}
	}

	facts.functionName = layout.secondName === 0 ? name : `${name}/${secondName}`;
	if (facts.processStart >= 0) {
		scanProcess(bytes, facts.processStart, facts.processEnd, facts);
	}

	return true;
}

function scanExit(bytes: Buffer, start: number, end: number, facts: ReusedFacts): boolean {
	let at = start;
	while (at < end) {
		const tag = small(bytes, at, end);
		at = next;
		if (tag === 0x20) {
			facts.status = small(bytes, at, end);
			at = next;
			continue;
		}

		if ((tag & 7) !== 2) {
			at = skipValue(bytes, at, end, tag);
			continue;
		}

		const length = small(bytes, at, end);
		const from = next;
		at = from + length;
		if (at > end) {
			throw new Malformed('length beyond the end');
		}

		switch (tag >>> 3) {
			case 1: {
				if (facts.processStart >= 0) {
					return false;
				}

				facts.processStart = from;
				facts.processEnd = at;
				break;
			}

			case 2: {
				if (facts.parentStart >= 0) {
					return false;
				}

				facts.parentStart = from;
				facts.parentEnd = at;
				break;
			}

			case 3: {
				facts.signal = interned(bytes, from, at);
				break;
			}

			default:
		}
	}

	if (facts.processStart >= 0) {
		scanProcess(bytes, facts.processStart, facts.processEnd, facts);
	}

	return true;
}

/**
exec_id (1) and pid (2, a UInt32Value) stand first, and with them the reading ends: the rest of a process is most of the
frame, and is read by readProcess when somebody wants it.
*/
function scanProcess(bytes: Buffer, start: number, end: number, facts: ReusedFacts): void {
	let at = start;
	while (at < end) {
		const tag = small(bytes, at, end);
		at = next;
		if ((tag & 7) !== 2) {
			at = skipValue(bytes, at, end, tag);
			continue;
		}

		const length = small(bytes, at, end);
		const from = next;
		at = from + length;
		if (at > end) {
			throw new Malformed('length beyond the end');
		}

		if (tag === 0x0a) {
			// Base64, so ASCII: latin1 saves the check of UTF-8.
			facts.execId = bytes.latin1Slice(from, at);
		} else if (tag === 0x12) {
			// An empty wrapper is a zero: Tetragon's own pid 0, `<kernel>`.
			facts.pid = length > 1 && bytes[from] === 0x08 ? small(bytes, from + 1, at) : 0;
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
