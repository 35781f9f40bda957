/** Follows the policies of the cluster while the policies view is open, or a target is watched. */
import type {Api} from '../../kubernetes/api/api.js';
import type {FollowedPolicies} from '../../kubernetes/policies/follow-policies.js';
import type {Scope} from '../../kubernetes/target/target-scope.js';
import type {ClusterPolicies} from '../../store/policies/policy-join.js';
import type {ServerFilter} from '../../tetragon/agent/link.js';
import {namespacesOf} from './target-chips.js';

export type WatchedPolicies = ClusterPolicies & {
	/** Every list of the API was answered, and the pods of the target are known. */
	readonly isComplete: boolean;
};

export class PoliciesWatch {
	/** How the user named the target; undefined: by flags. */
	readonly #name: string | undefined;
	#api: Api | undefined;
	#scope: Scope | undefined;
	/** The scope has names of pods only when they are known; a target that is a pod or a namespace is known by itself. */
	#needsNames = false;
	#isOpen = false;
	#key: string | undefined;
	#followed: FollowedPolicies | undefined;
	#following: AbortController | undefined;
	/** undefined: it must be made anew. */
	#now: WatchedPolicies | undefined;

	constructor(name: string | undefined) {
		this.#name = name;
	}

	start(api: Api, needsNames: boolean): void {
		this.#api = api;
		this.#needsNames = needsNames;
		void this.#follow();
	}

	scope(scope: Scope): void {
		this.#scope = scope;
		this.#now = undefined;
		void this.#follow();
	}

	/** The policies are on the screen, or they are not. */
	open(isOpen: boolean): void {
		if (isOpen !== this.#isOpen) {
			this.#isOpen = isOpen;
			void this.#follow();
		}
	}

	close(): void {
		this.#following?.abort();
		this.#api = undefined;
	}

	/** The same object until something changes; undefined: nothing is followed. */
	now(): WatchedPolicies | undefined {
		const scope = this.#scope;
		if (this.#followed === undefined || scope === undefined) {
			return undefined;
		}

		this.#now ??= this.#made(this.#followed, scope);
		return this.#now;
	}

	#made(followed: FollowedPolicies, {filters, pods, words}: Scope): WatchedPolicies {
		const seen = followed.now();
		const isKnown = !this.#needsNames || pods !== undefined;
		return {
			...seen,
			seesPods: seen.seesPods && isKnown,
			isComplete: seen.isComplete && isKnown,
			target: filters === undefined ? undefined : {words: this.#name ?? words, isTarget: podTest(filters)},
		};
	}

	async #follow(): Promise<void> {
		const api = this.#api;
		const scope = this.#scope;
		const isWanted = scope !== undefined && (this.#isOpen || scope.filters !== undefined);
		const key = isWanted ? JSON.stringify(namespacesOf(scope) ?? '') : undefined;
		if (api === undefined || key === this.#key) {
			return;
		}

		this.#key = key;
		this.#following?.abort();
		this.#followed = undefined;
		this.#now = undefined;
		if (key === undefined) {
			return;
		}

		const following = new AbortController();
		this.#following = following;
		const {FollowedPolicies: Followed} = await import('../../kubernetes/policies/follow-policies.js');
		if (!following.signal.aborted && this.#api !== undefined) {
			this.#followed = new Followed(namespacesOf(scope), () => {
				this.#now = undefined;
			});
			await this.#followed.follow(api, following.signal);
		}
	}
}

function podTest(filters: readonly ServerFilter[]): (namespace: string, pod: string) => boolean {
	const tests = filters.map(({namespace, pod_regex: patterns}) => ({
		namespace,
		patterns: patterns?.map(pattern => new RegExp(pattern)),
	}));
	return (place, pod) =>
		tests.some(
			({namespace, patterns}) =>
				(namespace?.includes(place) ?? true) && (patterns?.some(pattern => pattern.test(pod)) ?? true),
		);
}
