/** One tracing policy on one node: what the agent's list says of it, and what its events say, over the same span of time. */
import type {PolicyStatus} from '../../tetragon/agent/policy.js';
import type {ProcessFacts} from '../../tetragon/event/facts.js';
import type {PolicyMode} from '../enforcement-states.js';
import {ClaimLedger} from './claim-ledger.js';
import {counter, countsOf} from './counters.js';

/** Distinct workloads and binaries kept for the blast radius of one policy on one node. */
const mostBlast = 1000;

/**
An event may come this long after the poll that counted it. What is missing for so long was not sent (NoPost, a rate limit)
or was lost. Together with the time between two polls it makes less than 15 s.
*/
export const settleMs = 4000;

/** Alerts that may still be taken back: an agent holds an event back for up to 30 s. */
const mostAlerts = 16;

/** Events that report another action and are remembered as claims. */
const mostReports = 8192;

type Blast = {readonly namespace: string; readonly workload: string; readonly binary: string; count: number};

/** Enforcements that the counters hold and no event explains, raised together. */
export type UnseenAlert = {
	/** The span of event time in which they happened. */
	readonly fromMs: number;
	readonly toMs: number;
	/** When the alert was raised: with the policy, its identity. */
	readonly alertMs: number;
	count: number;
};

export type Settled = {
	readonly raised: UnseenAlert | undefined;
	/** Events came after all: so many of each alert are taken back. */
	readonly retracted: ReadonlyArray<{readonly alertMs: number; readonly count: number}>;
};

