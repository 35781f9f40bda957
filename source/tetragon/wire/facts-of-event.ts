/** The facts of an event that came decoded: a JSON line, or a frame that the scanner leaves to the decoder. */

import {bodyOf, type Event, type EventBody, kindOf} from '../event/event.js';
import type {Facts} from '../event/facts.js';
import {isKindNumber, kindNamed} from '../event/kinds.js';
import type {ReusedFacts} from './new-facts.js';
import {enumNumber} from './schema-table.js';
import {instantMs} from './timestamp.js';

/** Fills `facts` (one of `newFacts()`) with what the scanner would have found in the same event's frame. */
export function factsOfEvent(event: Event, facts: Facts): void {
	const target = facts as ReusedFacts;
	target.clear();
	const kind = kindOf(event);
	target.kind = kind;
	const row = kindNamed(kind);
	target.kindNumber = row?.number ?? unknownNumber(event);
	target.timeMs = instantMs(event.time);
	target.nodeName = text(event.node_name);
	const body: EventBody = bodyOf(event) ?? {};
	target.process = body.process;
	target.execId = body.process?.exec_id ?? '';
	target.pid = body.process?.pid ?? 0;
	target.parent = typeof body.parent === 'object' && body.parent !== null ? body.parent : undefined;
	if (kind === 'unknown' || row === undefined) {
		return;
	}

	if (kind === 'process_exit') {
		target.signal = text(body.signal);
		target.status = Number(body.status ?? 0) || 0;
		return;
	}

	target.functionName = row.functionName.map(field => text(body[field])).join('/');
	target.policyName = text(body.policy_name);
	target.action = enumNumber('KprobeAction', body.action);
	target.returnAction = enumNumber('KprobeAction', body.return_action);
}

/** The first that a newer agent's event could have: the scanner takes the numbers of the envelope's own fields for no event. */
function unknownNumber({$unknown}: Event): number {
	const found = Array.isArray($unknown) ? $unknown.find(isKindNumber) : undefined;
	return typeof found === 'number' ? found : 0;
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
