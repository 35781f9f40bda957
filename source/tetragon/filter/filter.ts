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

/** Throws a Refusal in one sentence for a pattern, selector, type or flag that is not valid. */
export function buildRequest(flags: FilterFlags): EventsRequest {
	const allow = buildFilter(flags);
	const deny = (flags.deny ?? []).map(text => buildFilter(parseDeny(text)));
	return {
		...(Object.keys(allow).length > 0 ? {allow_list: [allow]} : {}),
		...(deny.length > 0 ? {deny_list: deny} : {}),
	};
}

function buildFilter(flags: FilterFlags): ServerFilter {
	function list(flag: ListFlag): readonly string[] {
		const values = flags[flag] ?? [];
		return commaSeparated.has(flag) ? values.flatMap(value => value.split(',').map(item => item.trim())) : values;
	}

	const namespaces = [...list('namespace'), ...(flags.host ? [''] : [])];
	const filter: Record<string, readonly string[]> = {
		namespace: namespaces,
		namespace_regex: list('namespaceRegex').map(value => regex('namespaceRegex', value)),
		pod_regex: list('pod').map(value => regex('pod', value)),
		binary_regex: list('process').map(value => regex('process', value)),
		container_name_regex: list('container').map(value => regex('container', value)),
		event_set: list('eventTypes').map(value => eventType(value)),
		policy_names: list('policyNames'),
		labels: list('labels').map(value => selector(value)),
		cel_expression: list('celExpression').map(value => cel(value)),
	};
	return Object.fromEntries(Object.entries(filter).filter(([, values]) => values.length > 0));
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
