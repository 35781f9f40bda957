/** Decides which pods are Tetragon agents, and which one of a node is used. */
import {nameOf, namespaceOf, type Pod} from '../api/objects.js';

/** This label is the same in all releases of the chart, whatever the Helm release is called. Pods of the certgen Job have it too. */
export const defaultSelector = 'app.kubernetes.io/name=tetragon';
export const defaultContainer = 'tetragon';

export type AgentPod = {
	readonly node: string;
	readonly namespace: string;
	readonly pod: string;
	readonly uid: string;
	readonly container: string;
	/** Tag of the image, e.g. `v1.7.0`; '': it has none. */
	readonly imageVersion: string;
	/** Names of all containers; `export-stdout` writes the exported log. */
	readonly containers: readonly string[];
	/** ConfigMaps that the pod mounts; one of them has the key `server-address`. */
	readonly configMaps: readonly string[];
};

/** The agent of a node. */
export type NodeAgent =
	| {readonly state: 'ready'; readonly agent: AgentPod}
	/** The pod is not ready: it cannot be dialled yet. */
	| {readonly state: 'waiting'; readonly pod: string; readonly why: string}
	| {readonly state: 'none'};

export type AgentRule = {
	readonly container: string;
	/** A pod needs no DaemonSet as its owner: the user gave a selector. */
	readonly anyOwner: boolean;
};

export function isAgentPod(pod: Pod, rule: AgentRule): boolean {
	const owned = (pod.metadata?.ownerReferences ?? []).some(owner => owner.kind === 'DaemonSet');
	const named = (pod.spec?.containers ?? []).some(container => container.name === rule.container);
	return named && (owned || rule.anyOwner);
}

/** The newest pod of one node that is ready and not being deleted; else the newest, with the reason. */
export function selectAgent(pods: readonly Pod[], container: string): NodeAgent {
	const newestFirst = [...pods].sort((a, b) => createdMs(b) - createdMs(a));
	const ready = newestFirst.find(pod => notReady(pod) === undefined);
	if (ready !== undefined) {
		return {state: 'ready', agent: agentOf(ready, container)};
	}

	const [newest] = newestFirst;
	return newest === undefined
		? {state: 'none'}
		: {state: 'waiting', pod: nameOf(newest), why: notReady(newest) ?? 'not ready'};
}

/** Why the pod is not ready; undefined: it is. */
function notReady(pod: Pod): string | undefined {
	if (pod.metadata?.deletionTimestamp !== undefined) {
		return 'being deleted';
	}

	const broken = brokenContainer(pod);
	if (broken !== undefined) {
		return broken;
	}

	if (pod.status?.phase !== 'Running') {
		return pod.status?.phase ?? 'not started';
	}

	const ready = pod.status.conditions?.find(condition => condition.type === 'Ready');
	return ready?.status === 'True' ? undefined : 'not Ready';
}

/** `CrashLoopBackOff, last: container exit 1` */
function brokenContainer(pod: Pod): string | undefined {
	for (const status of pod.status?.containerStatuses ?? []) {
		const reason = status.state?.waiting?.reason;
		if (reason === undefined || reason === 'ContainerCreating' || reason === 'PodInitializing') {
			continue;
		}

		const exit = status.lastState?.terminated?.exitCode;
		return exit === undefined ? reason : `${reason}, last: container exit ${exit}`;
	}

	return undefined;
}

function agentOf(pod: Pod, container: string): AgentPod {
	const containers = pod.spec?.containers ?? [];
	const image = containers.find(one => one.name === container)?.image ?? '';
	return {
		node: pod.spec?.nodeName ?? '',
		namespace: namespaceOf(pod),
		pod: nameOf(pod),
		uid: pod.metadata?.uid ?? '',
		container,
		// `registry:5000/tetragon:v1.7.0@sha256:…`: a registry's port and a digest are no tag.
		imageVersion: /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1] ?? '',
		containers: containers.map(one => one.name ?? ''),
		configMaps: (pod.spec?.volumes ?? []).flatMap(volume => volume.configMap?.name ?? []),
	};
}

function createdMs(pod: Pod) {
	return Date.parse(pod.metadata?.creationTimestamp ?? '') || 0;
}
