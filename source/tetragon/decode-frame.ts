/** The bytes of an event, in either format, to the Event. */
import {type Event, kindOf} from './event/event.js';
import type {Format} from './event/facts.js';
import {parseLine} from './json/json-lines.js';
import {decodeEvent} from './wire/decode.js';
import {carriedBy} from './wire/newer-case.js';
import {asBuffer, Malformed} from './wire/wire.js';

/** With the process of a case that only a newer agent knows. */
export function withCarried(event: Event, bytes: Uint8Array): Event {
	const carried = kindOf(event) === 'unknown' ? carriedBy(bytes) : undefined;
	return carried === undefined ? event : {...event, $carried: carried};
}

/** Undefined for bytes that cannot be read. Never throws. */
export function decodeFrame(bytes: Uint8Array, format: Format): Event | undefined {
	if (format === 'json') {
		return parseLine(asBuffer(bytes));
	}

	try {
		return withCarried(decodeEvent(bytes), bytes);
	} catch (error) {
		if (error instanceof Malformed) {
			return undefined;
		}

		throw error;
	}
}
