/**
Decides whether a pod belongs to a workload, by the owner references: a Deployment's pods are owned by its ReplicaSets, a
CronJob's by its Jobs. These owners are read once each; where they may not be read, the names that the controllers give them
decide.
*/
import {type Api, inNamespace} from '../api/api.js';
import {asObject, type Pod} from '../api/objects.js';
import {isForbidden, isNotFound} from '../api/refusal.js';
import type {WorkloadKind} from './parse.js';

export const groups: Readonly<Record<WorkloadKind, string>> = {
	deployment: '/apis/apps/v1',
	statefulset: '/apis/apps/v1',
	daemonset: '/apis/apps/v1',
	replicaset: '/apis/apps/v1',
	job: '/apis/batch/v1',
	cronjob: '/apis/batch/v1',
};

/** The kind between a workload and its pods; a kind that is not here owns its pods itself. */
const between: Readonly<Partial<Record<WorkloadKind, 'replicaset' | 'job'>>> = {
	deployment: 'replicaset',
	cronjob: 'job',
};

/** Owners that are read at the same time. */
const atOnce = 10;

type Owner = {readonly kind?: string; readonly name?: string; readonly controller?: boolean};

/** The owner that manages the pod; undefined: nobody does. */
export function controllerOf(pod: Pod): Owner | undefined {
	const owners = pod.metadata?.ownerReferences ?? [];
	return owners.find(({controller}) => controller === true) ?? (owners.length === 1 ? owners[0] : undefined);
}

export class Owners {
	readonly #api: Api;
	readonly #namespace: string;
	readonly #kind: WorkloadKind;
	readonly #name: string;
	/** Name of a ReplicaSet or Job → it belongs to the workload. */
	readonly #known = new Map<string, boolean>();
	/** The owners may not be read: their names decide. */
	#isForbidden = false;

	constructor(api: Api, namespace: string, kind: WorkloadKind, name: string) {
		this.#api = api;
		this.#namespace = namespace;
		this.#kind = kind;
		this.#name = name;
	}

	owns(pod: Pod): boolean {
		const owner = controllerOf(pod);
		const middle = between[this.#kind];
		const known = this.#known.get(owner?.name ?? '');
		return middle !== undefined && owner?.kind?.toLowerCase() === middle && known !== undefined
			? known
			: isOwnedByName(pod, this.#kind, this.#name);
	}

	/** Reads the owners of these pods that are not known yet. Never rejects. */
	async learn(pods: readonly Pod[], signal: AbortSignal): Promise<void> {
		const middle = between[this.#kind];
		if (middle === undefined || this.#isForbidden) {
			return;
		}

		const names = new Set(
			pods.flatMap(pod => {
				const owner = controllerOf(pod);
				return owner?.kind?.toLowerCase() === middle && owner.name && !this.#known.has(owner.name) ? [owner.name] : [];
			}),
		);
		const waiting = [...names];
		const workers = Array.from({length: Math.min(atOnce, waiting.length)}, async () => {
			for (let name = waiting.shift(); name !== undefined && !this.#isForbidden; name = waiting.shift()) {
				await this.#read(middle, name, signal);
			}
		});
		await Promise.all(workers);
	}

	async #read(middle: 'replicaset' | 'job', name: string, signal: AbortSignal): Promise<void> {
		try {
			const path = `${groups[middle]}${inNamespace(this.#namespace)}/${middle}s/${encodeURIComponent(name)}`;
			const owner = controllerOf(await this.#api.get(path, asObject, {signal}));
			this.#known.set(name, owner?.kind?.toLowerCase() === this.#kind && owner.name === this.#name);
		} catch (error) {
			this.#isForbidden ||= isForbidden(error);
			if (isNotFound(error)) {
				this.#known.set(name, isGenerated(this.#kind, this.#name, name, undefined));
			}
		}
	}
}

/** By names alone: the ReplicaSet of a Deployment is NAME-HASH, the Job of a CronJob is NAME-MINUTES. */
export function isOwnedByName(pod: Pod, kind: WorkloadKind, name: string): boolean {
	const owner = controllerOf(pod);
	const ownerKind = owner?.kind?.toLowerCase();
	const middle = between[kind];
	if (middle === undefined) {
		return ownerKind === kind && owner?.name === name;
	}

	return ownerKind === middle && isGenerated(kind, name, owner?.name ?? '', pod.metadata?.labels);
}

/** The letters of a pod-template-hash (rand.SafeEncodeString); clusters before 1.10 wrote a decimal number. */
const templateHash = /^(?:[bcdfghjklmnpqrstvwxz2456789]{1,10}|\d{1,10})$/;

function isGenerated(
	kind: WorkloadKind,
	name: string,
	ownerName: string,
	labels: Readonly<Record<string, string>> | undefined,
): boolean {
	if (!ownerName.startsWith(`${name}-`)) {
		return false;
	}

	const suffix = ownerName.slice(name.length + 1);
	if (kind === 'cronjob') {
		return /^\d+$/.test(suffix);
	}

	const hash = labels?.['pod-template-hash'];
	return hash === undefined ? templateHash.test(suffix) : suffix === hash;
}