type Totals = {readonly atMs: number; readonly posts: number; readonly nopost: number | undefined};

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
	/** The request asked the agent for every event of this policy: what is missing was not sent, or was lost. */
	isWhole = true;
	postsPerSecond = 0;
	/** Counter minus seen since the first poll: events that did not come here although they were asked for. */
	missed = 0;
	/** The same, of events that were not asked for. */
	notAsked = 0;
	/** Enforcements reported as UNSEEN and not taken back. */
	unseen = 0;
	/** Enforcements without an event by the policy's own order (NoPost), since the first poll; undefined before v1.8. */
	nopost: number | undefined;
	/** In monitor mode: the enforcements that it would have done, by workload and binary; bounded. */
	readonly blast = new Map<string, Blast>();
	readonly claims = new ClaimLedger();
	/** Sequence numbers of its newest events that report another action and are claims already; bounded. */
	readonly #reports = new Set<number>();
	/** Up to this number they were forgotten. */
	#reportsFrom = -1;
	/** Two lists said different modes: the mode that a list says may not have lasted until the next. */
	#isSwitched = false;
	#base: Totals | undefined;
	#last: Totals | undefined;
	#seenAtBase = 0;
	#alerts: UnseenAlert[] = [];
	/** What was unexplained at the looks of the last `settleMs`. */
	#looks: Array<{readonly atMs: number; readonly unexplained: number}> = [];

	constructor(name: string, namespace: string) {
		this.name = name;
		this.namespace = namespace;
	}

	/** Where the search for reports ended, and the spans in which it looked. */
	reportsSought = {spans: '', seq: 0};

	/** Whether this event is no claim yet; from now on it is. */
	isNewReport(seq: number): boolean {
		if (seq <= this.#reportsFrom || this.#reports.has(seq)) {
			return false;
		}

		this.#reports.add(seq);
		if (this.#reports.size > mostReports) {
			const [oldest = seq] = this.#reports;
			this.#reports.delete(oldest);
			this.#reportsFrom = Math.max(this.#reportsFrom, oldest);
		}

		return true;
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

	/** Takes the entry of a new list. `modeless`: the agent is older than v1.4, which knows no monitor mode. */
	poll(status: PolicyStatus, askedMs: number, gotMs: number, modeless: boolean): void {
		this.status = status;
		this.listed = true;
		const before = this.mode;
		this.mode = modeless && status.mode === undefined ? 'enforce' : modeOf(status);
		this.#isSwitched ||= before !== 'unknown' && before !== this.mode;
		const counters = status.stats?.action_counters;
		if (counters === undefined) {
			return;
		}

		this.claims.poll({askedMs, gotMs, counts: countsOf(counters), posts: counter(counters, 'post')});
		const now = {
			atMs: gotMs,
			posts: counter(counters, 'post'),
			nopost: counters['nopost'] === undefined ? undefined : counter(counters, 'nopost'),
		};
		const last = this.#last;
		this.#last = now;
		if (this.#base === undefined || last === undefined || now.posts < last.posts) {
			// The first poll, or the policy was loaded again.
			this.#base = now;
			this.#seenAtBase = this.seen;
			return;
		}

		this.postsPerSecond = (now.posts - last.posts) / Math.max(0.001, (gotMs - last.atMs) / 1000);
		this.nopost = now.nopost === undefined ? undefined : now.nopost - (this.#base.nopost ?? 0);
		this.#countMissed();
	}

	/** The newest list said counters above 0. */
	get hasCounted(): boolean {
		return sumOf(this.status) > 0;
	}

	/** This list counts less than the one before it. */
	isBehind(status: PolicyStatus): boolean {
		return sumOf(status) < sumOf(this.status);
	}

	/** The agent began anew, and its counters with it. */
	restart(): void {
		this.claims.restart(this.#isSwitched);
		this.#last = undefined;
	}

	/** Judges the events anew; says which enforcements have been without an event for long enough, and which no longer are. */
	settle(nowMs: number): Settled | undefined {
		this.claims.lapse(nowMs);
		this.claims.judge();
		if (!this.claims.isCounted) {
			return undefined;
		}

		const {unexplained} = this.claims;
		if (unexplained === this.unseen) {
			this.#looks = [];
			return undefined;
		}

		this.#looks.push({atMs: nowMs, unexplained});
		const first = this.#looks.findLastIndex(({atMs}) => nowMs - atMs >= settleMs);
		this.#looks.splice(0, Math.max(0, first));
		const least = this.#looks.reduce((smallest, look) => Math.min(smallest, look.unexplained), unexplained);
		const raised = first >= 0 && least > this.unseen ? this.#raise(least - this.unseen, nowMs) : undefined;
		const retracted = unexplained < this.unseen ? this.#retract(this.unseen - unexplained) : [];
		if (raised !== undefined || unexplained === this.unseen) {
			this.#looks = [];
		}

		if (raised !== undefined || retracted.length > 0) {
			this.#countMissed();
			return {raised, retracted};
		}

		return undefined;
	}

	#raise(count: number, nowMs: number): UnseenAlert | undefined {
		this.unseen += count;
		if (!this.isWhole) {
			return undefined;
		}

		const rests = this.claims.rests.filter(({enforced}) => enforced > 0);
		const alert = {
			fromMs: rests.at(-1)?.fromMs ?? nowMs - settleMs,
			toMs: rests.at(-1)?.toMs ?? nowMs,
			alertMs: nowMs,
			count,
		};
		this.#alerts.push(alert);
		if (this.#alerts.length > mostAlerts) {
			this.#alerts.shift();
		}

		return alert;
	}

	/** Takes back from alerts whose span is explained first, then from the newest. */
	#retract(count: number): Array<{readonly alertMs: number; readonly count: number}> {
		this.unseen -= count;
		const rests = this.claims.rests;
		function isOpen({fromMs, toMs}: UnseenAlert): boolean {
			return rests.some(rest => rest.enforced > 0 && rest.fromMs < toMs && rest.toMs > fromMs);
		}

		const order = [...this.#alerts.filter(alert => !isOpen(alert)), ...this.#alerts.filter(isOpen).toReversed()];
		const retracted: Array<{readonly alertMs: number; readonly count: number}> = [];
		let left = count;
		for (const alert of order) {
			const taken = Math.min(left, alert.count);
			if (taken > 0) {
				alert.count -= taken;
				left -= taken;
				retracted.push({alertMs: alert.alertMs, count: taken});
			}
		}

		this.#alerts = this.#alerts.filter(alert => alert.count > 0);
		return retracted;
	}

	#countMissed(): void {
		const posts = (this.#last?.posts ?? 0) - (this.#base?.posts ?? 0) - (this.seen - this.#seenAtBase);
		const missing = Math.max(0, posts, this.unseen);
		this.missed = this.isWhole ? missing : 0;
		this.notAsked = this.isWhole ? 0 : missing;
	}
}

function sumOf(status: PolicyStatus | undefined): number {
	const counters = status?.stats?.action_counters ?? {};
	return Object.keys(counters).reduce((sum, name) => sum + counter(counters, name), 0);
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
