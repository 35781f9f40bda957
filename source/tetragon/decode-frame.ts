/** The bytes of an event, in either format, to the Event. */
import type {Event} from './event/event.js';
import type {Format} from './event/facts.js';
import {parseLine} from './json/json-lines.js';
import {decodeEvent} from './wire/decode.js';
import {withCarried} from './wire/newer-case.js';
import {asBuffer, Malformed} from './wire/wire.js';

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
