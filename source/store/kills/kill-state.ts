/**
Decides the state of an enforcement, KILLED among them. Tetragon's `action` is what the policy asked for: the event of a policy
in monitor mode has the same SIGKILL. A process is KILLED only when the policy is in enforce mode on that node and the exit of
the process proves it.
*/
import type {KillState, PolicyMode} from '../enforcement-states.js';

type EnforcingAction = 'SIGKILL' | 'SIGNAL' | 'NOTIFYENFORCER' | 'OVERRIDE';

/** POST: the event reports another action than the one that killed; unseen/post-only-kills.ts finds these. */
export type KillAction = EnforcingAction | 'POST';

/** By enum KprobeAction; strongest first, for an event that carries one in `action` and another in `return_action`. */
const enforcements: ReadonlyMap<number, EnforcingAction> = new Map([
	[3, 'SIGKILL'],
	[13, 'NOTIFYENFORCER'],
	[10, 'SIGNAL'],
	[5, 'OVERRIDE'],
]);

/** The enforcement of a hook event, by its action numbers; undefined when the event only reports. */
export function enforcementOf(action: number, returnAction: number): EnforcingAction | undefined {
	if (action < 3 && returnAction < 3) {
		return undefined;
	}

	for (const [number, name] of enforcements) {
		if (action === number || returnAction === number) {
			return name;
		}
	}

	return undefined;
}

export type Evidence = {
	readonly mode: PolicyMode;
	readonly timeMs: number;
	/** NaN until an exit was seen. */
	readonly exitMs: number;
	readonly exitSignal: string;
	/** The process has sent an event after it would have been killed. */
	readonly outlived: boolean;
	/** Another hook event in enforce mode sent SIGKILL to this process: the exit proves that one. */
	readonly otherKiller: boolean;
};

/** A SIGNAL or NOTIFYENFORCER is proven by an exit within this time (ms of event time). */
const soonMs = 5000;
/**
An OVERRIDE is proven by an exit within this time: of `[Sigkill, Override]` the event reports only the last action,
and the signal is delivered when the call returns.
*/
export const atOnceMs = 1000;
/** The agent's times of the two events may differ: the exit may be up to this much earlier than the hook event. */
export const jitterMs = 1000;

export function stateOf(action: KillAction, evidence: Evidence): KillState {
	switch (evidence.mode) {
		case 'unknown': {
			return 'KILL (mode ?)';
		}

		case 'monitor': {
			return action === 'OVERRIDE' ? 'WOULD-DENY' : 'WOULD-KILL';
		}

		case 'enforce': {
			return enforcedState(action, evidence);
		}
	}
}

function enforcedState(action: KillAction, evidence: Evidence): KillState {
	switch (action) {
		case 'POST':
		case 'SIGKILL': {
			// A SIGKILL cannot be undone: a process in uninterruptible sleep dies of it when it wakes, however late.
			return endedBySigkill(evidence, Number.POSITIVE_INFINITY) ? 'KILLED' : 'KILL-SENT';
		}

		case 'SIGNAL': {
			return wasKilledBy(evidence, soonMs) ? 'KILLED' : 'SIGNALLED';
		}

		case 'NOTIFYENFORCER': {
			if (wasKilledBy(evidence, soonMs)) {
				return 'KILLED';
			}

			return evidence.outlived || Number.isFinite(evidence.exitMs) ? 'DENIED' : 'KILL-SENT';
		}

		case 'OVERRIDE': {
			return wasKilledBy(evidence, atOnceMs) ? 'KILLED' : 'DENIED';
		}
	}
}

/** The process ended by SIGKILL in time, and no other enforcement explains it. */
function wasKilledBy(evidence: Evidence, withinMs: number): boolean {
	return endedBySigkill(evidence, withinMs) && !evidence.otherKiller;
}

function endedBySigkill({timeMs, exitMs, exitSignal}: Evidence, withinMs: number): boolean {
	const afterMs = exitMs - timeMs;
	return exitSignal === 'SIGKILL' && afterMs >= -jitterMs && afterMs <= withinMs;
}
