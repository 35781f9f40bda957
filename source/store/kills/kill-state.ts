/**
What a hook event proves, and what it does not. Tetragon's `action` says what the policy asked for: the same SIGKILL stands
in the event of a policy that only monitors. A kill is called one only with the mode of that node and the exit beside it.
*/
import type {KillState, PolicyMode} from '../enforcement-states.js';

type EnforcingAction = 'SIGKILL' | 'SIGNAL' | 'NOTIFYENFORCER' | 'OVERRIDE';

/** POST: the event reports another action than the one that killed; only killed-by-report.ts finds such a one. */
export type KillAction = EnforcingAction | 'POST';

/** By enum KprobeAction; strongest first, for an event that carries one in `action` and another in `return_action`. */
const enforcements: ReadonlyMap<number, EnforcingAction> = new Map([
	[3, 'SIGKILL'],
	[13, 'NOTIFYENFORCER'],
	[10, 'SIGNAL'],
	[5, 'OVERRIDE'],
]);

/** The enforcement that a hook event tells of; undefined where it only reports. */
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
	/** The process did something that a killed one does not: another exit, an exec, an event much later. */
	readonly outlived: boolean;
	/** Another hook event, in enforce mode, sent this process SIGKILL: its exit proves that one. */
	readonly otherKiller: boolean;
};

/** An exit proves an enforcement that is not itself SIGKILL only when it follows at once (ms of event time). */
const soonMs = 5000;
/** `[Sigkill, Override]` reports only OVERRIDE, its last action; the signal is delivered when the call returns. */
export const atOnceMs = 1000;
/** Two clocks of one agent: the exit's time may lie a little before that of the hook event. */
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
