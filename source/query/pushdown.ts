/**
The part of the chips that the agents can run. The agents then never send less than the chips let through, and the chips
are applied here as well. Exec and exit events of the same pods are always asked for: the tree and the proof of a kill need them.
*/
import type {EventsRequest, ServerFilter} from '../tetragon/agent/link.js';
import type {Chip, Term} from './chip.js';
import {typesOf} from './event-words.js';
import {quoteRegex} from './regex.js';

type Pushed = {
	readonly request: EventsRequest;
	/** Ids of the chips that the agents run. */
	readonly covered: ReadonlySet<string>;
};

type Field = keyof ServerFilter;
type Part = {readonly field: Field; readonly values: readonly string[] | readonly number[]};

/** Fields of events; the other fields are about processes. */
const aboutEvents: ReadonlySet<Field> = new Set<Field>(['event_set', 'policy_names']);

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the cases of one chip, in the order of their rules
export function pushDown(chips: readonly Chip[]): Pushed {
	const scope = new Map<Field, Part['values']>();
	const wanted = new Map<Field, Part['values']>();
	const deny: ServerFilter[] = [];
	const covered = new Set<string>();
	for (const chip of chips) {
		const part = chip.asked === undefined ? partOf(chip) : askedPart(chip.asked);
		if (part === undefined) {
			continue;
		}

		if (chip.negate) {
			// An agent that does not know a field of a deny filter would deny everything.
			if (old.has(part.field) && !aboutEvents.has(part.field)) {
				deny.push({[part.field]: part.values});
				covered.add(chip.id);
			}

			continue;
		}

		const filter = aboutEvents.has(part.field) ? wanted : scope;
		// An agent joins the values of one field by OR: a second chip on the field is run here only.
		if (!filter.has(part.field)) {
			filter.set(part.field, part.values);
			covered.add(chip.id);
		}
	}

	const allow = allowList(Object.fromEntries(scope), Object.fromEntries(wanted));
	return {
		request: {
			...(allow.length > 0 ? {allow_list: allow} : {}),
			...(deny.length > 0 ? {deny_list: deny} : {}),
		},
		covered,
	};
}

/** The same chips, marked where the agents run them. */
export function withServer(chips: readonly Chip[], covered: ReadonlySet<string>): Chip[] {
	return chips.map(chip => (chip.server === covered.has(chip.id) ? chip : {...chip, server: covered.has(chip.id)}));
}

function allowList(scope: ServerFilter, wanted: ServerFilter): ServerFilter[] {
	if (Object.keys(wanted).length === 0) {
		return Object.keys(scope).length === 0 ? [] : [scope];
	}

	const always = new Set(['PROCESS_EXEC', 'PROCESS_EXIT']);
	if (wanted.policy_names !== undefined) {
		// Agents up to v1.7 never match a USDT event by its policy's name.
		always.add('PROCESS_USDT');
	}

	return [
		{...scope, ...wanted},
		{...scope, event_set: [...always]},
	];
}

/** Fields that every agent since v1.0 knows. */
const old: ReadonlySet<Field> = new Set<Field>([
	'binary_regex',
	'namespace',
	'pid',
	'event_set',
	'pod_regex',
	'arguments_regex',
	'labels',
]);

/** The one field of a filter that replaces the terms of a chip; undefined: the agents are asked for nothing of it. */
function askedPart(asked: ServerFilter): Part | undefined {
	const [entry] = Object.entries(asked);
	return entry === undefined ? undefined : {field: entry[0] as Field, values: entry[1] as readonly string[]};
}

/** undefined: the agents cannot run it without leaving out wanted events. */
function partOf({terms, negate}: Chip): Part | undefined {
	const parts = terms.map(term => termPart(term, negate));
	const [first] = parts;
	if (first === undefined || parts.some(part => part?.field !== first.field)) {
		return undefined;
	}

	return {field: first.field, values: parts.flatMap(part => part!.values as string[])};
}

function termPart(term: Term, negate: boolean): Part | undefined {
	return partOfField[term.field]?.(term, negate);
}

/** How an agent runs the terms of a field; a field that is not here is run here only. */
const partOfField: Readonly<Partial<Record<Term['field'], (term: Term, negate: boolean) => Part | undefined>>> = {
	ns(term) {
		if (term.comparison === 'exact') {
			return {field: 'namespace', values: [term.value]};
		}

		// A process of the host has no namespace: the regular expression of an agent never finds it, ours may.
		return term.comparison === 'regex' ? undefined : {field: 'namespace_regex', values: [regexOf(term)]};
	},
	pod(term) {
		const isRunnable = !term.value.includes('/') && term.value !== '' && !mayMatchNothing(term);
		return isRunnable ? {field: 'pod_regex', values: [regexOf(term)]} : undefined;
	},
	bin: term => binaryPart(term),
	arg: term => ({field: 'arguments_regex', values: [regexOf(term)]}),
	c(term) {
		const isRunnable = term.value !== '' && !mayMatchNothing(term);
		return isRunnable ? {field: 'container_name_regex', values: [regexOf(term)]} : undefined;
	},
	pol({comparison, value}) {
		return comparison === 'exact' && value !== '' ? {field: 'policy_names', values: [value]} : undefined;
	},
	pid: ({comparison, value}) =>
		!/^(?:fuzzy|exact)$/.test(comparison) ? undefined : {field: 'pid', values: [Number(value)]},
	l: ({value}) => (/^[\w./-]+(?:=[\w.-]*)?$/.test(value) ? {field: 'labels', values: [value]} : undefined),
	ev({comparison, value}, negate) {
		const types = comparison === 'fuzzy' || comparison === 'exact' ? typesOf(value) : undefined;
		return types === undefined || negate
			? undefined
			: {field: 'event_set', values: types.map(type => type.toUpperCase())};
	},
};

/** The client looks at the path and at its last part; the expression must let both through, and deny only both. */
function binaryPart(term: Term): Part | undefined {
	const {comparison, value} = term;
	if (comparison === 'regex' && !value.includes('^')) {
		return {field: 'binary_regex', values: [value]};
	}

	if (comparison === 'regex') {
		return undefined;
	}

	const slash = value.includes('/');
	if (slash || (comparison !== 'exact' && comparison !== 'prefix')) {
		return {field: 'binary_regex', values: [regexOf(term)]};
	}

	const end = comparison === 'exact' ? '$' : '[^/]*$';
	return {field: 'binary_regex', values: [`${caseOf(value, comparison)}(^|/)${quoteRegex(value)}${end}`]};
}

/** A regular expression that may match the empty name: here it would show processes of the host, an agent never sends them. */
function mayMatchNothing({comparison, value}: Term): boolean {
	return comparison === 'regex' && !/^[\w-]+$/.test(value);
}

function caseOf(value: string, comparison: Term['comparison']): string {
	return comparison !== 'exact' && value === value.toLowerCase() ? '(?i)' : '';
}

/**
The comparison in RE2, unanchored as the agents use it. For a fuzzy word it may match more than the chip, never less.
*/
function regexOf({comparison, value}: Term): string {
	const quoted = quoteRegex(value);
	const sensitive = caseOf(value, comparison);
	switch (comparison) {
		case 'exact':
			return `^${quoted}$`;
		case 'regex':
			return value;
		case 'contains':
			return sensitive + quoted;
		case 'prefix':
			return `${sensitive}^${quoted}`;
		case 'suffix':
			return `${sensitive}${quoted}$`;
		default:
			return sensitive + [...value].map(letter => quoteRegex(letter)).join('.*');
	}
}
