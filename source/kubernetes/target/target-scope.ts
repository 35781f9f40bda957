/** A target as a filter of events: the query of the filter line, and the filter that the agents can run. */
import type {ServerFilter} from '../../tetragon/agent/link.js';
import type {Target, WorkloadKind} from './parse.js';

export type Scope = {
	/** For the filter line: `ns=default pod=xwing`; '': everything. */
	readonly query: string;
	/** Passes at least what the query passes; undefined: no filter. */
	readonly filter: ServerFilter | undefined;
	/** For the header: `default/xwing`. */
	readonly words: string;
};

/** Kubernetes cuts the owner's name in a generated pod name after at most 58 characters: a prefix of 40 is always kept. */
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

/** The escapes are the same in Go's RE2 and in re2js. A dot is the only special character that a pod's name can have. */
function quoteRegex(text: string) {
	return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

function podPattern(kind: WorkloadKind, name: string): string {
	if (name.length > certainPrefix) {
		return `^${quoteRegex(name.slice(0, certainPrefix))}`;
	}

	return kind === 'statefulset' ? `^${quoteRegex(name)}-[0-9]+$` : `^${quoteRegex(name)}-`;
}

/** The filter line knows equalities only; the node set and the agents apply the other terms. */
function selectorQuery(selector: string, namespace: string | undefined): string {
	const labels = selector
		.split(/,(?![^(]*\))/)
		.map(term => /^\s*([^=!\s(]+)\s*={1,2}\s*([^=\s]*)\s*$/.exec(term))
		.flatMap(match => (match === null ? [] : [`l:${match[1]}=${match[2]}`]));
	return [...(namespace === undefined ? [] : [`ns=${namespace}`]), ...labels].join(' ');
}
