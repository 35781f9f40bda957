/** Gives the store what the API says of ends, for the namespaces of the target as it is known now. */
import type {Api} from '../../kubernetes/api/api.js';
import type {DeathSight} from '../../kubernetes/deaths/follow-deaths.js';
import type {Scope} from '../../kubernetes/target/target-scope.js';
import type {DeathSink} from '../fleet/mode.js';
import {namespacesOf} from './target-chips.js';

export class DeathsWatch {
	readonly #sink: DeathSink;
	#api: Api | undefined;
	#scope: Scope | undefined;
	#namespaces: string | undefined;
	#following: AbortController | undefined;

	constructor(sink: DeathSink) {
		this.#sink = sink;
	}

	start(api: Api): void {
		this.#api = api;
		void this.#follow();
	}

	/** A bare name may turn out to be in another namespace. */
	scope(scope: Scope): void {
		this.#scope = scope;
		void this.#follow();
	}

	close(): void {
		this.#following?.abort();
		this.#api = undefined;
	}

	async #follow(): Promise<void> {
		const scope = this.#scope;
		const namespaces = namespacesOf(scope);
		const key = JSON.stringify(namespaces ?? '');
		if (this.#api === undefined || scope === undefined || key === this.#namespaces) {
			return;
		}

		this.#namespaces = key;
		this.#following?.abort();
		const following = new AbortController();
		this.#following = following;
		const hasTarget = scope.filters !== undefined;
		const sink = this.#sink;
		sink.look({pods: 'not yet', events: 'not yet', words: [], hasTarget});
		const {followDeaths} = await import('../../kubernetes/deaths/follow-deaths.js');
		if (this.#api !== undefined && !following.signal.aborted) {
			const seen = {pod: sink.pod, event: sink.event, sight: (sight: DeathSight) => sink.look({...sight, hasTarget})};
			await followDeaths(this.#api, namespaces, seen, following.signal);
		}
	}
}
