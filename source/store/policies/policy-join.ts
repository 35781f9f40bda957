/**
The policies as the cluster has them: the objects of the API, joined with the lists of the agents and the pods. Each disagreement
is a sentence. Nothing is said of what could not be read.
*/

import {table} from '../../runtime/table.js';
import {hasTerms, type PolicyObject, type PolicyPod, reachOf, selectorWords} from './policy-reach.js';
import type {PolicyNodeRow, PolicyRow} from './policy-rows.js';

/** How much of the API can be seen, and what it says. */
export type ClusterPolicies = {
	readonly objects: readonly PolicyObject[];
	readonly pods: readonly PolicyPod[];
	/** All TracingPolicy were read. */
	readonly seesWide: boolean;
	/** Namespaces of which all TracingPolicyNamespaced were read; 'all': every one. */
	readonly seesNamespaces: 'all' | readonly string[];
	/** The pods were read: of the target's namespaces, or all. */
	readonly seesPods: boolean;
	/** What cannot be known, in words: a right that is missing, a CRD that the cluster has not. */
	readonly words: readonly string[];
	/** undefined: no target, all pods are meant. */
	readonly target?:
		| {readonly words: string; readonly isTarget: (namespace: string, pod: string) => boolean}
		| undefined;
};

export type JoinedPolicy = {
	readonly row: PolicyRow;
	/** Whether the API has the object; undefined: it could not be read. */
	readonly hasObject: boolean | undefined;
	/** What its selectors select, in words; '': unknown. */
	readonly selects: string;
	/** Pods of the target, or of the cluster, to which it applies; undefined: unknown. */
	readonly pods: readonly PolicyPod[] | undefined;
	/** Nodes where it is missing and should not be, with the reason. */
	readonly notLoaded: ReadonlyArray<{readonly node: string; readonly why: string}>;
	/** What the cluster and the agents do not agree about; foreign text may be in it. */
	readonly words: readonly string[];
};

export type PolicyJoin = {
	readonly policies: readonly JoinedPolicy[];
	/** About all of them, the most important first. */
	readonly sentences: readonly string[];
};

/**
@param rows the agents' lists, merged.
@param listed names of the nodes whose agents' lists were read.
@param cluster undefined: there is no cluster, only agents.
*/
export function joinPolicies(
	rows: readonly PolicyRow[],
	listed: readonly string[],
	cluster: ClusterPolicies | undefined,
): PolicyJoin {
	if (cluster === undefined) {
		return {policies: rows.map(row => ofAgentsAlone(row, listed)), sentences: []};
	}

	const objects = new Map(cluster.objects.map(object => [idOf(object), object]));
	const pods = podsOfTarget(cluster);
	const known = new Set(rows.map(({id}) => id));
	const unlisted = cluster.objects.filter(object => !known.has(idOf(object))).map(object => emptyRow(object, listed));
	const policies = [...rows, ...unlisted]
		.sort((a, b) => compare(a.name, b.name) || compare(a.namespace, b.namespace))
		.map(row => joined(row, objects.get(row.id), pods, listed, cluster));
	return {policies, sentences: [...targetSentences(policies, pods, listed, cluster), ...cluster.words]};
}

function podsOfTarget({pods, seesPods, target}: ClusterPolicies): readonly PolicyPod[] | undefined {
	if (!seesPods) {
		return undefined;
	}

	return target === undefined ? pods : pods.filter(({namespace, name}) => target.isTarget(namespace, name));
}

function ofAgentsAlone(row: PolicyRow, listed: readonly string[]): JoinedPolicy {
	const notLoaded = missingOn(row, listed, undefined);
	return {row, hasObject: undefined, selects: '', pods: undefined, notLoaded, words: missingWords(row.name, notLoaded)};
}

function joined(
	row: PolicyRow,
	object: PolicyObject | undefined,
	pods: readonly PolicyPod[] | undefined,
	listed: readonly string[],
	cluster: ClusterPolicies,
): JoinedPolicy {
	if (object === undefined) {
		const isKnown = seesAll(cluster, row.namespace);
		const words = isKnown && row.perNode.some(({state}) => state !== 'unlisted') ? [unexplained(row)] : [];
		return {
			...ofAgentsAlone(row, listed),
			hasObject: isKnown ? false : undefined,
			words: [...words, ...missingWords(row.name, missingOn(row, listed, undefined))],
		};
	}

	const reached = pods?.filter(pod => reachOf(object, pod) !== undefined);
	const notLoaded = missingOn(row, listed, object);
	const isNowhere = listed.length > 0 && row.perNode.every(({state}) => state === 'unlisted');
	return {
		row,
		hasObject: true,
		selects: selectorWords(object),
		pods: reached,
		notLoaded,
		words: isNowhere ? [nowhere(object, listed)] : missingWords(row.name, notLoaded),
	};
}

function seesAll({seesWide, seesNamespaces}: ClusterPolicies, namespace: string): boolean {
	return namespace === '' ? seesWide : seesNamespaces === 'all' || seesNamespaces.includes(namespace);
}

/** Where the agent of a node has the policy not, or not running. A policy that a person disabled is missing as well. */
function missingOn(
	row: PolicyRow,
	listed: readonly string[],
	object: PolicyObject | undefined,
): ReadonlyArray<{readonly node: string; readonly why: string}> {
	const perNode = new Map(row.perNode.map(one => [one.nodeName, one]));
	return listed.flatMap(node => {
		const why = whyMissing(perNode.get(node), object);
		return why === undefined ? [] : [{node, why}];
	});
}

