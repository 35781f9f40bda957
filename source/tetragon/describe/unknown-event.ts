/** The names or numbers of an event that this build has no row for. */

import type {Event} from '../event/event.js';
import {isKindNumber} from '../event/kinds.js';
import {messageOf} from '../wire/schema-table.js';

const envelope = messageOf('GetEventsResponse');

/** `31` from protobuf, `process_new` from JSON, several by comma; '' where the event has no content at all. */
export function unknownCase(event: Event): string {
	const numbers = Array.isArray(event.$unknown) ? event.$unknown.filter(isKindNumber) : [];
	const names = Object.entries(event)
		.filter(([name, value]) => !name.startsWith('$') && !envelope.byName.has(name) && isObject(value))
		.map(([name]) => name);
	return [...numbers, ...names].join(', ');
}

function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null;
}
