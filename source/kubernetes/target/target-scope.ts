/** A target as a filter of events: the query of the filter line, and the filter that the agents can run. */
import type {ServerFilter} from '../../tetragon/agent/link.js';
import type {Target} from './parse.js';
import type {TargetPodNames} from './pod-names.js';

export type Scope = {
	/** For the filter line: `ns=default pod=xwing`; '': everything. */
	readonly query: string;
	/** An event passes that passes one of them; they pass what the query passes. undefined: no filter. */
	readonly filters: readonly ServerFilter[] | undefined;
	/** For the header: `default/xwing`. */
	readonly words: string;
	/** The pods of a workload, a Service or a selector, whose names are in the query; undefined: it has no such names. */
	readonly pods?: {
		/** In place of their names. */
		readonly label: string;
		/** What the agents are asked for in place of their names: the pods that may send events now. */
		readonly asked: ServerFilter;
	};
};

/**
Names in one filter of an agent, which compares each event with each of them. More pods are asked for by their labels, or by
their namespace: the agents send more then, and the names decide here.
*/
export const mostNamesAtAgent = 100;

/** @param names of the pods, where the target has pods that come and go; undefined: they are not known yet. */
export function scopeOf(target: Target, names?: TargetPodNames): Scope {
	switch (target.type) {
		case 'all':
			return {query: '', filters: undefined, words: 'all nodes'};
		case 'namespace':
			return {
				query: `ns=${target.namespaces.join('|')}`,
				filters: [{namespace: target.namespaces}],
				words: `namespace ${target.namespaces.join(', ')}`,
			};
		case 'pod':
			return {
				query: `ns=${target.namespace} pod=${target.name}`,
				filters: [{namespace: [target.namespace], pod_regex: [exactly(target.name)]}],
				words: `${target.namespace}/${target.name}`,
			};
		case 'workload':
			return podsScope([target.namespace], `${target.kind}/${target.name}`, names);
		case 'service':
			return podsScope([target.namespace], `service/${target.name}`, names);
		case 'selector':
			return selectorScope(target, names);
	}
}

function selectorScope({namespaces, selector}: Extract<Target, {type: 'selector'}>, names?: TargetPodNames): Scope {
	const scope = podsScope(namespaces, `-l ${selector}`, names);
	const words = `${namespaces?.join(', ') ?? 'all namespaces'} -l ${selector}`;
	if (scope.pods !== undefined) {
		return {...scope, words};
	}

	const where = namespaces === undefined ? {} : {namespace: namespaces};
	return {query: selectorQuery(selector, namespaces), filters: [{...where, labels: [selector]}], words};
}

function podsScope(namespaces: readonly string[] | undefined, label: string, names?: TargetPodNames): Scope {
	const words = `${namespaces?.join(', ') ?? 'all namespaces'}/${label}`;
	const where = namespaces === undefined ? {} : {namespace: namespaces};
	const ns = namespaces === undefined ? [] : [`ns=${namespaces.join('|')}`];
	if (names === undefined || names.all.length === 0) {
		return {query: ns.join(' '), filters: [where], words};
	}

	const isOne = namespaces?.length === 1;
	const pods = names.all.map(({namespace, name}) => (isOne ? name : `${namespace}/${name}`));
	return {
		query: [...ns, `pod=${pods.join('|')}`].join(' '),
		filters: [...Map.groupBy(names.all, ({namespace}) => namespace)].map(([namespace, ofIt]) => ({
			namespace: [namespace],
			pod_regex: ofIt.map(({name}) => exactly(name)),
		})),
		words,
		pods: {label, asked: askedOf(names)},
	};
}

function askedOf({live, selector}: TargetPodNames): ServerFilter {
	if (live.length > mostNamesAtAgent) {
		return selector === '' ? {} : {labels: [selector]};
	}

	return live.length === 0 ? {} : {pod_regex: [...new Set(live.map(({name}) => exactly(name)))]};
}

/** The escapes are the same in Go's RE2 and in re2js. A dot is the only special character that a pod's name can have. */
function exactly(name: string): string {
	return `^${name.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}$`;
}

/** The filter line knows equalities only; the node set and the agents apply the other terms until the pods' names are known. */
function selectorQuery(selector: string, namespaces: readonly string[] | undefined): string {
	const labels = selector
		.split(/,(?![^(]*\))/)
		.map(term => /^\s*([^=!\s(]+)\s*={1,2}\s*([^=\s]*)\s*$/.exec(term))
		.flatMap(match => (match === null ? [] : [`l:${match[1]}=${match[2]}`]));
	return [...(namespaces === undefined ? [] : [`ns=${namespaces.join('|')}`]), ...labels].join(' ');
}
