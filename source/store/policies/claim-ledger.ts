/**
The hook events of one policy on one node beside what its counters rose by, over the last minutes. It holds the events that may
still be judged anew, and says what the counters hold that no event explains.
*/
import {
	attribute,
	type Claim,
	type Family,
	families,
	isAfter,
	type Poll,
	type Ruling,
	slackMs,
	staleMs,
	type Unexplained,
} from './attribution.js';

import {Uncounted} from './uncounted.js';

/** An event that asks for an enforcement, or a report that may stand in for one. */
export type Claimant = {
	/** The claim as it is now: its trace changes when the process exits or goes on. */
	readonly claim: () => Claim;
	/** Takes the newest ruling. */
	readonly ruled: (ruling: Ruling) => void;
};

/** At a poll a second, more than a minute; at one in ten seconds, more than ten. */
const mostPolls = 64;
/** Events that may still be judged anew. In a flood the oldest of them keep their last ruling, and still explain a count. */
const mostClaimants = 4096;
/** An event that no poll has counted for so long is not waited for: two polls did not come. */
const overdueMs = 20_000;

export class ClaimLedger {
	#polls: Poll[] = [];
	#claimants: Claimant[] = [];
	/** The last ruling of each claimant. */
	readonly #rulings = new WeakMap<Claimant, Ruling>();
	#rests: readonly Unexplained[] = [];
	#isStale = false;
	/**
	Enforcements of spans that are judged for good, and no event explained; less the events that were forgotten before their
	span was.
	*/
	#pastEnforced = 0;
	/** The oldest polls were forgotten. */
	#isCut = false;
	/** Events up to here that no poll has counted have lapsed, milliseconds. */
	#lapsedMs = Number.NEGATIVE_INFINITY;
	#uncounted = new Uncounted();
	/** Rulings that rest on polls which were forgotten: the polls that are left know less. */
	#held = new WeakMap<Claimant, Ruling>();

	/** Whether a poll has said counters yet. */
	get isCounted(): boolean {
		return this.#polls.length > 0;
	}

	/** Enforcements that no event explains, since the first poll. */
	get unexplained(): number {
		return Math.max(
			0,
			this.#rests.reduce((sum, {enforced}) => sum + enforced, this.#pastEnforced),
		);
	}

	get rests(): readonly Unexplained[] {
		return this.#rests;
	}

	add(claimant: Claimant): void {
		this.#claimants.push(claimant);
		this.#isStale = true;
		const forgotten = this.#claimants.length > mostClaimants ? this.#claimants.shift() : undefined;
		const claim = forgotten?.claim();
		if (forgotten === undefined || claim?.isExplicit !== true) {
			return;
		}

		const ruling = this.#rulings.get(forgotten) ?? 'pending';
		if (ruling !== 'pending' || !this.#uncounted.add(claim)) {
			this.#pastEnforced -= ruling === 'monitored' ? 0 : 1;
		}
	}

	/** A process did something that may change a ruling. */
	touch(): void {
		this.#isStale = true;
	}

	/** Counters that fell are those of a policy that was loaded again: what they counted before is judged for good. */
	poll(poll: Poll): void {
		const last = this.#polls.at(-1);
		if (last !== undefined && hasFallen(last, poll)) {
			this.restart(true);
		}

		const before = this.#polls.at(-1);
		const awaited = this.#uncounted.isEmpty
			? []
			: this.#claimants.filter(claimant => (this.#rulings.get(claimant) ?? 'pending') === 'pending');
		this.#polls.push(poll);
		this.#isStale = true;
		if (!this.#uncounted.isEmpty) {
			this.judge();
			const watched = awaited.filter(claimant => this.#rulings.get(claimant) === 'monitored');
			this.#pastEnforced -= this.#uncounted.countedBy(
				poll,
				before,
				watched.map(claimant => claimant.claim().family),
			);
		}

		if (this.#polls.length > mostPolls) {
			this.#forgetOldest();
		}
	}

	/**
	The counters begin anew. What they counted before is judged for good, and nothing counts what they had not yet. Of events
	near the last poll that is not certain: where the mode may have been switched since, they are open as well.
	*/
	restart(isSwitched: boolean): void {
		// The exit of a process that only a report names touches no claim.
		this.#isStale = true;
		this.judge();
		this.#pastEnforced = this.unexplained;
		const last = this.#polls.at(-1);
		for (const claimant of this.#claimants) {
			const isNear = last !== undefined && isAfter(claimant.claim(), last);
			if (this.#rulings.get(claimant) === 'pending' || (isSwitched && isNear)) {
				claimant.ruled('lapsed');
			}
		}

		this.#polls = [];
		this.#claimants = [];
		this.#rests = [];
		this.#uncounted = new Uncounted();
		this.#isCut = false;
		this.#isStale = true;
	}

