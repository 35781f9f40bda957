/** What a target means for the events: chips on the screen, and the part that the agents may run as well. */
import type {EventsRequest, ServerFilter} from '../../tetragon/agent/link.js';
import type {Target, WorkloadKind} from './parse.js';

export type Scope = {
	/** In the language of the filter line: `ns=default pod=xwing`; '' for everything. */
	readonly query: string;
	/** Never narrower than the query; undefined: the agents cannot narrow it. */
	readonly filter: ServerFilter | undefined;
	/** For the header: `default/xwing`. */
	readonly words: string;
};

/** A generated pod name keeps 58 characters of its owner's at most: longer ones are cut, so less of them is asked for. */
const certainPrefix = 40;

export function scopeOf(target: Target): Scope {
	switch (target.type) {
		case 'all':
			return {query: '', filter: undefined, words: 'all nodes'};
		case 'namespace':
			return {
				query: `ns=${target.namespace}`,
				filter: {namespace: [target.namespace]},
				words: `namespace ${target.namespace}`,
			};
		case 'pod':
			return {
				query: `ns=${target.namespace} pod=${target.name}`,
				filter: {namespace: [target.namespace], pod_regex: [`^${quoteRegex(target.name)}$`]},
				words: `${target.namespace}/${target.name}`,
			};
		case 'workload':
			return {
				query: `ns=${target.namespace} pod~${podPattern(target.kind, target.name)}`,
				filter: {namespace: [target.namespace], pod_regex: [podPattern(target.kind, target.name)]},
				words: `${target.namespace}/${target.kind}/${target.name}`,
			};
		case 'selector':
			return {
				query: selectorQuery(target.selector, target.namespace),
				filter: {
					...(target.namespace === undefined ? {} : {namespace: [target.namespace]}),
					labels: [target.selector],
				},
				words: `${target.namespace ?? 'all namespaces'} -l ${target.selector}`,
			};
	}
}

/** GetEventsRequest of a scope, for those who want the agents to narrow. */
export function requestOf({filter}: Scope): EventsRequest {
	return filter === undefined ? {} : {allow_list: [filter]};
}

/** Go's RE2 and re2js take the same escapes; a pod's name holds dots at most. */
function quoteRegex(text: string) {
	return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

function podPattern(kind: WorkloadKind, name: string): string {
	if (name.length > certainPrefix) {
		return `^${quoteRegex(name.slice(0, certainPrefix))}`;
	}

	return kind === 'statefulset' ? `^${quoteRegex(name)}-[0-9]+$` : `^${quoteRegex(name)}-`;
}

/** Only equalities are words of the filter line; the rest is left to the set of nodes and to the agents. */
function selectorQuery(selector: string, namespace: string | undefined): string {
	const labels = selector
		.split(/,(?![^(]*\))/)
		.map(term => /^\s*([^=!\s(]+)\s*={1,2}\s*([^=\s]*)\s*$/.exec(term))
		.flatMap(match => (match === null ? [] : [`l:${match[1]}=${match[2]}`]));
	return [...(namespace === undefined ? [] : [`ns=${namespace}`]), ...labels].join(' ');
}
