import {Awaited, Refusal} from '../../problem.js';
import {type Api, inNamespace, paths, type Query} from '../api/api.js';
import {listAll} from '../api/follow.js';
import {asObject, asPod, asWorkload, nameOf, namespaceOf, type Pod} from '../api/objects.js';
import {isForbidden, isNotFound} from '../api/refusal.js';
import {nearest} from '../did-you-mean.js';
import {type Target, type WorkloadKind, workloadKinds} from './parse.js';
import {selectorText} from './selector.js';

export type PodSource = {
	/** The target that was found: a bare name may be a workload, or be in another namespace. */
	readonly target: Target;
	readonly path: string;
	readonly query: Query;
	/** Returns true for a pod of the target; the query may return others as well. */
	readonly meant: (pod: Pod) => boolean;
};

const groups: Readonly<Record<WorkloadKind, string>> = {
	deployment: '/apis/apps/v1',
	statefulset: '/apis/apps/v1',
	daemonset: '/apis/apps/v1',
	replicaset: '/apis/apps/v1',
	job: '/apis/batch/v1',
	cronjob: '/apis/batch/v1',
};

/** Path of the list. @param namespace undefined: all namespaces. */
export function workloads(kind: WorkloadKind, namespace: string | undefined): string {
	return `${groups[kind]}${inNamespace(namespace)}/${kind}s`;
}

function everyPod() {
	return true;
}

/**
Finds the request that returns the target's pods. Rejects with a Refusal for an unknown name, with similar names in its fix.
@param elsewhere also search other namespaces: -n was not given.
*/
export async function findSource(
	api: Api,
	target: Exclude<Target, {type: 'all'}>,
	elsewhere: boolean,
	signal: AbortSignal,
): Promise<PodSource> {
	switch (target.type) {
		case 'namespace':
			return {target, path: paths.pods(target.namespace), query: {}, meant: everyPod};
		case 'selector':
			return {target, path: paths.pods(target.namespace), query: {labelSelector: target.selector}, meant: everyPod};
		case 'workload':
			return workloadSource(api, target, signal);
		case 'pod':
			return podSource(api, target, elsewhere, signal);
	}
}

function byName(namespace: string | undefined, name: string) {
	return {
		path: paths.pods(namespace),
		query: {fieldSelector: `metadata.name=${name}`},
	};
}

async function podSource(
	api: Api,
	target: Extract<Target, {type: 'pod'}>,
	elsewhere: boolean,
	signal: AbortSignal,
): Promise<PodSource> {
	const {namespace, name} = target;
	const here = byName(namespace, name);
	const source = {target, ...here, meant: everyPod};
	const {items} = await listAll(api, here.path, asPod, {query: here.query, signal});
	if (items.length > 0) {
		return source;
	}

	if (!target.certain) {
		for (const kind of workloadKinds) {
			try {
				return await workloadSource(api, {type: 'workload', namespace, kind, name}, signal, true);
			} catch (error) {
				if (!isNotFound(error) && !isForbidden(error)) {
					throw error;
				}
			}
		}
	}

	const others = await podsElsewhere(api, name, signal);
	if (elsewhere && others.length === 1 && others[0] !== undefined) {
		const found = byName(others[0], name);
		return {target: {...target, namespace: others[0]}, ...found, meant: everyPod};
	}

	throw await unknownPod(api, target, others, signal);
}

async function workloadSource(
	api: Api,
	target: Extract<Target, {type: 'workload'}>,
	signal: AbortSignal,
	mustExist = false,
): Promise<PodSource> {
	const {kind, name, namespace} = target;
	const path = paths.pods(namespace);
	let selector = '';
	try {
		const workload = await api.get(
			`${groups[kind]}${inNamespace(namespace)}/${kind}s/${encodeURIComponent(name)}`,
			asWorkload,
			{signal},
		);
		// A CronJob has no selector: its pods belong to its Jobs.
		selector = kind === 'cronjob' ? '' : selectorText(workload.spec?.selector);
	} catch (error) {
		if (isNotFound(error) && !mustExist) {
			throw await unknownWorkload(api, target, signal);
		}

		// The right to read workloads is optional: pods name their owners.
		if (!isForbidden(error) || mustExist) {
			throw error;
		}
	}

	return selector === ''
		? {target, path, query: {}, meant: pod => ownedBy(pod, kind, name)}
		: {target, path, query: {labelSelector: selector}, meant: everyPod};
}

