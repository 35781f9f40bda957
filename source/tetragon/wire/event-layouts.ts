/** The field numbers that the scanner reads of each kind of event, from the names in the schema. */
import type {EventKind} from '../event/event.js';
import {type KnownKind, kinds} from '../event/kinds.js';
import {messageOf} from './schema-table.js';

/** Field numbers within the message of the kind; -1, which no field has: it lacks this one. */
export type Layout = {
	readonly kind: EventKind;
	readonly process: number;
	readonly parent: number;
	readonly signal: number;
	readonly status: number;
	/** The field that names the function or probe, and the one that follows it after a `/`. */
	readonly name: number;
	readonly secondName: number;
	readonly hasTwoNames: boolean;
	readonly policy: number;
	readonly action: number;
	readonly returnAction: number;
};

const none = -1;

/** A case that only a newer agent knows: every case so far that has a process has it in 1, and its parent in 2. */
export const newerLayout = {
	kind: 'unknown',
	process: 1,
	parent: 2,
	signal: none,
	status: none,
	name: none,
	secondName: none,
	hasTwoNames: false,
	policy: none,
	action: none,
	returnAction: none,
} as const;

/** Made when the first event of a kind is scanned, since the start of the program has no time for it. */
const layouts = new Map<number, Layout>();
/** The same for the numbers below 64, nearly all: a Map costs more than the rest of the lookup. */
const near: Array<Layout | undefined> = Array.from({length: 64});

/** undefined: no kind of this build has the number. */
export function layoutNumbered(number: number): Layout | undefined {
	return (number < near.length ? near[number] : layouts.get(number)) ?? makeLayout(number);
}

function makeLayout(number: number): Layout | undefined {
	const row = kinds.find(kind => kind.number === number);
	if (row === undefined) {
		return undefined;
	}

	const layout = layoutOf(row.name, row.functionName);
	layouts.set(number, layout);
	if (number < near.length) {
		near[number] = layout;
	}

	return layout;
}

function layoutOf(kind: KnownKind, [name, secondName]: readonly string[]): Layout {
	const {byName} = messageOf(messageOf('GetEventsResponse').byName.get(kind)?.typeName ?? kind);

	function numberOf(field: string | undefined): number {
		return (field === undefined ? undefined : byName.get(field)?.number) ?? none;
	}

	return {
		kind,
		process: numberOf('process'),
		parent: numberOf('parent'),
		signal: numberOf('signal'),
		status: numberOf('status'),
		name: numberOf(name),
		secondName: numberOf(secondName),
		hasTwoNames: secondName !== undefined,
		policy: numberOf('policy_name'),
		action: numberOf('action'),
		returnAction: numberOf('return_action'),
	};
}
