/**
Flags to the GetEventsRequest, which names the events that the agent sends. Within
one Filter all set fields must match, of one field any value; allow and deny lists are each "any Filter", and deny wins.
*/

import {Refusal} from '../../problem.js';
import {table} from '../../runtime/table.js';
import type {EventsRequest, ServerFilter} from '../agent/link.js';
import {eventTypeOf, eventTypes} from '../event/kinds.js';
import {parseSelector} from './label-selector.js';
import {re2} from './re2.js';

/** The flags, in the words of options.ts. Lists are "any of". */
export type FilterFlags = {
	readonly namespace?: readonly string[] | undefined;
	readonly namespaceRegex?: readonly string[] | undefined;
	readonly pod?: readonly string[] | undefined;
	readonly process?: readonly string[] | undefined;
	readonly container?: readonly string[] | undefined;
	readonly eventTypes?: readonly string[] | undefined;
	readonly policyNames?: readonly string[] | undefined;
	readonly labels?: readonly string[] | undefined;
	readonly celExpression?: readonly string[] | undefined;
	readonly host?: boolean | undefined;
	/** Each `flag=value;flag=value`: all of it must match for an event to be left out. */
	readonly deny?: readonly string[] | undefined;
};

type ListFlag = Exclude<keyof FilterFlags, 'host' | 'deny'>;

const flagNames: Readonly<Record<ListFlag, string>> = {
	namespace: 'namespace',
	namespaceRegex: 'namespace-regex',
	pod: 'pod',
	process: 'process',
	container: 'container',
	eventTypes: 'event-types',
	policyNames: 'policy-names',
	labels: 'labels',
	celExpression: 'cel-expression',
};

/** Other spellings that `tetra` takes. */
const aliases: Readonly<Record<string, ListFlag>> = table<ListFlag>({
	n: 'namespace',
	namespaces: 'namespace',
	e: 'eventTypes',
	'event-type': 'eventTypes',
	pods: 'pod',
	processes: 'process',
	containers: 'container',
	'policy-name': 'policyNames',
	label: 'labels',
	cel: 'celExpression',
});

/** Their values hold no comma, so one separates them. */
const commaSeparated: ReadonlySet<ListFlag> = new Set(['namespace', 'eventTypes', 'policyNames']);

/** One narrowing of the request, with the flags that ask for it: --namespace and --host are values of one field. */
export type RequestPart = {
	/** Long names of the flags, and their values as they were given; a switch has none. */
	readonly flags: ReadonlyArray<{readonly name: string; readonly values: readonly string[]}>;
	/** `deny`: what it matches is left out. */
	readonly list: 'allow' | 'deny';
	readonly filter: ServerFilter;
};

/**
What narrows the request, in the order of the flags. The request, and what a screen says of it, are both made from these parts.
Throws a Refusal in one sentence for a pattern, selector, type or flag that cannot be.
*/
export function requestParts(flags: FilterFlags): readonly RequestPart[] {
	const filter = buildFilter(flags);
	const allow = (Object.keys(filter) as (keyof ServerFilter)[]).map(field => ({
		flags: givenFlags(flags).filter(({flag}) => fieldOfFlag[flag] === field),
		list: 'allow' as const,
		filter: {[field]: filter[field]},
	}));
	const deny = (flags.deny ?? []).map(text => ({
		flags: [{name: 'deny', values: [text]}],
		list: 'deny' as const,
		filter: buildFilter(parseDeny(text)),
	}));
	return [...allow, ...deny];
}

/** The parts as the agents take them: all of the allowed, none of the denied. */
export function requestOf(parts: readonly RequestPart[]): EventsRequest {
	const allow = parts.filter(({list}) => list === 'allow').map(({filter}) => filter);
	const deny = parts.filter(({list}) => list === 'deny').map(({filter}) => filter);
	return {
		...(allow.length > 0 ? {allow_list: [Object.assign({}, ...allow) as ServerFilter]} : {}),
		...(deny.length > 0 ? {deny_list: deny} : {}),
	};
}

/** Throws as requestParts() does. */
export function buildRequest(flags: FilterFlags): EventsRequest {
	return requestOf(requestParts(flags));
}

const fieldOfFlag: Readonly<Record<ListFlag | 'host', keyof ServerFilter>> = {
	namespace: 'namespace',
	host: 'namespace',
	namespaceRegex: 'namespace_regex',
	pod: 'pod_regex',
	process: 'binary_regex',
	container: 'container_name_regex',
	eventTypes: 'event_set',
	policyNames: 'policy_names',
	labels: 'labels',
	celExpression: 'cel_expression',
};