/** A Deployment's pods are owned by its ReplicaSets (NAME-HASH), a CronJob's by its Jobs (NAME-MINUTES). */
export function ownedBy(pod: Pod, kind: WorkloadKind, name: string): boolean {
	const owners = pod.metadata?.ownerReferences ?? [];
	switch (kind) {
		case 'deployment':
			return owners.some(owner => isGenerated(owner, 'replicaset', name, /^[a-z0-9]{1,10}$/));
		case 'cronjob':
			return owners.some(owner => isGenerated(owner, 'job', name, /^\d+$/));
		default:
			return owners.some(owner => owner.kind?.toLowerCase() === kind && owner.name === name);
	}
}

type Owner = NonNullable<NonNullable<Pod['metadata']>['ownerReferences']>[number];

/** Returns true for an owner of this kind whose name is `name-SUFFIX`. */
function isGenerated(owner: Owner, kind: string, name: string, suffix: RegExp): boolean {
	const {name: ownerName = ''} = owner;
	return (
		owner.kind?.toLowerCase() === kind &&
		ownerName.startsWith(`${name}-`) &&
		suffix.test(ownerName.slice(name.length + 1))
	);
}

/** Namespaces that have a pod of this name; none when pods of all namespaces may not be listed. */
async function podsElsewhere(api: Api, name: string, signal: AbortSignal): Promise<readonly string[]> {
	const {path, query} = byName(undefined, name);
	try {
		const {items} = await listAll(api, path, asPod, {query, signal});
		return items.map(namespaceOf);
	} catch {
		return [];
	}
}

async function unknownPod(
	api: Api,
	{namespace, name, certain}: Extract<Target, {type: 'pod'}>,
	others: readonly string[],
	signal: AbortSignal,
): Promise<Refusal> {
	const what = `no pod ${certain ? '' : 'or workload '}${name} in namespace ${namespace}`;
	if (others.length > 0) {
		return new Refusal(what, `a pod of this name is in ${others.join(', ')}`, `tetratop -n ${others[0]} ${name}`);
	}

	const names = await namesIn(api, paths.pods(namespace), signal);
	const near = nearest(name, names, 3);
	if (near.length > 0) {
		return new Awaited(what, 'the name is unknown; tetratop waits for it', `did you mean ${near.join(', ')}?`);
	}

	const why =
		names.length === 0
			? 'the namespace has no pods or does not exist; tetratop waits for the name'
			: 'tetratop waits for it';
	return new Awaited(what, why, `see kubectl get pods -n ${namespace}; -n NAMESPACE selects another namespace`);
}

async function unknownWorkload(
	api: Api,
	{namespace, kind, name}: Extract<Target, {type: 'workload'}>,
	signal: AbortSignal,
): Promise<Refusal> {
	const names = await namesIn(api, `${groups[kind]}${inNamespace(namespace)}/${kind}s`, signal);
	const near = nearest(name, names, 3);
	const what = `no ${kind} ${name} in namespace ${namespace}`;
	if (near.length > 0) {
		return new Awaited(
			what,
			'the name is unknown; tetratop waits for it',
			`did you mean ${near.map(one => `${kind}/${one}`).join(', ')}?`,
		);
	}

	const known = names.length === 0 ? `the namespace has no ${kind}` : `known: ${names.slice(0, 10).join(', ')}`;
	return new Awaited(what, `${known}; tetratop waits for it`, '-n NAMESPACE selects another namespace');
}

async function namesIn(api: Api, path: string, signal: AbortSignal): Promise<readonly string[]> {
	try {
		const {items} = await listAll(api, path, asObject, {signal});
		return items.map(nameOf);
	} catch {
		return [];
	}
}
