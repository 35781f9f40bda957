/** What the filter flags ask of an agent: one Filter of the allow list, as `tetra getevents` builds it, and the deny list. */
import type {EventsRequest, ServerFilter} from '../fleet/link.js';
import {flags} from '../options.js';
import type {Flag, Mistake, Options} from './flag.js';
import {didYouMean} from './suggest.js';
import {parseValue, quote, splitList} from './values.js';

const table: readonly Flag[] = flags;

/** The flags that can stand in a filter, and the field of tetragon.Filter that each fills. */
const fields = {
	namespace: 'namespace',
	pod: 'pod_regex',
	process: 'binary_regex',
	container: 'container_name_regex',
	'event-types': 'event_set',
	'policy-names': 'policy_names',
	'namespace-regex': 'namespace_regex',
	'cel-expression': 'cel_expression',
	labels: 'labels',
} as const satisfies Readonly<Record<string, keyof ServerFilter>>;

const names = [...Object.keys(fields), 'host'];

type MutableFilter = {-readonly [Field in keyof ServerFilter]: ServerFilter[Field]};

const isEmpty = (filter: ServerFilter) => Object.keys(filter).length === 0;

/** Flags of one filter are joined by AND, values of one flag by OR. */
export function allowFilter(options: Options): ServerFilter {
	const filter: MutableFilter = {};
	const values: ReadonlyArray<readonly [keyof typeof fields, readonly string[]]> = [
		['namespace', options.namespace],
		['pod', options.pod],
		['process', options.process],
		['container', options.container],
		['event-types', options.eventTypes],
		['policy-names', options.policyNames],
		['namespace-regex', options.namespaceRegex],
		['cel-expression', options.celExpression],
		['labels', options.labels],
	];

	for (const [name, texts] of values) {
		if (texts.length > 0) {
			filter[fields[name]] = texts;
		}
	}

	// The namespace of a process in no pod is empty: so the agent tells the host's apart.
	return options.host ? {...filter, namespace: [...(filter.namespace ?? []), '']} : filter;
}

/** `namespace=kube-system;event-types=PROCESS_EXEC,PROCESS_EXIT` or `host`. An empty filter would deny everything. */
export function parseDeny(text: string): ServerFilter | Mistake {
	const filter: MutableFilter = {};

	for (const part of text.split(';').filter(each => each.trim() !== '')) {
		const equals = part.indexOf('=');
		const name = (equals === -1 ? part : part.slice(0, equals)).trim().replace(/^--/, '');
		const flag = table.find(each => each.name === name || each.aliases?.includes(name));

		if (!flag || !names.includes(flag.name)) {
			return {
				what: `--deny cannot take ${quote(part)}`,
				why: `it is made of ${names.join(', ')}.`,
				fix: `${didYouMean(name, names)}Write --deny namespace=kube-system.`,
			};
		}

		if (flag.name === 'host') {
			filter.namespace = [...(filter.namespace ?? []), ''];
			continue;
		}

		const field = fields[flag.name as keyof typeof fields];
		const values = splitList(flag, equals === -1 ? '' : part.slice(equals + 1).trim()).map(value =>
			parseValue(flag, value, `--deny ${flag.name}`),
		);
		const mistake = values.find(value => typeof value === 'object');

		if (mistake || values.length === 0) {
			return (
				mistake ?? {what: `--deny ${flag.name} has no value`, why: 'it would deny everything.', fix: 'Give it one.'}
			);
		}

		filter[field] = [...((filter[field] as readonly string[] | undefined) ?? []), ...values.map(String)];
	}

	return isEmpty(filter)
		? {what: '--deny is empty', why: 'it would deny everything.', fix: 'Write --deny namespace=kube-system.'}
		: filter;
}

/** The request for GetEvents; options are those that parseOptions let pass, so every --deny can be read. */
export function eventsRequest(options: Options): EventsRequest {
	const allow = allowFilter(options);
	const deny = options.deny.map(parseDeny).filter((filter): filter is ServerFilter => !('what' in filter));
	return {
		...(isEmpty(allow) ? {} : {allow_list: [allow]}),
		...(deny.length > 0 ? {deny_list: deny} : {}),
	};
}
