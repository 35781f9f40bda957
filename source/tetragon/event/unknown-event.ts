/** What can be said of an event whose case this build has no name for. */

import {messageOf} from '../wire/schema-table.js';
import type {Event} from './event.js';

const envelope = messageOf('GetEventsResponse');

/** Field numbers that a new case of the oneof could have: the envelope's own new fields come between. */
export function isCaseNumber(number: number): boolean {
	return number < 1000 || number >= 40_000;
}

/** `31` from protobuf, `process_new` from JSON, several by comma; '' where the event has no content at all. */
export function unknownCase(event: Event): string {
	const numbers = Array.isArray(event.$unknown) ? event.$unknown.filter(isCaseNumber) : [];
	const names = Object.entries(event)
		.filter(([name, value]) => name !== '$unknown' && !envelope.byName.has(name) && isObject(value))
		.map(([name]) => name);
	return [...numbers, ...names].join(', ');
}

function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null;
}
