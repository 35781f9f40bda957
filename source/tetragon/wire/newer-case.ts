/** The process and parent of a frame whose case only a newer agent knows, decoded: they are where all known cases have them. */
import {type Event, type EventBody, kindOf, type ProcessMessage} from '../event/event.js';
import {decodeMessage} from './decode.js';
import {ReusedFacts} from './new-facts.js';
import {scanFrame} from './scan.js';

const facts = new ReusedFacts();

/** With the process of a case that only a newer agent knows. */
export function withCarried(event: Event, bytes: Uint8Array): Event {
	const carried = kindOf(event) === 'unknown' ? carriedBy(bytes) : undefined;
	return carried === undefined ? event : {...event, $carried: carried};
}

/** undefined: the frame has none there. */
function carriedBy(bytes: Uint8Array): EventBody | undefined {
	scanFrame(bytes, facts);
	if (facts.kind !== 'unknown' || facts.processStart < 0) {
		return undefined;
	}

	const process = processIn(facts.processStart, facts.processEnd);
	const parent = facts.parentStart < 0 ? undefined : processIn(facts.parentStart, facts.parentEnd);
	return process === undefined ? undefined : {process, ...(parent === undefined ? {} : {parent})};
}

function processIn(start: number, end: number): ProcessMessage | undefined {
	try {
		return decodeMessage('Process', facts.bytes.subarray(start, end)) as ProcessMessage;
	} catch {
		return undefined;
	}
}
