/** One exec_id: a process image. exec replaces it with another; exit ends it. */

import type {EventKind} from '../../tetragon/event/event.js';
import type {ProcessFacts} from '../../tetragon/event/facts.js';
import type {KillState, ListedMode, Reason} from '../enforcement-states.js';

/** How much is known of a process, and whether it still runs. */
export type ProcessState =
	| 'alive'
	/** Named by others (parent_exec_id), never seen itself. */
	| 'mentioned'
	/** Another image of the same pid took its place; it will never exit by itself. */
	| 'replaced'
	| 'exited';

export type Process = {
	readonly execId: string;
	/** Node id, see Store.nodes. */
	readonly node: number;
	readonly pid: number;
	/** An exec probe of the kubelet. Every row of the feed reads it, so it does not need the facts. */
	readonly execProbe: boolean;
	/** Read from the frame on first access. undefined while the process is only mentioned. Raw foreign strings. */
	facts: ProcessFacts | undefined;
	parentExecId: string;
	state: ProcessState;
	/** From the cache dump and not yet confirmed by an event. */
	asOfDump: boolean;
	startMs: number;
	/** Milliseconds of its exit; NaN while it lives. */
	endMs: number;
	/** Name of the signal that ended it; '' when it ended by itself or runs. */
	signal: string;
	status: number;
	/** Events seen of this process since start. */
	events: number;
	/** Events of the current and the previous 5 s cell: the ev/s of the tree. */
	recent: number;
	/** Enforcements that hit it, oldest first. */
	kills: Enforcement[];
	/** Arrival time of the last event that named it. */
	lastMs: number;
};

/** What one hook event or one rise of a policy counter says of an enforcement, with its proof. */
export type Enforcement = {
	/** Ring sequence number of the hook event; -1 for UNSEEN. */
	readonly seq: number;
	readonly node: number;
	readonly timeMs: number;
	readonly kind: EventKind;
	readonly action: string;
	readonly policy: string;
	readonly functionName: string;
	/** The policy's mode at that moment: by the counters where they tell, else by the lists around it. */
	mode: ListedMode;
	state: KillState;
	/** Why it has this state. */
	reason: Reason;
	/** All policies that asked for the death of a process that is KILLED; else its own policy alone. */
	policies: readonly string[];
	/** For UNSEEN: processes of that node that ended by SIGKILL meanwhile, and no enforcement explains. */
	candidates: readonly Process[];
	/** undefined for UNSEEN. */
	readonly process: Process | undefined;
	/** execIds from the process up to the root, as known when it happened: the parent chain outlives the process table. */
	chain: readonly ChainLink[];
	/** The exit that proves it; NaN until seen. */
	exitMs: number;
	exitSignal: string;
	exitStatus: number;
	/** The frame, kept apart from the ring, so that a flood cannot push a kill out. */
	readonly frame: Uint8Array | undefined;
	readonly format: 'protobuf' | 'json';
	/** How many enforcements: 1, or the counter's delta for UNSEEN, less the events that came late. */
	count: number;
};

/** Enough of an ancestor to print it when its process is forgotten. Raw foreign strings. */
export type ChainLink = {
	readonly execId: string;
	readonly pid: number;
	readonly binary: string;
	readonly arguments: string;
};
