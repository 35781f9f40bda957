/**
The pods behind a Service: those that its EndpointSlices name. A pod that the Service selects and that has no address yet is
in no slice; it counts as well, so that its first events are seen.
*/
import {Refusal} from '../../problem.js';
import {type Api, inNamespace, paths} from '../api/api.js';
import {follow, listAll} from '../api/follow.js';
import {asEndpointSlice, asService, type EndpointSlice, nameOf, type Pod, type Service} from '../api/objects.js';
import {isForbidden, isNotFound} from '../api/refusal.js';
import type {Target} from './parse.js';
import type {PodSource} from './pod-source.js';
import {selectorText} from './selector.js';
import {unknownObject} from './unknown.js';

type ServiceTarget = Extract<Target, {type: 'service'}>;

/** Rejects with a Refusal for a Service that does not exist, has no pods of its own, or may not be read in any way. */
export async function serviceSource(api: Api, target: ServiceTarget, signal: AbortSignal): Promise<PodSource> {
	const {namespace, name} = target;
	const slices = new Slices(api, target);
	const [service, refusal] = await Promise.all([readService(api, target, signal), slices.read(signal)]);
	if (service?.spec?.type === 'ExternalName') {
		throw new Refusal(
			`service ${name} in namespace ${namespace}`,
			'it is an ExternalName: a name in the DNS, without pods',
			'name the pods or their workload',
			false,
		);
	}

	const selector = selectorText({matchLabels: service?.spec?.selector ?? {}});
	if (refusal !== undefined && selector === '') {
		throw refusal;
	}

	const path = paths.pods(namespace);
	return {
		target,
		selector,
		lists: [{path, query: selector === '' ? {} : {labelSelector: selector}}],
		meant: pod => slices.hasPod(pod, selector !== ''),
		...(refusal === undefined ? {follow: slices.follow.bind(slices)} : {}),
	};
}

/** undefined: it may not be read; the slices are enough. */
async function readService(api: Api, target: ServiceTarget, signal: AbortSignal): Promise<Service | undefined> {
	const {namespace, name} = target;
	const path = `/api/v1${inNamespace(namespace)}/services`;
	try {
		return await api.get(`${path}/${encodeURIComponent(name)}`, asService, {signal});
	} catch (error) {
		if (isNotFound(error)) {
			throw await unknownObject(api, {namespace, kind: 'service', name, path}, signal);
		}

		if (!isForbidden(error)) {
			throw error;
		}

		return undefined;
	}
}

class Slices {
	readonly #api: Api;
	readonly #path: string;
	readonly #query: {readonly labelSelector: string};
	readonly #slices = new Map<string, readonly string[]>();
	#names: ReadonlySet<string> = new Set();

	constructor(api: Api, {namespace, name}: ServiceTarget) {
		this.#api = api;
		this.#path = `/apis/discovery.k8s.io/v1${inNamespace(namespace)}/endpointslices`;
		this.#query = {labelSelector: `kubernetes.io/service-name=${name}`};
	}

	/** Returns the Refusal when they may not be listed. */
	async read(signal: AbortSignal): Promise<Refusal | undefined> {
		try {
			const {items} = await listAll(this.#api, this.#path, asEndpointSlice, {query: this.#query, signal});
			this.#replaceAll(items);
			return undefined;
		} catch (error) {
			if (isForbidden(error) || isNotFound(error)) {
				return error;
			}

			throw error;
		}
	}

	/** @param isSelected the pod has the labels of the Service. */
	hasPod(pod: Pod, isSelected: boolean): boolean {
		const hasNoAddressYet = pod.status?.phase === undefined || pod.status.phase === 'Pending';
		return this.#names.has(nameOf(pod)) || (isSelected && (this.#names.size === 0 || hasNoAddressYet));
	}

	async follow(changed: () => void, signal: AbortSignal): Promise<void> {
		await follow(
			this.#api,
			this.#path,
			asEndpointSlice,
			{
				list: items => {
					this.#replaceAll(items);
					changed();
				},
				change: (type, slice) => {
					if (type === 'DELETED') {
						this.#slices.delete(nameOf(slice));
					} else {
						this.#slices.set(nameOf(slice), podsOf(slice));
					}

					this.#collect();
					changed();
				},
				trouble: () => undefined,
				well: () => undefined,
			},
			{query: this.#query, signal},
		);
	}

	#replaceAll(items: readonly EndpointSlice[]): void {
		this.#slices.clear();
		for (const slice of items) {
			this.#slices.set(nameOf(slice), podsOf(slice));
		}

		this.#collect();
	}

	#collect(): void {
		this.#names = new Set([...this.#slices.values()].flat());
	}
}

function podsOf({endpoints = []}: EndpointSlice): readonly string[] {
	return endpoints.flatMap(({targetRef}) => (targetRef?.kind === 'Pod' && targetRef.name ? [targetRef.name] : []));
}