	/** Lets the events lapse for which the agent has not answered for too long. */
	lapse(nowMs: number): void {
		const last = this.#polls.at(-1);
		if (last === undefined || nowMs - last.gotMs <= overdueMs) {
			return;
		}

		this.#lapsedMs = nowMs - overdueMs;
		this.#isStale ||= this.#claimants.some(
			claimant => this.#rulings.get(claimant) === 'pending' && claimant.claim().timeMs <= this.#lapsedMs,
		);
	}

	/** Gives every claimant its ruling, if anything changed. */
	judge(): void {
		if (!this.#isStale) {
			return;
		}

		this.#isStale = false;
		for (const {claimant, ruling} of this.#judged()) {
			this.#rulings.set(claimant, ruling);
			claimant.ruled(ruling);
		}
	}

	/** Every claimant with its ruling by the polls that are kept, in order of time. */
	#judged(): ReadonlyArray<{readonly claimant: Claimant; readonly ruling: Ruling}> {
		const judged = this.#claimants.map(claimant => ({claimant, claim: claimant.claim()}));
		judged.sort((one, other) => one.claim.timeMs - other.claim.timeMs);
		const {rulings, unexplained} = attribute(
			this.#polls,
			judged.map(({claim}) => claim),
			this.#isCut,
		);
		this.#rests = unexplained;
		return judged.map(({claimant, claim}, index) => {
			const ruling = this.#held.get(claimant) ?? rulings[index]!;
			return {claimant, ruling: ruling === 'pending' && claim.timeMs <= this.#lapsedMs ? 'lapsed' : ruling};
		});
	}

	/**
	The claimants, in order of time, that a poll has not counted. Of those near it the clocks do not say; but the events of a
	node are in order, so of each family those are counted first that came first.
	*/
	#uncountedBy(poll: Poll, base: Poll): Claimant[] {
		const left = new Map(
			families.map(family => [family, totalOf(poll, family) - (this.#isCut ? totalOf(base, family) : 0)]),
		);
		return this.#claimants.filter(claimant => {
			const {timeMs, family, isExplicit} = claimant.claim();
			if (timeMs <= poll.askedMs - staleMs) {
				left.set(family, left.get(family)! - (isExplicit ? 1 : 0));
				return false;
			}

			if (timeMs > poll.gotMs + slackMs) {
				return true;
			}

			if (!isExplicit) {
				return timeMs > poll.gotMs;
			}

			const isCounted = left.get(family)! > 0;
			left.set(family, left.get(family)! - 1);
			return !isCounted;
		});
	}

	/** Forgets the oldest polls with the claims that they judged. What is unexplained stays so. */
	#forgetOldest(): void {
		this.judge();
		const before = this.unexplained;
		this.#claimants.sort((one, other) => one.claim().timeMs - other.claim().timeMs);
		const timesMs = this.#claimants.map(claimant => claimant.claim().timeMs);

		function isClean({askedMs, gotMs}: Poll): boolean {
			return !timesMs.some(timeMs => timeMs > askedMs - staleMs && timeMs <= gotMs + slackMs);
		}

		const half = this.#polls.slice(1, mostPolls / 2 + 1);
		const cut = half.findLastIndex(isClean);
		const [base] = this.#polls;
		this.#polls = this.#polls.slice(cut >= 0 ? cut + 1 : mostPolls / 2);
		this.#claimants = this.#uncountedBy(this.#polls[0]!, base!);
		this.#isCut = true;
		for (const {claimant, ruling} of this.#judged()) {
			const known = this.#rulings.get(claimant);
			if (known !== undefined && known !== ruling && known !== 'pending' && known !== 'lapsed') {
				this.#held.set(claimant, known);
			}
		}

		this.#isStale = true;
		this.judge();
		this.#pastEnforced += before - this.unexplained;
	}
}

function totalOf({counts}: Poll, family: Family): number {
	return counts[family].enforced + counts[family].monitored;
}

function hasFallen({counts: before}: Poll, {counts: after}: Poll): boolean {
	return families.some(
		family => after[family].enforced < before[family].enforced || after[family].monitored < before[family].monitored,
	);
}
