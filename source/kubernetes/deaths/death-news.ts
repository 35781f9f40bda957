/** A pod's object and an Event as plain values: what they say of ends, with times in milliseconds. */
import type {DeathPod, KubeEvent} from './death-objects.js';

export type PodNews = {
	readonly uid: string;
	readonly namespace: string;
	readonly pod: string;
	readonly node: string;
	/** `ReplicaSet api-575995dc5c`; '': no owner. */
	readonly owner: string;
	readonly graceSeconds: number;
	/** When the deletion was asked for; NaN: it was not. */
	readonly deletedMs: number;
	readonly deletionGraceSeconds: number;
	readonly reason: string;
	readonly message: string;
	/** Reason of the condition DisruptionTarget; '': it has none. */
	readonly disruption: string;
	readonly disruptionMessage: string;
	readonly disruptionMs: number;
	readonly containers: ReadonlyArray<{
		readonly name: string;
		readonly containerId: string;
		readonly startedMs: number;
		readonly memoryLimit: string;
	}>;
	readonly ends: ReadonlyArray<{
		readonly container: string;
		readonly containerId: string;
		readonly reason: string;
		readonly exitCode: number;
		readonly startedMs: number;
		readonly finishedMs: number;
	}>;
};

export type EventNews = {
	readonly kind: string;
	readonly namespace: string;
	readonly name: string;
	readonly uid: string;
	readonly container: string;
	readonly reason: string;
	readonly message: string;
	readonly firstMs: number;
	readonly lastMs: number;
	readonly count: number;
};

/** undefined: the object has no uid or no name. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: each field of the object may be missing
export function podNews({metadata, spec, status}: DeathPod): PodNews | undefined {
	const {uid, name, namespace = ''} = metadata ?? {};
	if (uid === undefined || name === undefined) {
		return undefined;
	}

	const owner =
		metadata?.ownerReferences?.find(({controller}) => controller === true) ?? metadata?.ownerReferences?.[0];
	const disruption = status?.conditions?.find(({type, status: is}) => type === 'DisruptionTarget' && is === 'True');
	const limits = new Map(
		[...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(one => [
			one.name ?? '',
			one.resources?.limits?.['memory'] ?? '',
		]),
	);
	const main = [...(status?.containerStatuses ?? []), ...(status?.ephemeralContainerStatuses ?? [])];
	// An init container that has done its work is no death.
	const inits = status?.initContainerStatuses ?? [];
	const grace = metadata?.deletionGracePeriodSeconds ?? 0;
	return {
		uid,
		namespace,
		pod: name,
		node: spec?.nodeName ?? '',
		owner: owner === undefined ? '' : `${owner.kind ?? ''} ${owner.name ?? ''}`.trim(),
		graceSeconds: spec?.terminationGracePeriodSeconds ?? 30,
		// The server's deletionTimestamp is the time of the request and the grace.
		deletedMs: timeOf(metadata?.deletionTimestamp) - grace * 1000,
		deletionGraceSeconds: metadata?.deletionTimestamp === undefined ? 0 : grace,
		reason: status?.reason ?? '',
		message: status?.message ?? '',
		disruption: disruption?.reason ?? '',
		disruptionMessage: disruption?.message ?? '',
		disruptionMs: timeOf(disruption?.lastTransitionTime),
		containers: [...main, ...inits].map(({name: container = '', containerID = '', state}) => ({
			name: container,
			containerId: state?.running === undefined ? '' : containerID,
			startedMs: timeOf(state?.running?.startedAt),
			memoryLimit: limits.get(container) ?? '',
		})),
		ends: [...main.flatMap(endsOf), ...inits.flatMap(endsOf).filter(({exitCode}) => exitCode !== 0)],
	};
}

type Status = NonNullable<NonNullable<DeathPod['status']>['containerStatuses']>[number];

function endsOf({name = '', containerID = '', state, lastState}: Status): PodNews['ends'] {
	return [lastState?.terminated, state?.terminated].flatMap(end => {
		const finishedMs = timeOf(end?.finishedAt);
		return end === undefined || Number.isNaN(finishedMs)
			? []
			: [
					{
						container: name,
						containerId: end.containerID ?? (end === state?.terminated ? containerID : ''),
						reason: end.reason ?? '',
						exitCode: end.exitCode ?? 0,
						startedMs: timeOf(end.startedAt),
						finishedMs,
					},
				];
	});
}

/** `spec.containers{NAME}`, `spec.initContainers{NAME}` */
const fieldPath = /\{([^}]*)\}$/;

/** undefined: the Event is about nothing, or about something that says nothing of ends. */
export function eventNews(event: KubeEvent): EventNews | undefined {
	const {involvedObject: about, reason = '', message = '', count, series} = event;
	if (about?.kind === undefined || about.name === undefined || !reasons.has(reason)) {
		return undefined;
	}

	const times = [event.firstTimestamp, event.eventTime, event.lastTimestamp, series?.lastObservedTime]
		.map(timeOf)
		.filter(time => !Number.isNaN(time));
	const known = times.length > 0 ? times : [timeOf(event.metadata?.creationTimestamp)];
	return {
		kind: about.kind,
		namespace: about.namespace ?? event.metadata?.namespace ?? '',
		name: about.name,
		uid: about.uid ?? '',
		container: fieldPath.exec(about.fieldPath ?? '')?.[1] ?? '',
		reason,
		message,
		firstMs: Math.min(...known),
		lastMs: Math.max(...known),
		count: series?.count ?? count ?? 1,
	};
}

/** All others are dropped at once. */
const reasons: ReadonlySet<string> = new Set([
	'Killing',
	'Unhealthy',
	'Evicted',
	'Preempted',
	'Preempting',
	'TaintManagerEviction',
	'SuccessfulDelete',
	'SystemOOM',
]);

function timeOf(text: string | undefined): number {
	return Date.parse(text ?? '');
}
