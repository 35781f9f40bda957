/**
One tracing policy on one node: the counters of the agent's list compared with the events that arrived, over the same
span of time.
*/

import type {ActionCounters, PolicyStatus} from '../../tetragon/agent/policy.js';
import type {ProcessFacts} from '../../tetragon/event/facts.js';
import type {PolicyMode} from '../enforcement-states.js';
import {type UnseenAlert, UnseenLedger} from './unseen-ledger.js';

/** Distinct workloads and binaries kept for the blast radius of one policy on one node. */
const mostBlast = 1000;

type Blast = {readonly namespace: string; readonly workload: string; readonly binary: string; count: number};

/** The agent may count an event up to this much before or after the poll that reads the counters. */
const slackMs = 1000;

export class PolicyOnNode {
	readonly name: string;
	namespace: string;
	/** undefined: known from events only; the agent's list lacks it or cannot be read. */
	status: PolicyStatus | undefined;
	/** In the newest list of its node. A policy that was removed keeps its last mode for late events. */
	listed = false;
	mode: PolicyMode = 'unknown';
	/** Events received, since start. */
	seen = 0;
	postsPerSecond = 0;
	/** Counter minus seen since the first poll: events that did not arrive. */
	missed = 0;
	/** Enforcements among the missed that were reported as UNSEEN and not taken back. */
	unseen = 0;
	/** Enforcements without an event by the policy's own order (NoPost), since the first poll; undefined before v1.8. */
	nopost: number | undefined;
	/** In monitor mode: the enforcements that it would have done, by workload and binary; bounded. */
	readonly blast = new Map<string, Blast>();
	#base: Counted | undefined;
	#last: Counted | undefined;
	/** Enforcements by event time: up to the newest poll, and after it. */
	#hitsBefore = 0;
	#hitsAfter = 0;
	#seenAtBase = 0;
	#boundaryMs = Number.NEGATIVE_INFINITY;
	/** The counters of the poll before the newest. */
	#before: Counted | undefined;
	readonly #ledger = new UnseenLedger();

	constructor(name: string, namespace: string) {
		this.name = name;
		this.namespace = namespace;
	}

	/** Counts an event. Returns the time of the UNSEEN alert that it takes back; undefined: none. */
	see(timeMs: number, enforces: boolean): number | undefined {
		this.seen++;
		if (!enforces) {
			return undefined;
		}

		if (timeMs <= this.#boundaryMs) {
			this.#hitsBefore++;
		} else {
			this.#hitsAfter++;
		}

		const alertMs = this.#ledger.takeBack(timeMs);
		if (alertMs !== undefined) {
			this.unseen = Math.max(0, this.unseen - 1);
			this.missed = Math.max(0, this.missed - 1);
		}

		return alertMs;
	}

	/** Counts what a monitor policy would have done. */
	wouldHit(facts: ProcessFacts | undefined): void {
		const namespace = facts?.namespace ?? '';
		const workload = facts?.workload || facts?.pod || '';
		const binary = facts?.binary ?? '';
		const key = [namespace, workload, binary].join('\0');
		const known = this.blast.get(key);
		if (known !== undefined) {
			known.count++;
		} else if (this.blast.size < mostBlast) {
			this.blast.set(key, {namespace, workload, binary, count: 1});
		}
	}

	/**
	Takes the entry of a new list. Returns the alert of the poll before, if settle() was not called in between.
	*/
	poll(status: PolicyStatus, nowMs: number): UnseenAlert | undefined {
		this.status = status;
		this.listed = true;
		this.mode = modeOf(status);
		const counters = status.stats?.action_counters;
		if (counters === undefined) {
			return undefined;
		}

		const now = counted(counters, nowMs);
		const last = this.#last;
		if (this.#base === undefined || last === undefined || fell(last, now)) {
			this.#restart(now);
			return undefined;
		}

		const fresh = this.settle(nowMs);
		const base = this.#base;
		this.postsPerSecond = (now.post - last.post) / Math.max(0.001, (nowMs - last.atMs) / 1000);
		this.nopost = now.nopost === undefined ? undefined : now.nopost - (base.nopost ?? 0);
		this.#hitsBefore += this.#hitsAfter;
		this.#hitsAfter = 0;
		this.#before = last;
		this.#boundaryMs = nowMs + slackMs;
		this.#last = now;
		return fresh;
	}

