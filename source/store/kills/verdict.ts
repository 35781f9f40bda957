/**
What a hook event that asks for an enforcement proves. The event says what the policy asked for: the same SIGKILL is in the
event of a policy that only monitors. The verdict joins it with the policy's mode, the agent's counters, and what the process
did afterwards. No verdict contradicts one of these: where they disagree, the verdict is open (`KILL ?`) until the counters
decide.
*/
import type {KillState, ListedMode, Reason} from '../enforcement-states.js';
import type {Ruling} from '../policies/attribution.js';

/** POST: the event reports another action than the one that killed (`[Sigkill, Post]`); the counters tell. */
export type KillAction = 'SIGKILL' | 'SIGNAL' | 'NOTIFYENFORCER' | 'OVERRIDE' | 'POST';

export type Evidence = {
	readonly listedMode: ListedMode;
	readonly ruling: Ruling;
	/** Event time of the hook, milliseconds. */
	readonly timeMs: number;
	/** NaN until an exit was seen. */
	readonly exitMs: number;
	/** '' when the process ended by itself. */
	readonly exitSignal: string;
	/**
	What the process did after the event, other than to exit: `soon` within `lifeMs`, where it may still be on its way out of
	the kernel; `later` after that, which a killed process cannot.
	*/
	readonly wentOn: 'no' | 'soon' | 'later';
	/** The hooked call returned a negative number (true), another value (false), or the event has no return value. */
	readonly returnedError: boolean | undefined;
	/** Another enforcement sent SIGKILL to this process: the exit proves that one. */
	readonly isKilledByOther: boolean;
};

export type Verdict = {readonly state: KillState; readonly reason: Reason};

/** An exit proves an enforcement whose mode nobody recorded only when it follows within this time (ms of event time). */
export const proofMs = 5000;
/** SIGKILL ends a process as its call returns: an exit this soon after a SIGNAL of unknown number shows that it was SIGKILL. */
export const atOnceMs = 250;
/** Two clocks of one agent: the exit's time may lie a little before that of the hook event. */
export const jitterMs = 1000;

type Fact = Evidence & {
	readonly action: KillAction;
	/** Milliseconds from the event to the exit; NaN without one. */
	readonly after: number;
	/** It ended by SIGKILL, and not before the event. */
	readonly isKilled: boolean;
	/** It ended otherwise, or did what a killed process cannot do. */
	readonly isProvenAlive: boolean;
};

export function verdictOf(action: KillAction, evidence: Evidence): Verdict {
	const after = evidence.exitMs - evidence.timeMs;
	const isKilled = evidence.exitSignal === 'SIGKILL' && after >= -jitterMs;
	const isProvenAlive = evidence.wentOn === 'later' || (Number.isFinite(after) && !isKilled);
	const fact = {...evidence, action, after, isKilled, isProvenAlive};
	switch (evidence.ruling) {
		case 'enforced': {
			return {state: enforced(fact), reason: 'counters'};
		}

		case 'monitored': {
			return {state: monitored(fact), reason: 'counters'};
		}

		case 'mixed': {
			return undecided(fact, 'mixed');
		}

		case 'lapsed': {
			return fact.listedMode === 'unknown' ? withoutMode(fact) : lapsed(fact);
		}

		default: {
			return byMode(fact);
		}
	}
}

/** The policy took its action: what came of it? */
function enforced(fact: Fact): KillState {
	switch (fact.action) {
		case 'SIGKILL':
		case 'POST': {
			// Once sent it cannot be undone: a process that sleeps uninterruptibly dies of it when it wakes, however late.
			if (fact.isKilled) {
				return 'KILLED';
			}

			return Number.isFinite(fact.after) ? 'NOT KILLED' : 'KILL-SENT';
		}

		case 'SIGNAL': {
			return fact.isKilled && fact.after <= atOnceMs && isNextThing(fact) ? 'KILLED' : 'SIGNALLED';
		}

		case 'NOTIFYENFORCER': {
			if (fact.isKilled && fact.after <= proofMs && isNextThing(fact)) {
				return 'KILLED';
			}

			return fact.isProvenAlive || fact.isKilled ? 'DENIED' : 'KILL-SENT';
		}

		case 'OVERRIDE': {
			return 'DENIED';
		}
	}
}

