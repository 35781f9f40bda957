/** An enforcement with what is needed to prove it and to find it again. */
import type {KillState} from '../enforcement-states.js';
import type {ExecImage} from '../processes/lineage.js';
import type {Enforcement} from '../processes/process.js';
import type {KillGroup} from '../snapshot.js';
import {type KillAction, stateOf} from './kill-state.js';

export type EnforcementRecord = Enforcement & {
	/** Host pid, also where the event could not name its process. */
	readonly pid: number;
	/** undefined: not in the process table. */
	readonly image: ExecImage | undefined;
	readonly arrivedMs: number;
	/** See Evidence. */
	outlived: boolean;
	/** See Evidence. */
	otherKiller: boolean;
	/** The row of the kill pane; undefined once the record was dropped from it. */
	group: GroupRecord | undefined;
};

export type GroupRecord = Omit<KillGroup, 'kills'> & {readonly kills: EnforcementRecord[]};

/** The fields that are known when the enforcement is taken in; the others follow from later events. */
type Found = Omit<
	EnforcementRecord,
	'state' | 'exitMs' | 'exitSignal' | 'exitStatus' | 'outlived' | 'otherKiller' | 'group'
>;

export function newRecord(found: Found): EnforcementRecord {
	const record: EnforcementRecord = {
		...found,
		state: 'UNSEEN',
		exitMs: Number.NaN,
		exitSignal: '',
		exitStatus: 0,
		outlived: false,
		otherKiller: false,
		group: undefined,
	};
	record.state = provenState(record);
	return record;
}

/** The state by the evidence so far. */
export function provenState(record: EnforcementRecord): KillState {
	return record.seq < 0 ? 'UNSEEN' : stateOf(record.action as KillAction, record);
}

/** True once an exit was matched with it. */
export function isSettled(record: EnforcementRecord): boolean {
	return Number.isFinite(record.exitMs);
}
