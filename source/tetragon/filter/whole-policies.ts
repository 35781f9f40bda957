/** Which policies a request asks for whole: only of these does a missing event mean that it was not sent, or was lost. */
import type {EventsRequest, ServerFilter} from '../agent/link.js';
import {eventTypes, isHook} from '../event/kinds.js';

const hookTypes = eventTypes.filter(type => isHook(type.toLowerCase()));

/** The fields of a filter that say something. */
function fieldsOf(filter: ServerFilter): ReadonlyArray<keyof ServerFilter> {
	return (Object.keys(filter) as Array<keyof ServerFilter>).filter(field => {
		const value = filter[field];
		return Array.isArray(value) ? value.length > 0 : value !== undefined;
	});
}

/** Lets every event of a hook of this policy pass. */
function isWideFor(filter: ServerFilter, policy: string): boolean {
	return fieldsOf(filter).every(field => {
		switch (field) {
			case 'event_set': {
				return hookTypes.every(type => filter.event_set?.includes(type));
			}

			case 'policy_names': {
				return filter.policy_names?.includes(policy) ?? false;
			}

			default: {
				return false;
			}
		}
	});
}

/** Denies no event of a hook: it names other kinds only. */
function sparesHooks({event_set: types}: ServerFilter): boolean {
	return types !== undefined && types.length > 0 && !types.some(type => hookTypes.includes(type));
}

/** Whether the stream of this request has every event of a policy. */
export function asksForWhole({allow_list: allow = [], deny_list: deny = []}: EventsRequest, policy: string): boolean {
	return deny.every(sparesHooks) && (allow.length === 0 || allow.some(filter => isWideFor(filter, policy)));
}