	/**
	Returns the enforcements up to the newest poll that have no event and no alert yet. Call it when their events had time to
	arrive: the missing ones were not sent (NoPost, a rate limit) or were lost.
	*/
	settle(nowMs: number): UnseenAlert | undefined {
		const base = this.#base;
		const before = this.#before;
		const last = this.#last;
		if (base === undefined || before === undefined || last === undefined) {
			return undefined;
		}

		const risen = Math.max(last.signal - base.signal, last.override - base.override, last.notify - base.notify);
		const watched = last.monitored - base.monitored;
		const missing = Math.min(risen, Math.max(0, risen + watched - this.#hitsBefore));
		const fresh = Math.max(0, missing - this.unseen);
		const posts = last.post - base.post - (this.seen - this.#seenAtBase);
		this.missed = Math.max(0, posts, missing);
		if (fresh === 0) {
			return undefined;
		}

		this.unseen += fresh;
		const alert: UnseenAlert = {
			// An event at the time of a poll may belong to either side of it.
			fromMs: before.atMs - slackMs,
			toMs: this.#boundaryMs,
			alertMs: nowMs,
			byReport: Math.min(fresh, last.signal - before.signal, last.post - before.post),
			count: fresh,
		};
		this.#ledger.add(alert);
		return alert;
	}

	/** So many enforcements of the alert have an event after all, one that reports POST. */
	explain(alert: UnseenAlert, count: number): void {
		alert.count -= count;
		this.unseen -= count;
		this.missed = Math.max(0, this.missed - count);
		this.#hitsBefore += count;
	}

	/** The counters start at 0 when a policy is loaded again. */
	#restart(now: Counted): void {
		this.#base = now;
		this.#before = now;
		this.#last = now;
		this.#hitsBefore = 0;
		this.#hitsAfter = 0;
		this.#seenAtBase = this.seen;
		this.#boundaryMs = now.atMs + slackMs;
		this.unseen = 0;
		this.#ledger.clear();
	}
}

type Counted = {
	readonly atMs: number;
	readonly post: number;
	readonly signal: number;
	readonly override: number;
	readonly notify: number;
	readonly monitored: number;
	readonly nopost: number | undefined;
};

/** A 64-bit counter; exact up to 2^53, which no policy reaches. */
export function counter(counters: ActionCounters | undefined, name: string): number {
	return Number(counters?.[name] ?? 0);
}

const enforcing = ['signal', 'override', 'notify_enforcer'] as const;

/** As `tetra tracingpolicy list` sums them. */
export function enforcedOf(counters: ActionCounters | undefined): number {
	return [...enforcing, 'set'].reduce((sum, name) => sum + counter(counters, name), 0);
}

export function monitoredOf(counters: ActionCounters | undefined): number {
	return [...enforcing, 'set'].reduce((sum, name) => sum + counter(counters, `monitor_${name}`), 0);
}

function counted(counters: ActionCounters, atMs: number): Counted {
	return {
		atMs,
		post: counter(counters, 'post'),
		signal: counter(counters, 'signal'),
		override: counter(counters, 'override'),
		notify: counter(counters, 'notify_enforcer'),
		monitored: Math.max(...enforcing.map(name => counter(counters, `monitor_${name}`))),
		nopost: counters['nopost'] === undefined ? undefined : counter(counters, 'nopost'),
	};
}

function fell(last: Counted, now: Counted): boolean {
	return now.post < last.post || now.signal < last.signal || now.override < last.override || now.notify < last.notify;
}

export function modeOf({mode}: PolicyStatus): PolicyMode {
	switch (mode) {
		case 'TP_MODE_ENFORCE':
		case 1: {
			return 'enforce';
		}

		case 'TP_MODE_MONITOR':
		case 'TP_MODE_MONITOR_ONLY':
		case 2:
		case 3: {
			return 'monitor';
		}

		default: {
			return 'unknown';
		}
	}
}
