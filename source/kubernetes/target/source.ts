import {type Api, inNamespace, paths, type Query} from '../api/api.js';
import {listAll} from '../api/follow.js';
import {asPod, asWorkload, namespaceOf, type Pod} from '../api/objects.js';
import {isForbidden, isNotFound} from '../api/refusal.js';
import {controllerOf, groups, isOwnedByName, Owners} from './owners.js';
import {type Target, type WorkloadKind, workloadKinds} from './parse.js';
import type {PodList, PodSource} from './pod-source.js';
import {selectorText} from './selector.js';
import {serviceSource} from './service-pods.js';
import {unknownObject, unknownPod} from './unknown.js';

/** Path of the list. @param namespace undefined: all namespaces. */
export function workloads(kind: WorkloadKind, namespace: string | undefined): string {
	return `${groups[kind]}${inNamespace(namespace)}/${kind}s`;
}

function everyPod() {
	return true;
}

/**
Finds the requests that return the target's pods. Rejects with a Refusal for an unknown name, with similar names in its fix.
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
			return {target, lists: listsOf(target.namespaces, {}), selector: '', meant: everyPod};
		case 'selector': {
			const {namespaces, selector} = target;
			return {target, lists: listsOf(namespaces ?? [''], {labelSelector: selector}), selector, meant: everyPod};
		}
		case 'workload':
			return workloadSource(api, target, signal);
		case 'service':
			return serviceSource(api, target, signal);
		case 'pod':
			return podSource(api, target, elsewhere, signal);
	}
}

/** The target's pods as they are now. Rejects with a Refusal. */
export async function podsNow(api: Api, source: PodSource, signal: AbortSignal): Promise<readonly Pod[]> {
	const lists = await Promise.all(
		source.lists.map(async ({path, query}) => (await listAll(api, path, asPod, {query, signal})).items),
	);
	const pods = lists.flat();
	await source.learn?.(pods, signal);
	return pods.filter(source.meant);
}

/** '': all namespaces. */
function listsOf(namespaces: readonly string[], query: Query): readonly PodList[] {
	return namespaces.map(namespace => ({path: paths.pods(namespace), query}));
}

function byName(namespace: string | undefined, name: string): PodList {
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
	const {items} = await listAll(api, here.path, asPod, {query: here.query, signal});
	if (items.length > 0) {
		return {target, lists: [here], selector: '', meant: everyPod};
	}

	const {found, forbidden} = target.certain ? nothing : await workloadNamed(api, namespace, name, signal);
	if (found !== undefined) {
		return found;
	}

	const others = await podsElsewhere(api, name, signal);
	const [other] = others;
	if (elsewhere && others.length === 1 && other !== undefined) {
		return {target: {...target, namespace: other}, lists: [byName(other, name)], selector: '', meant: everyPod};
	}

	throw await unknownPod(api, target, others, forbidden, signal);
}

type Named = {
	readonly found: PodSource | undefined;
	/** Kinds that may not be read. */
	readonly forbidden: readonly WorkloadKind[];
};

const nothing: Named = {found: undefined, forbidden: []};

async function workloadNamed(api: Api, namespace: string, name: string, signal: AbortSignal): Promise<Named> {
	const forbidden: WorkloadKind[] = [];
	for (const kind of workloadKinds) {
		try {
			return {
				found: await workloadSource(api, {type: 'workload', namespace, kind, name}, signal, true),
				forbidden,
			};
		} catch (error) {
			if (isForbidden(error)) {
				forbidden.push(kind);
			} else if (!isNotFound(error)) {
				throw error;
			}
		}
	}

	// Pods name their owners: a workload that may not be read is found by them.
	const {items} = forbidden.length === 0 ? {items: []} : await listAll(api, paths.pods(namespace), asPod, {signal});
	const kind = forbidden.find(one => items.some(pod => isOwnedByName(pod, one, name)));
	return {
		found: kind && (await workloadSource(api, {type: 'workload', namespace, kind, name}, signal)),
		forbidden,
	};
}

async function workloadSource(
	api: Api,
	target: Extract<Target, {type: 'workload'}>,
	signal: AbortSignal,
	mustExist = false,
): Promise<PodSource> {
	const {kind, name, namespace} = target;
	const path = `${groups[kind]}${inNamespace(namespace)}/${kind}s`;
	let selector = '';
	let unsure: string | undefined;
	try {
		const workload = await api.get(`${path}/${encodeURIComponent(name)}`, asWorkload, {signal});
		// A CronJob has no selector: its pods belong to its Jobs.
		selector = kind === 'cronjob' ? '' : selectorText(workload.spec?.selector);
	} catch (error) {
		if (isNotFound(error) && !mustExist) {
			throw await unknownObject(api, {namespace, kind, name, path}, signal);
		}

		// The right to read workloads is optional: pods name their owners.
		if (!isForbidden(error) || mustExist) {
			throw error;
		}

		unsure = `a ${kind} may not be read here, so it is not known whether ${name} exists`;
	}

	const owners = new Owners(api, namespace, kind, name);
	return {
		target,
		selector,
		lists: [{path: paths.pods(namespace), query: selector === '' ? {} : {labelSelector: selector}}],
		// A pod with the labels and without a controller is one that the selector names.
		meant: pod => owners.owns(pod) || (selector !== '' && controllerOf(pod) === undefined),
		learn: async (pods, stop) => owners.learn(pods, stop),
		...(unsure === undefined ? {} : {unsure}),
	};
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
