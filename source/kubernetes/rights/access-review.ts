/**
What we may do, asked beforehand by SelfSubjectAccessReview. The subresource has a field of its own: asked as
`pods/portforward` the server answers for a pod of that name.
*/

import {type Transport, transportTable} from '../../transports.js';
import {type Api, paths} from '../api/api.js';

export type Right = {
	readonly verb: string;
	readonly resource: string;
	readonly subresource?: string;
	/** '' or undefined: in the whole cluster. */
	readonly namespace?: string;
};

/** undefined: the server would not say. */
export type Allowed = boolean | undefined;

export async function mayI(api: Api, right: Right, signal?: AbortSignal): Promise<Allowed> {
	const body = {
		kind: 'SelfSubjectAccessReview',
		apiVersion: 'authorization.k8s.io/v1',
		spec: {
			resourceAttributes: {
				verb: right.verb,
				group: '',
				resource: right.resource,
				...(right.subresource === undefined ? {} : {subresource: right.subresource}),
				...(right.namespace ? {namespace: right.namespace} : {}),
			},
		},
	};
	try {
		const answer = await api.create<{readonly status?: {readonly allowed?: boolean}}>(
			paths.accessReviews,
			body,
			signal,
		);
		return answer.status?.allowed;
	} catch {
		return undefined;
	}
}

/** `create pods/exec in kube-system`, as in the design's connect list. */
export function rightWords({verb, resource, subresource, namespace}: Right): string {
	const what = subresource === undefined ? resource : `${resource}/${subresource}`;
	return `${verb} ${what} ${namespace ? `in ${namespace}` : 'in all namespaces'}`;
}

/** The rights that a transport needs in the agents' namespace, besides reading pods. */
export function rightsFor(transport: Transport, namespace: string): readonly Right[] {
	const {subresource, verbs} = transportTable[transport];
	return verbs.map(verb => ({verb, resource: 'pods', subresource, namespace}));
}

export type Preflight = {
	readonly rights: ReadonlyArray<{readonly right: Right; readonly allowed: Allowed}>;
	/** A way that the server will refuse for certain; unknown counts as allowed. */
	readonly refused: (way: Transport) => Right | undefined;
};

/** Asks for all rights at once. Never throws: what could not be asked is unknown. */
export async function preflight(
	api: Api,
	ways: readonly Transport[],
	agentNamespace: string,
	targetNamespace: string | undefined,
	signal?: AbortSignal,
): Promise<Preflight> {
	const read: readonly Right[] = [
		{verb: 'list', resource: 'pods', namespace: agentNamespace},
		{verb: 'watch', resource: 'pods', namespace: agentNamespace},
		...(targetNamespace === undefined || targetNamespace === agentNamespace
			? []
			: [
					{verb: 'list', resource: 'pods', namespace: targetNamespace},
					{verb: 'watch', resource: 'pods', namespace: targetNamespace},
				]),
	];
	const wanted = new Map<string, Right>();
	for (const right of [...read, ...ways.flatMap(way => rightsFor(way, agentNamespace))]) {
		wanted.set(rightWords(right), right);
	}

	const rights = await Promise.all(
		[...wanted.values()].map(async right => ({right, allowed: await mayI(api, right, signal)})),
	);
	const denied = new Set(rights.filter(({allowed}) => allowed === false).map(({right}) => rightWords(right)));
	return {
		rights,
		refused: way =>
			rightsFor(way, agentNamespace).find(
				// Older servers do without `create`: only a missing `get` is certain, where a WebSocket is used.
				right => denied.has(rightWords(right)) && (right.verb === 'get' || way === 'kubectl'),
			),
	};
}
