/** Watches the policies of the cluster and the pods that they may apply to, for as long as somebody looks at them. */
import {type Api, inNamespace, paths} from '../api/api.js';
import {follow} from '../api/follow.js';
import type {KubeObject} from '../api/objects.js';
import {nameOf, namespaceOf} from '../api/objects.js';
import {isForbidden, isNotFound} from '../api/refusal.js';
import type {Shape} from '../api/shape.js';
import {rightWords} from '../rights/access-review.js';
import {
	asPolicyObject,
	asPolicyPod,
	type PolicyNews,
	type PolicyPodNews,
	policyNews,
	policyPodNews,
} from './policy-objects.js';

type Resource = 'tracingpolicies' | 'tracingpoliciesnamespaced' | 'pods';

const kinds = {
	tracingpolicies: {kind: 'TracingPolicy', lost: 'which policies the whole cluster has cannot be known'},
	tracingpoliciesnamespaced: {
		kind: 'TracingPolicyNamespaced',
		lost: 'which policies the namespace has cannot be known',
	},
	pods: {kind: 'Pod', lost: 'to which pods a policy applies cannot be known'},
} as const;

/** How a list of the API ended, the last time. */
type Looked = 'not yet' | 'seen' | 'not allowed' | 'no such kind' | 'no answer';

/** A list of one resource: of one namespace, or of the cluster. */
type Place = {
	readonly resource: Resource;
	readonly namespace: string | undefined;
	looked: Looked;
	/** The objects by namespace and name. */
	readonly items: Map<string, PolicyNews | PolicyPodNews>;
};

export type PoliciesSeen = {
	readonly objects: readonly PolicyNews[];
	readonly pods: readonly PolicyPodNews[];
	readonly seesWide: boolean;
	readonly seesNamespaces: 'all' | readonly string[];
	readonly seesPods: boolean;
	readonly words: readonly string[];
	/** Every list was answered, if only by a refusal. */
	readonly isComplete: boolean;
};

/** A 404 is asked again: a CRD may be installed at any time. */
export class FollowedPolicies {
	readonly #places: readonly Place[];
	readonly #namespaces: readonly string[] | undefined;
	readonly #changed: () => void;

	/** @param namespaces of the target; undefined: all. `changed`: what `now` returns is another than before. */
	constructor(namespaces: readonly string[] | undefined, changed: () => void = () => undefined) {
		this.#namespaces = namespaces;
		this.#changed = changed;
		const each: ReadonlyArray<string | undefined> = namespaces ?? [undefined];
		const named = each.flatMap(namespace => [
			placeOf('tracingpoliciesnamespaced', namespace),
			placeOf('pods', namespace),
		]);
		this.#places = [placeOf('tracingpolicies', undefined), ...named];
	}

	/** Resolves when the signal aborts; never rejects. */
	async follow(api: Api, signal: AbortSignal): Promise<void> {
		await Promise.all(
			this.#places.map(async place =>
				place.resource === 'pods'
					? this.#watch(api, place, paths.pods(place.namespace), asPolicyPod, policyPodNews, signal)
					: this.#watch(api, place, policyPath(place), asPolicyObject, policyNews, signal),
			),
		);
	}

	now(): PoliciesSeen {
		const objects = this.#of('tracingpolicies', 'tracingpoliciesnamespaced') as readonly PolicyNews[];
		const isSeen: (place: Place) => boolean = ({looked}) => looked === 'seen';
		const named = this.#places.filter(({resource}) => resource === 'tracingpoliciesnamespaced').filter(isSeen);
		return {
			objects,
			pods: this.#of('pods') as readonly PolicyPodNews[],
			seesWide: this.#places.some(place => place.resource === 'tracingpolicies' && isSeen(place)),
			seesNamespaces:
				this.#namespaces === undefined && named.length > 0 ? 'all' : named.flatMap(({namespace}) => namespace ?? []),
			seesPods: this.#places.filter(({resource}) => resource === 'pods').every(isSeen),
			words: this.#places.flatMap(wordsOf),
			isComplete: this.#places.every(({looked}) => looked !== 'not yet'),
		};
	}

	#of(...resources: readonly Resource[]): ReadonlyArray<PolicyNews | PolicyPodNews> {
		return this.#places.filter(({resource}) => resources.includes(resource)).flatMap(({items}) => [...items.values()]);
	}

	async #watch<Item extends KubeObject>(
		api: Api,
		place: Place,
		path: string,
		shape: Shape<Item>,
		newsOf: (item: Item) => PolicyNews | PolicyPodNews | undefined,
		signal: AbortSignal,
	): Promise<void> {
		const take: (item: Item, isDeleted: boolean) => void = (item, isDeleted) => {
			const news = isDeleted ? undefined : newsOf(item);
			const key = `${namespaceOf(item)}/${nameOf(item)}`;
			if (news === undefined) {
				place.items.delete(key);
			} else {
				place.items.set(key, news);
			}
		};
		await follow(
			api,
			path,
			shape,
			{
				list: items => {
					place.items.clear();
					for (const item of items) {
						take(item, false);
					}

					this.#look(place, 'seen');
				},
				change: (type, item) => {
					take(item, type === 'DELETED');
					this.#changed();
				},
				trouble: refusal =>
					this.#look(
						place,
						isForbidden(refusal)
							? 'not allowed'
							: isNotFound(refusal)
								? 'no such kind'
								: place.looked === 'seen'
									? 'seen'
									: 'no answer',
					),
				well: () => undefined,
			},
			{signal},
		);
	}

	#look(place: Place, looked: Looked): void {
		place.looked = looked;
		if (looked !== 'seen') {
			place.items.clear();
		}

		this.#changed();
	}
}

function placeOf(resource: Resource, namespace: string | undefined): Place {
	return {resource, namespace, looked: 'not yet', items: new Map()};
}

function policyPath({resource, namespace}: Place): string {
	return `/apis/cilium.io/v1alpha1${inNamespace(namespace)}/${resource}`;
}

function wordsOf({resource, namespace, looked}: Place): string[] {
	const {kind, lost} = kinds[resource];
	switch (looked) {
		case 'not allowed': {
			const group = resource === 'pods' ? {} : {group: 'cilium.io'};
			const where = namespace === undefined ? {} : {namespace};
			return [`not allowed: ${rightWords({verb: 'list, watch', resource, ...group, ...where})}: ${lost}`];
		}

		case 'no such kind': {
			return [`the cluster has no kind ${kind} (its CRD is not installed): ${lost}`];
		}

		case 'no answer': {
			return [`${kind}: the API server does not answer: ${lost}`];
		}

		default: {
			return [];
		}
	}
}