function monitored({action}: Fact): KillState {
	switch (action) {
		case 'OVERRIDE': {
			return 'WOULD-DENY';
		}

		case 'SIGNAL': {
			return 'WOULD-SIGNAL';
		}

		default: {
			return 'WOULD-KILL';
		}
	}
}

function isNextThing({wentOn, isKilledByOther}: Fact): boolean {
	return wentOn === 'no' && !isKilledByOther;
}

/** The counters do not say, or not yet: the listed mode does, unless what the process did contradicts it. */
function byMode(fact: Fact): Verdict {
	const awaited = fact.ruling === 'pending';
	switch (fact.listedMode) {
		case 'enforce': {
			if (!contradictsEnforce(fact)) {
				return {state: enforced(fact), reason: 'mode'};
			}

			return awaited ? undecided(fact, 'awaits-counters') : withoutMode(fact);
		}

		case 'monitor': {
			// Only counters could say that another killed it in the same moment.
			if ((awaited || fact.ruling === 'early') && contradictsMonitor(fact)) {
				return undecided(fact, awaited ? 'awaits-counters' : 'mode-changed');
			}

			return {state: monitored(fact), reason: 'mode'};
		}

		case 'changed': {
			return undecided(fact, awaited ? 'awaits-counters' : 'mode-changed');
		}

		case 'unknown': {
			return withoutMode(fact);
		}
	}
}

/** No counters were read after it. Somebody may have switched the mode since the list, unless it lived on as that one says. */
function lapsed(fact: Fact): Verdict {
	return fact.listedMode === 'monitor' && !contradictsMonitor(fact)
		? {state: monitored(fact), reason: 'mode'}
		: undecided(fact, 'not-read');
}

function contradictsEnforce({action, isProvenAlive, returnedError}: Fact): boolean {
	switch (action) {
		case 'SIGKILL':
		case 'POST': {
			return isProvenAlive;
		}

		case 'OVERRIDE': {
			return returnedError === false;
		}

		default: {
			return false;
		}
	}
}

function contradictsMonitor(fact: Fact): boolean {
	switch (fact.action) {
		case 'SIGKILL':
		case 'POST':
		case 'NOTIFYENFORCER': {
			return fact.isKilled && fact.after <= proofMs && fact.wentOn !== 'later';
		}

		case 'SIGNAL': {
			return fact.exitSignal !== '' && Math.abs(fact.after) <= atOnceMs;
		}

		case 'OVERRIDE': {
			return fact.returnedError === true;
		}
	}
}

/** No mode tells: only what the process did can prove something. */
function withoutMode(fact: Fact): Verdict {
	if (fact.action === 'OVERRIDE') {
		return fact.returnedError === true ? {state: 'DENIED', reason: 'error'} : {state: 'DENY ?', reason: 'mode-unknown'};
	}

	if (fact.isProvenAlive && (fact.exitSignal === '' || fact.action !== 'SIGNAL')) {
		return {state: 'NOT KILLED', reason: 'went-on'};
	}

	const limit = fact.action === 'SIGNAL' ? atOnceMs : proofMs;
	if (fact.isKilled && fact.after <= limit && isNextThing(fact)) {
		return {state: 'KILLED', reason: 'exit'};
	}

	if (fact.action === 'SIGNAL' && fact.exitSignal !== '' && fact.after <= atOnceMs && isNextThing(fact)) {
		return {state: 'SIGNALLED', reason: 'exit'};
	}

	return {state: 'KILL ?', reason: 'mode-unknown'};
}

function undecided(fact: Fact, reason: Reason): Verdict {
	if (fact.action !== 'OVERRIDE') {
		return fact.isProvenAlive && fact.action !== 'SIGNAL' && reason !== 'awaits-counters'
			? {state: 'NOT KILLED', reason: 'went-on'}
			: {state: 'KILL ?', reason};
	}

	if (fact.returnedError === undefined || reason === 'awaits-counters') {
		return {state: 'DENY ?', reason};
	}

	return {state: fact.returnedError ? 'DENIED' : 'WOULD-DENY', reason: 'error'};
}
