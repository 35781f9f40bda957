/**
Asks the API server for the user's rights, by SelfSubjectAccessReview. The subresource is a field of its own: for a resource
`pods/portforward` the server would answer about a pod of that name.
*/
import {type Transport, transportTable} from '../../transports.js';
import {type Api, paths} from '../api/api.js';
import {objectOf, truth} from '../api/shape.js';

export type Right = {
	readonly verb: string;
	readonly resource: string;
	readonly subresource?: string;
	/** API group; undefined: the core group. */
	readonly group?: string;
	/** Who lacks it, as the server named the user. */
	readonly user?: string;
	/** '' or undefined: in all namespaces. */
	readonly namespace?: string;
};

const asReview = objectOf<{readonly status?: {readonly allowed?: boolean}}>({status: objectOf({allowed: truth})});

/** undefined: the server did not answer the question. */
type Allowed = boolean | undefined;

/** Never rejects. */
export async function mayI(api: Api, right: Right, signal?: AbortSignal): Promise<Allowed> {
	const body = {
		kind: 'SelfSubjectAccessReview',
		apiVersion: 'authorization.k8s.io/v1',
		spec: {
			resourceAttributes: {
				verb: right.verb,
				group: right.group ?? '',
				resource: right.resource,
				...(right.subresource === undefined ? {} : {subresource: right.subresource}),
				...(right.namespace ? {namespace: right.namespace} : {}),
			},
		},
	};
	try {
		const answer = await api.create(paths.accessReviews, body, asReview, signal);
		return answer.status?.allowed;
	} catch {
		return undefined;
	}
}

/** `create pods/exec in kube-system` */
export function rightWords({verb, resource, subresource, namespace}: Right): string {
	const what = subresource === undefined ? resource : `${resource}/${subresource}`;
	return `${verb} ${what} ${namespace ? `in ${namespace}` : 'in all namespaces'}`;
}

/** The rights that a transport needs in the agents' namespace, besides reading pods. */
export function rightsFor(transport: Transport, namespace: string): readonly Right[] {
	const {subresource, verbs} = transportTable[transport];
	return verbs.map(verb => ({verb, resource: 'pods', subresource, namespace}));
}

type ReviewedTarget = {
	readonly type: string;
	readonly namespace?: string | undefined;
	readonly namespaces?: readonly string[] | undefined;
};
type ReviewedCluster = {readonly api: Api; readonly ways: readonly Transport[]};

/**
Asks for all rights at once. Never rejects: a question without an answer is `undefined`.
@param agentNamespace undefined: no agent was found; Tetragon's usual namespace is asked about.
@param target its namespaces are asked about; without one: all namespaces.
*/
export async function preflight(
	{api, ways}: ReviewedCluster,
	agentNamespace: string | undefined,
	target: ReviewedTarget,
	signal?: AbortSignal,
): Promise<{readonly rights: ReadonlyArray<{readonly right: Right; readonly allowed: Allowed}>}> {
	const agents = agentNamespace ?? 'kube-system';
	const ofTarget = target.namespaces ?? [target.namespace ?? ''];
	const namespaces = new Set(target.type === 'all' ? [agents] : [agents, ...ofTarget]);
	const read = [...namespaces].flatMap(namespace =>
		['list', 'watch'].map((verb): Right => ({verb, resource: 'pods', namespace})),
	);
	const events = (target.type === 'all' ? [] : ofTarget).flatMap(namespace =>
		['list', 'watch'].map((verb): Right => ({verb, resource: 'events', namespace})),
	);
	const wanted = new Map<string, Right>();
	for (const right of [...read, ...events, ...ways.flatMap(way => rightsFor(way, agents))]) {
		wanted.set(rightWords(right), right);
	}

	const rights = await Promise.all(
		[...wanted.values()].map(async right => ({right, allowed: await mayI(api, right, signal)})),
	);
	return {rights};
}
