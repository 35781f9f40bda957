/** Watches pods and Events for what they say of ends, in the namespaces of the target. */
import type {Api} from '../api/api.js';
import {inNamespace, paths} from '../api/api.js';
import {follow} from '../api/follow.js';
import {isForbidden} from '../api/refusal.js';
import {rightWords} from '../rights/access-review.js';
import {type EventNews, eventNews, type PodNews, podNews} from './death-news.js';
import {asDeathPod, asKubeEvent} from './death-objects.js';

type Looked = 'seen' | 'not yet' | 'not allowed';

/** How much of the API can be seen. */
export type DeathSight = {readonly pods: Looked; readonly events: Looked; readonly words: readonly string[]};

export type DeathsSeen = {
	readonly pod: (news: PodNews) => void;
	readonly event: (news: EventNews) => void;
	readonly sight: (sight: DeathSight) => void;
};

type Resource = 'pods' | 'events';

const lost: Readonly<Record<Resource, string>> = {
	pods: 'OOM, eviction and deletion cannot be known',
	events: 'probe failures, stops by the kubelet and preemption cannot be known',
};

type DeathPod = Parameters<typeof podNews>[0];
type DeathEvent = Parameters<typeof eventNews>[0];

/** `namespaces` undefined: all. Resolves when the signal aborts; never rejects. */
export async function followDeaths(
	api: Api,
	namespaces: readonly string[] | undefined,
	seen: DeathsSeen,
	signal: AbortSignal,
): Promise<void> {
	const places: ReadonlyArray<string | undefined> = namespaces ?? [undefined];
	const looked = new Map<string, Looked>();
	function key(resource: Resource, place: string | undefined): string {
		return `${resource} ${place ?? ''}`;
	}

	function worst(resource: Resource): Looked {
		const all = places.map(place => looked.get(key(resource, place)) ?? 'not yet');
		return all.find(one => one === 'not allowed') ?? all.find(one => one === 'not yet') ?? 'seen';
	}

	function say(resource: Resource, place: string | undefined, now: Looked): void {
		if (looked.get(key(resource, place)) === now) {
			return;
		}

		looked.set(key(resource, place), now);
		const words = places.flatMap(one =>
			(['pods', 'events'] as const)
				.filter(each => looked.get(key(each, one)) === 'not allowed')
				.map(each => missing(each, one)),
		);
		seen.sight({pods: worst('pods'), events: worst('events'), words});
	}

	async function watch(resource: Resource, place: string | undefined): Promise<void> {
		const shared = {
			trouble: (refusal: unknown) => {
				if (isForbidden(refusal)) {
					say(resource, place, 'not allowed');
				}
			},
			well: () => say(resource, place, 'seen'),
		};
		if (resource === 'pods') {
			const take: (pod: DeathPod) => void = pod => {
				const news = podNews(pod);
				if (news !== undefined) {
					seen.pod(news);
				}
			};
			const callbacks = {...shared, list: (pods: readonly DeathPod[]) => pods.forEach(take)};
			await follow(api, paths.pods(place), asDeathPod, {...callbacks, change: (_type, pod) => take(pod)}, {signal});
			return;
		}

		const take: (event: DeathEvent) => void = event => {
			const news = eventNews(event);
			if (news !== undefined) {
				seen.event(news);
			}
		};
		// An Event that is deleted has only grown old.
		const change: (type: string, event: DeathEvent) => void = (type, event) =>
			type === 'DELETED' ? undefined : take(event);
		const path = `/api/v1${inNamespace(place)}/events`;
		const list: (events: readonly DeathEvent[]) => void = events => events.forEach(take);
		await follow(api, path, asKubeEvent, {...shared, list, change}, {signal});
	}

	await Promise.all(places.flatMap(place => [watch('pods', place), watch('events', place)]));
}

function missing(resource: Resource, namespace: string | undefined): string {
	const right = rightWords({verb: 'get, list, watch', resource, ...(namespace === undefined ? {} : {namespace})});
	return `not allowed: ${right}: ${lost[resource]}`;
}
