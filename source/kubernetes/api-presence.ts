import type {Problem, Refusal} from '../problem.js';
import {isOffline} from './api/refusal.js';
import {problemOfRefusal} from './rights/missing-right.js';

export type PresenceCallbacks = {
	/** Replaces an earlier problem with the same id. */
	readonly problem: (problem: Problem) => void;
	readonly solved: (id: string) => void;
	/** Milliseconds since 1970 when the API server was lost; undefined: it answers. */
	readonly offline: (sinceMs: number | undefined, why: string) => void;
};

/** Whether the API server answers: it is offline from the first watch that cannot reach it until none is left. */
export class ApiPresence {
	readonly #callbacks: PresenceCallbacks;
	readonly #now: () => number;
	/** Names of the watches that cannot reach the server. */
	readonly #lost = new Set<string>();
	#sinceMs: number | undefined;

	/** @param now milliseconds since 1970. */
	constructor(callbacks: PresenceCallbacks, now: () => number = Date.now) {
		this.#callbacks = callbacks;
		this.#now = now;
	}

	/** A request of the watch `who` failed. */
	trouble(who: string, refusal: Refusal): void {
		const {problem, offline} = this.#callbacks;
		if (!isOffline(refusal)) {
			// A server that refuses answers: it is not offline, whatever it was before.
			this.#answered(who);
			problem(problemOfRefusal(`api/${who}`, refusal));
			return;
		}

		this.#lost.add(who);
		this.#sinceMs ??= this.#now();
		offline(this.#sinceMs, `${refusal.what}: ${refusal.why}`);
		problem({id: 'api', severity: 'error', what: refusal.what, why: refusal.why, fix: refusal.fix});
	}

	/** A request of the watch `who` succeeded. */
	well(who: string): void {
		this.#callbacks.solved(`api/${who}`);
		this.#answered(who);
	}

	#answered(who: string): void {
		const {solved, offline} = this.#callbacks;
		if (this.#lost.delete(who) && this.#lost.size === 0) {
			this.#sinceMs = undefined;
			offline(undefined, '');
			solved('api');
		}
	}
}
