/** The part of a GetEventsRequest that an agent of a given version understands. */
import type {EventsRequest, ServerFilter} from './link.js';
import {isAtLeast} from './release.js';

/** Fields by the release that they came with: older agents accept and ignore them. */
const since: ReadonlyArray<readonly [field: keyof ServerFilter, major: number, minor: number]> = [
	['policy_names', 1, 1],
	['cel_expression', 1, 4],
	['container_name_regex', 1, 6],
	['namespace_regex', 1, 7],
];

/**
The part of a request that an agent of this version understands, and the fields that it ignores. Without a field an allow
filter is wider, and the client filter removes the rest. Without a field a deny filter would deny too much, so such a filter
is not sent; the client filter applies it.
*/
export function requestFor(
	version: string,
	request: EventsRequest,
): {readonly request: EventsRequest; readonly ignored: readonly string[]} {
	const unknown = since.filter(([, major, minor]) => !isAtLeast(version, major, minor)).map(([field]) => field);
	const ignored = new Set<string>();
	const all = request.allow_list ?? [];
	const asked = unknown.includes('cel_expression') ? all.filter(filter => all.length === 1 || !isOfHooks(filter)) : all;
	const allow = asked.map(filter => without(filter, unknown, ignored));
	const deny = (request.deny_list ?? []).filter(
		filter => Object.keys(without(filter, unknown, ignored)).length === Object.keys(filter).length,
	);
	return {
		request: {...(allow.length > 0 ? {allow_list: allow} : {}), ...(deny.length > 0 ? {deny_list: deny} : {})},
		ignored: [...ignored],
	};
}

/** Asks for events of some hooks beside the rest: without the expression it would ask for those of all. */
function isOfHooks(filter: ServerFilter): boolean {
	return Object.keys(filter).every(field => field === 'cel_expression' || field === 'event_set');
}

function without(filter: ServerFilter, fields: readonly string[], ignored: Set<string>): ServerFilter {
	const entries = Object.entries(filter).filter(([field]) => {
		if (fields.includes(field)) {
			ignored.add(field);
		}

		return !fields.includes(field);
	});
	return Object.fromEntries(entries);
}