function givenFlags(flags: FilterFlags) {
	const lists = (Object.keys(flagNames) as ListFlag[]).map(flag => ({
		flag,
		name: flagNames[flag],
		values: flags[flag] ?? [],
	}));
	const host = flags.host ? [{flag: 'host' as const, name: 'host', values: []}] : [];
	return [...lists.filter(({values}) => values.length > 0), ...host];
}

/** The values of one flag as the agents take them; throws a Refusal for one that they would not. */
function checkedValues(flag: ListFlag, given: readonly string[]): readonly string[] {
	const values = commaSeparated.has(flag) ? given.flatMap(value => value.split(',').map(item => item.trim())) : given;
	switch (flag) {
		case 'namespaceRegex':
		case 'pod':
		case 'process':
		case 'container':
			return values.map(value => regex(flag, value));
		case 'eventTypes':
			return values.map(value => eventType(value));
		case 'labels':
			return values.map(value => selector(value));
		case 'celExpression':
			return values.map(value => cel(value));
		default:
			return values;
	}
}

function buildFilter(flags: FilterFlags): ServerFilter {
	const filter: Partial<Record<keyof ServerFilter, readonly string[]>> = {};
	for (const {flag, values} of givenFlags(flags)) {
		const field = fieldOfFlag[flag];
		filter[field] = [...(filter[field] ?? []), ...(flag === 'host' ? [''] : checkedValues(flag, values))];
	}

	return filter as ServerFilter;
}

function parseDeny(text: string): FilterFlags {
	const flags: Partial<Record<ListFlag, string[]>> = {};
	let host = false;
	for (const term of text.split(';').map(item => item.trim())) {
		const [, name = '', value] = /^(?:--)?([^=]*?)\s*(?:=(.*))?$/s.exec(term) ?? [];
		if (name === 'host' && (value === undefined || value === 'true')) {
			host = true;
			continue;
		}

		const flag = listFlag(name);
		if (flag === undefined || value === undefined || value === '') {
			throw new Refusal(
				`--deny ${JSON.stringify(text)} cannot be read`,
				flag === undefined && name !== '' ? `there is no filter flag ${JSON.stringify(name)}` : 'it is not flag=value',
				`write for example namespace=kube-system or pod=^api-;event-types=PROCESS_EXIT; the flags are ${[...Object.values(flagNames), 'host'].join(', ')}`,
				false,
			);
		}

		flags[flag] = [...(flags[flag] ?? []), value];
	}

	return {...flags, host};
}

function listFlag(name: string): ListFlag | undefined {
	const found = (Object.keys(flagNames) as ListFlag[]).find(flag => flagNames[flag] === name);
	return found ?? (Object.hasOwn(aliases, name) ? aliases[name] : undefined);
}

function regex(flag: ListFlag, value: string): string {
	try {
		re2().compile(value);
		return value;
	} catch (error) {
		const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
		throw new Refusal(
			`--${flagNames[flag]} ${JSON.stringify(value)} is not a regular expression`,
			why,
			'use RE2 syntax, which has no look-around and no back-references',
			false,
		);
	}
}

function eventType(value: string): string {
	const found = eventTypeOf(value);
	if (found === undefined) {
		throw new Refusal(
			`--event-types ${JSON.stringify(value)} is not a type of event`,
			`the types are ${eventTypes.join(', ')}`,
			'give one or more of these, separated by commas',
			false,
		);
	}

	return found;
}

function selector(value: string): string {
	try {
		parseSelector(value);
		return value;
	} catch (error) {
		throw new Refusal(
			`--labels ${JSON.stringify(value)} is not a label selector`,
			error instanceof Error ? error.message : String(error),
			'write it as for kubectl get -l',
			false,
		);
	}
}

/** The agent compiles it; only what cannot be an expression is refused here. */
function cel(value: string): string {
	const why = value.trim() === '' ? 'it is empty' : unbalanced(value);
	if (why !== undefined) {
		throw new Refusal(
			`--cel-expression ${JSON.stringify(value)} is not a CEL expression`,
			why,
			"write for example process_exec.process.binary.endsWith('/curl')",
			false,
		);
	}

	return value;
}

function unbalanced(value: string): string | undefined {
	const open: string[] = [];
	const bare = value.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs, '');
	if (/["']/.test(bare)) {
		return 'a quote is not closed';
	}

	for (const character of bare) {
		if ('([{'.includes(character)) {
			open.push(character);
		} else if (')]}'.includes(character) && open.pop() !== '([{'[')]}'.indexOf(character)]) {
			return `${JSON.stringify(character)} closes nothing`;
		}
	}

	return open.length > 0 ? `${JSON.stringify(open.at(-1))} is not closed` : undefined;
}
