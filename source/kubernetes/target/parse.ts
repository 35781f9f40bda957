import {Refusal} from '../../problem.js';
import {table} from '../../runtime/table.js';
import {didYouMean} from '../did-you-mean.js';

export const workloadKinds = ['deployment', 'statefulset', 'daemonset', 'replicaset', 'job', 'cronjob'] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

export type Target =
	/** Every node, every event. */
	| {readonly type: 'all'}
	| {readonly type: 'namespace'; readonly namespaces: readonly string[]}
	/** `certain`: the user wrote pod/NAME; else NAME may be a workload as well. */
	| {readonly type: 'pod'; readonly namespace: string; readonly name: string; readonly certain: boolean}
	| {readonly type: 'workload'; readonly namespace: string; readonly kind: WorkloadKind; readonly name: string}
	/** The pods behind a Service, as its EndpointSlices list them. */
	| {readonly type: 'service'; readonly namespace: string; readonly name: string}
	/** namespaces undefined: all namespaces (-A). */
	| {readonly type: 'selector'; readonly namespaces: readonly string[] | undefined; readonly selector: string};

export type TargetWords = {
	/** The arguments that are not flags. */
	readonly words: readonly string[];
	/** -n, with commas or repeated; undefined: it was not given. */
	readonly namespaces?: readonly string[] | undefined;
	/** The namespace of the context. */
	readonly defaultNamespace: string;
	readonly allNamespaces?: boolean | undefined;
	/** -l */
	readonly selector?: string | undefined;
	/** --node */
	readonly nodes?: readonly string[] | undefined;
};

export type ParsedTarget = {
	readonly target: Target;
	/** Only these nodes; empty: all. */
	readonly nodes: readonly string[];
};

type Kind = 'pod' | 'node' | 'namespace' | 'service' | WorkloadKind;

/** kubectl's names of kinds: short, singular, plural and with the group. */
const kinds: Readonly<Record<string, Kind>> = table<Kind>({
	po: 'pod',
	pod: 'pod',
	pods: 'pod',
	no: 'node',
	node: 'node',
	nodes: 'node',
	ns: 'namespace',
	namespace: 'namespace',
	namespaces: 'namespace',
	deploy: 'deployment',
	deployment: 'deployment',
	deployments: 'deployment',
	'deployment.apps': 'deployment',
	sts: 'statefulset',
	statefulset: 'statefulset',
	statefulsets: 'statefulset',
	'statefulset.apps': 'statefulset',
	ds: 'daemonset',
	daemonset: 'daemonset',
	daemonsets: 'daemonset',
	'daemonset.apps': 'daemonset',
	rs: 'replicaset',
	replicaset: 'replicaset',
	replicasets: 'replicaset',
	'replicaset.apps': 'replicaset',
	job: 'job',
	jobs: 'job',
	'job.batch': 'job',
	cj: 'cronjob',
	cronjob: 'cronjob',
	cronjobs: 'cronjob',
	'cronjob.batch': 'cronjob',
	svc: 'service',
	service: 'service',
	services: 'service',
});

/** Throws a Refusal for arguments that contradict each other or name no object that has pods. */
export function parseTarget(given: TargetWords): ParsedTarget {
	const {words, selector} = given;
	const nodes = [...(given.nodes ?? [])];
	const namespaces = namespacesOf(given);
	const [first] = words;
	if (first === undefined) {
		return {target: withoutWords(given, namespaces), nodes};
	}

	if (selector !== undefined) {
		throw refuse(
			`${words.join(' ')} and -l ${selector}`,
			'the target is either a name or a selector',
			'remove one of them',
		);
	}

	const {kind, name} = splitWords(words);
	if (kind === 'node') {
		return {target: withoutWords(given, namespaces), nodes: [...nodes, name]};
	}

	if (kind === 'namespace') {
		return {target: {type: 'namespace', namespaces: [name]}, nodes};
	}

	const namespace = onlyNamespace(given, namespaces, name);
	switch (kind) {
		case undefined:
		case 'pod':
			return {target: {type: 'pod', namespace, name, certain: kind === 'pod'}, nodes};
		case 'service':
			return {target: {type: 'service', namespace, name}, nodes};
		default:
			return {target: {type: 'workload', namespace, kind, name}, nodes};
	}
}

/** The namespaces of -n, each once; undefined: -n was not given. Throws a Refusal for a word that no namespace can have. */
function namespacesOf({namespaces}: TargetWords): readonly string[] | undefined {
	return namespaces === undefined || namespaces.length === 0
		? undefined
		: [...new Set(namespaces.map(name => checkName(name)))];
}

function onlyNamespace(given: TargetWords, namespaces: readonly string[] | undefined, name: string): string {
	const [namespace = given.defaultNamespace, second] = namespaces ?? [];
	if (given.allNamespaces === true || second !== undefined) {
		throw refuse(
			`${name} with ${given.allNamespaces === true ? '-A' : `-n ${namespaces?.join(',')}`}`,
			'a name is unique within one namespace only',
			'use -n with one namespace, or -l SELECTOR, or no name',
		);
	}

	return namespace;
}

function withoutWords(given: TargetWords, namespaces: readonly string[] | undefined): Target {
	if (given.selector !== undefined) {
		return {
			type: 'selector',
			selector: given.selector,
			namespaces: given.allNamespaces === true ? undefined : (namespaces ?? [given.defaultNamespace]),
		};
	}

	// Without a target all nodes are shown: the namespace of the context is no target, but -n is.
	return namespaces === undefined || given.allNamespaces === true ? {type: 'all'} : {type: 'namespace', namespaces};
}

function splitWords(words: readonly string[]): {readonly kind: Kind | undefined; readonly name: string} {
	const [first = '', second, third] = words;
	if (third !== undefined || (second !== undefined && (first.includes('/') || second.includes('/')))) {
		throw refuse(words.join(' '), 'this is more than one target', 'name one pod or workload, or use -l for several');
	}

	if (second === undefined && !first.includes('/')) {
		return {kind: undefined, name: checkName(first)};
	}

	const [kindWord = '', name = ''] = second === undefined ? splitOnce(first) : [first, second];
	const kind = kinds[kindWord.toLowerCase()];
	if (kind === undefined) {
		const near = didYouMean(kindWord, Object.keys(kinds));
		const fix =
			near === undefined
				? `known: pod, node, namespace, service, ${workloadKinds.join(', ')}`
				: `did you mean ${near}/${name}?`;
		throw refuse(`${kindWord}/${name}`, `${kindWord || 'an empty word'} is not a kind that has pods`, fix);
	}

	return {kind, name: checkName(name)};
}

function splitOnce(word: string): readonly [string, string] {
	const at = word.indexOf('/');
	return [word.slice(0, at), word.slice(at + 1)];
}

/** Names of Kubernetes objects are RFC 1123 subdomains: no request is sent for another word. */
function checkName(name: string): string {
	if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) || name.length > 253) {
		throw refuse(
			name === '' ? 'the target' : name,
			'this is not a name of a Kubernetes object',
			'write pod/NAME, deployment/NAME or -l SELECTOR',
		);
	}

	return name;
}

function refuse(what: string, why: string, fix: string) {
	return new Refusal(what, why, fix, false);
}
