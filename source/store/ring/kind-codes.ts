import type {EventKind} from '../../tetragon/event/event.js';
import {kinds} from '../../tetragon/event/kinds.js';

/** Event kinds as the small numbers of the ring's columns. */
export const kindList: readonly EventKind[] = [...kinds.map(({name}) => name), 'unknown'];

const codes = new Map<EventKind, number>(kindList.map((kind, code) => [kind, code]));

export function kindCode(kind: EventKind): number {
	return codes.get(kind) ?? kindList.length - 1;
}

export function kindOfCode(code: number): EventKind {
	return kindList[code] ?? 'unknown';
}

/** In the kind column: the row is a rule, not an event. */
export const ruleCode = 255;
