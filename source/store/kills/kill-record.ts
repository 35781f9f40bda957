import type {EventKind} from '../../tetragon/event/event.js';
import type {Format} from '../../tetragon/event/facts.js';
import type {KillState, PolicyMode} from '../enforcement-states.js';
import type {ExecImage} from '../processes/lineage.js';
import type {ChainLink, Enforcement, Process} from '../processes/process.js';
import type {KillGroup} from '../snapshot.js';
import {type KillAction, stateOf} from './kill-state.js';

/** A Kill with what the book needs to prove it and to find it again. */
export class KillRecord implements Enforcement {
	readonly seq: number;
	readonly node: number;
	readonly timeMs: number;
	readonly kind: EventKind;
	readonly action: string;
	readonly policy: string;
	readonly functionName: string;
	mode: PolicyMode;
	state: KillState;
	readonly process: Process | undefined;
	chain: readonly ChainLink[];
	exitMs = Number.NaN;
	exitSignal = '';
	exitStatus = 0;
	readonly frame: Uint8Array | undefined;
	readonly format: Format;
	count: number;
	/** Host pid, also where the event could not name its process. */
	readonly pid: number;
	readonly image: ExecImage | undefined;
	readonly arrivedMs: number;
	outlived = false;
	rival = false;
	group: GroupRecord | undefined;

	constructor(given: {
		seq: number;
		node: number;
		timeMs: number;
		arrivedMs: number;
		kind: EventKind;
		action: string;
		policy: string;
		functionName: string;
		mode: PolicyMode;
		process: Process | undefined;
		image: ExecImage | undefined;
		pid: number;
		chain: readonly ChainLink[];
		frame: Uint8Array | undefined;
		format: Format;
		count: number;
	}) {
		this.seq = given.seq;
		this.node = given.node;
		this.timeMs = given.timeMs;
		this.arrivedMs = given.arrivedMs;
		this.kind = given.kind;
		this.action = given.action;
		this.policy = given.policy;
		this.functionName = given.functionName;
		this.mode = given.mode;
		this.process = given.process;
		this.image = given.image;
		this.pid = given.pid;
		this.chain = given.chain;
		this.frame = given.frame;
		this.format = given.format;
		this.count = given.count;
		this.state = given.seq < 0 ? 'UNSEEN' : this.proven();
	}

	/** Its state by what is known now. */
	proven(): KillState {
		return this.seq < 0 ? 'UNSEEN' : stateOf({...this.evidence(), action: this.action as KillAction});
	}

	get settled(): boolean {
		return Number.isFinite(this.exitMs);
	}

	evidence() {
		const {mode, timeMs, exitMs, exitSignal, outlived, rival} = this;
		return {mode, timeMs, exitMs, exitSignal, outlived, rival};
	}
}

export type GroupRecord = Omit<KillGroup, 'kills'> & {readonly kills: KillRecord[]};
