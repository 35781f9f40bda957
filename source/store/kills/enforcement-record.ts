/** An enforcement with what is needed to prove it and to find it again. */
import type {ListedMode} from '../enforcement-states.js';
import type {Claim, Family, Ruling, Trace} from '../policies/attribution.js';
import type {PolicyOnNode} from '../policies/policy-on-node.js';
import type {ExecImage} from '../processes/lineage.js';
import type {Enforcement} from '../processes/process.js';
import type {KillGroup} from '../snapshot.js';
import {type Evidence, jitterMs, type KillAction, proofMs, type Verdict, verdictOf} from './verdict.js';

export type EnforcementRecord = Enforcement & {
	readonly action: KillAction | 'UNSEEN';
	/** Host pid, also where the event could not name its process. */
	readonly pid: number;
	/** undefined: not in the process table. */
	readonly image: ExecImage | undefined;
	readonly arrivedMs: number;
	/** Event time on the client's clock, which the polls have as well. */
	readonly clientMs: number;
	readonly policyOnNode: PolicyOnNode | undefined;
	/** By the lists alone; `mode` is what the counters made of it. */
	listedMode: ListedMode;
	ruling: Ruling;
	/** Of the signals that this event may stand in for although it reports another action (`[Sigkill, Override]`). */
	signalRuling: Ruling;
	wentOn: Evidence['wentOn'];
	readonly returnedError: boolean | undefined;
	/** It was counted for what its policy would have hit. */
	isInBlast: boolean;
	/** The row of the kill pane; undefined once the record was dropped from it, and for all but one record of a death. */
	group: GroupRecord | undefined;
	/** KILLED: other enforcements of the same death, which have no row of their own. */
	others: EnforcementRecord[];
	/** KILLED: the enforcement whose row speaks for this death. */
	primary: EnforcementRecord | undefined;
	/** The pane forgot it, because it holds only so many. */
	isDropped: boolean;
};

export type GroupRecord = Omit<KillGroup, 'kills'> & {readonly kills: EnforcementRecord[]};

/** What is known when the enforcement is taken in; the rest follows from later events. */
type Found = Omit<
	EnforcementRecord,
	| 'state'
	| 'reason'
	| 'mode'
	| 'policies'
	| 'candidates'
	| 'exitMs'
	| 'exitSignal'
	| 'exitStatus'
	| 'ruling'
	| 'signalRuling'
	| 'wentOn'
	| 'isInBlast'
	| 'group'
	| 'others'
	| 'primary'
	| 'isDropped'
>;

export function newRecord(found: Found, ruling: Ruling = 'uncounted'): EnforcementRecord {
	const record: EnforcementRecord = {
		...found,
		mode: found.listedMode,
		state: 'UNSEEN',
		reason: 'counters',
		policies: [found.policy],
		candidates: [],
		exitMs: Number.NaN,
		exitSignal: '',
		exitStatus: 0,
		ruling,
		signalRuling: 'none',
		wentOn: 'no',
		isInBlast: false,
		group: undefined,
		others: [],
		primary: undefined,
		isDropped: false,
	};
	const verdict = provenVerdict(record);
	record.state = verdict.state;
	record.reason = verdict.reason;
	return record;
}

/** The verdict by the evidence so far. */
export function provenVerdict(record: EnforcementRecord): Verdict {
	if (record.action === 'UNSEEN') {
		return {state: 'UNSEEN', reason: 'counters'};
	}

	const isKilledByOther = isOtherKiller(record);
	if (record.signalRuling === 'enforced') {
		return verdictOf('POST', {...record, isKilledByOther, ruling: 'enforced'});
	}

	return verdictOf(record.action, {...record, isKilledByOther});
}

/** Another enforcement of the same process did send SIGKILL: the exit proves that one. */
function isOtherKiller(record: EnforcementRecord): boolean {
	return (
		record.action !== 'SIGKILL' &&
		(record.image?.kills ?? []).some(
			other => other !== record && other.action === 'SIGKILL' && (other as EnforcementRecord).mode === 'enforce',
		)
	);
}

/** True once an exit was matched with it. */
export function isSettled(record: EnforcementRecord): boolean {
	return Number.isFinite(record.exitMs);
}

const familyOf: Readonly<Record<KillAction, Family>> = {
	SIGKILL: 'signal',
	SIGNAL: 'signal',
	POST: 'signal',
	OVERRIDE: 'override',
	NOTIFYENFORCER: 'notify',
};

/** The record as a claim on its policy's counters. */
export function claimOf(record: EnforcementRecord): Claim {
	return {
		timeMs: record.clientMs,
		family: familyOf[record.action as KillAction],
		isExplicit: record.action !== 'POST',
		trace: traceOf(record),
		process: record.image?.lineage ?? record,
	};
}

/** The claim of an event that is not kept: its process is not followed. */
export function unkeptClaim(action: KillAction, timeMs: number): Claim {
	return {timeMs, family: familyOf[action], isExplicit: true, trace: 'open', process: undefined};
}

function traceOf(record: EnforcementRecord): Trace {
	switch (record.action) {
		case 'SIGKILL': {
			const after = record.exitMs - record.timeMs;
			if (record.exitSignal === 'SIGKILL' && after >= -jitterMs) {
				return after <= proofMs ? 'enforced' : 'open';
			}

			return Number.isFinite(after) || record.wentOn === 'later' ? 'monitored' : 'open';
		}

		case 'OVERRIDE': {
			return record.returnedError === undefined ? 'open' : record.returnedError ? 'enforced' : 'monitored';
		}

		default: {
			// A caught signal and an enforcer's error leave the process alive, as monitor mode does.
			return 'open';
		}
	}
}