function whyMissing(one: PolicyNodeRow | undefined, object: PolicyObject | undefined): string | undefined {
	if (one === undefined || one.state === 'unlisted') {
		const mayBeLeftOut = hasTerms(object?.nodeSelector) ? ' (its nodeSelector may leave the node out)' : '';
		return `its agent does not list it${mayBeLeftOut}`;
	}

	// The agent lists the policy and does not say how it is: nothing is known to be missing.
	if (isLoaded(one.state) || one.state === 'unknown') {
		return undefined;
	}

	return one.error === '' ? one.state : `${one.state}: ${one.error}`;
}

function isLoaded(state: string): boolean {
	return state === 'enabled' || state === 'partial';
}

function missingWords(name: string, missing: ReadonlyArray<{readonly node: string; readonly why: string}>): string[] {
	const byWhy = Map.groupBy(missing, ({why}) => why);
	return [...byWhy].map(
		([why, all]) => `${name} is not loaded on ${nodeWords(all.map(({node}) => node).toSorted())}: ${why}`,
	);
}

function nowhere(object: PolicyObject, listed: readonly string[]): string {
	const kind = object.namespace === '' ? 'TracingPolicy' : 'TracingPolicyNamespaced';
	const agents = listed.length === 1 ? `the agent of ${listed[0]} does not list it` : 'no agent lists it';
	return `${nameWords(object)} is an object (${kind}) of the cluster, and ${agents}`;
}

const byDomain = table({
	static: 'it comes from a file or a flag of the agent',
	grpc: 'it was added by gRPC (tetra tracingpolicy add), and is gone when the agent restarts',
	k8s: 'its object was deleted a moment ago',
});

function unexplained(row: PolicyRow): string {
	const nodes = row.perNode.filter(({state}) => state !== 'unlisted');
	const domains = new Set(nodes.map(({domain}) => domain ?? ''));
	const [domain = ''] = domains.size === 1 ? [...domains] : [];
	const origin = byDomain[domain] ?? 'it comes from a file of the agent, or from tetra tracingpolicy add';
	return `${nameWords(row)} is loaded on ${nodeWords(nodes.map(({nodeName}) => nodeName))}, and no object of the cluster explains it: ${origin}`;
}

/** What applies to the target, what of it is loaded on the nodes of its pods, and where a policy is missing there. */
function targetSentences(
	policies: readonly JoinedPolicy[],
	pods: readonly PolicyPod[] | undefined,
	listed: readonly string[],
	{target, seesWide, seesNamespaces}: ClusterPolicies,
): string[] {
	if (target === undefined || pods === undefined || pods.length === 0 || !(seesWide || seesNamespaces.length > 0)) {
		return [];
	}

	const applying = policies.filter(policy => (policy.pods?.length ?? 0) > 0);
	const nodes = [...new Set(pods.map(({node}) => node))].filter(node => node !== '').sort();
	const known = nodes.filter(node => listed.includes(node));
	const missing = applying.flatMap(({row, pods: reached = [], notLoaded}) => {
		const own = new Set(reached.map(({node}) => node));
		const there = notLoaded.filter(({node}) => own.has(node));
		return there.length === 0 ? [] : [{name: row.name, there}];
	});
	const count = `applies to ${target.words}: ${counted(applying.length)}`;
	const places = nodes.length === 1 ? 'its node' : `its ${nodes.length} nodes`;
	const unread = nodes.filter(node => !listed.includes(node));
	if (known.length === 0) {
		return [`${count}; what is loaded on ${places} is not known: no list of ${nodeWords(nodes)} was read`];
	}

	return [
		[
			`${count}; loaded on ${places}: ${applying.length - missing.length}`,
			...(unread.length === 0 ? [] : [`no list of ${nodeWords(unread)} was read`]),
		].join('; '),
		...missing.flatMap(({name, there}) => missingWords(name, there)),
	];
}

function counted(count: number): string {
	return count === 1 ? '1 policy' : `${count} policies`;
}

function nodeWords(nodes: readonly string[]): string {
	return nodes.length > 3 ? `${nodes.slice(0, 3).join(', ')} and ${nodes.length - 3} more` : nodes.join(', ');
}

function nameWords({name, namespace}: {readonly name: string; readonly namespace: string}): string {
	return namespace === '' ? name : `${namespace}/${name}`;
}

function idOf({namespace, name}: PolicyObject): string {
	return `${namespace}/${name}`;
}

/** An object that no agent lists. */
function emptyRow(object: PolicyObject, listed: readonly string[]): PolicyRow {
	return {
		id: idOf(object),
		name: object.name,
		namespace: object.namespace,
		mode: 'unknown',
		state: listed.length === 0 ? 'unknown' : 'unlisted',
		nodes: 0,
		ofNodes: listed.length,
		postsPerSecond: 0,
		enforced: undefined,
		would: undefined,
		seen: 0,
		missed: undefined,
		unseen: 0,
		notAsked: 0,
		isWhole: true,
		kernelMemoryBytes: 0,
		share: 0,
		note: '',
		error: '',
		perNode: [],
		blastRadius: [],
	};
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
