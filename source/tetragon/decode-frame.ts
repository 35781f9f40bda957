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

/** Bytes of a frame that is no event which are shown. */
const mostShown = 1024;

/** What is shown of bytes that are no event; `-o json` and recordings have all of them under the same name. */
export function malformedEvent(bytes: Uint8Array): Event {
	const {length} = bytes;
	const text = asBuffer(bytes.subarray(0, mostShown)).toString('base64');
	return {$malformed: text, $length: length};
}
