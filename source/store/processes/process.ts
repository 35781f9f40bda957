/** One exec_id: a process image. exec replaces it with another; exit ends it. */

import type {EventKind} from '../../tetragon/event/event.js';
import type {ProcessFacts} from '../../tetragon/event/facts.js';
import type {KillState, PolicyMode} from '../enforcement-states.js';

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

/** An enforcement with its proof: from one hook event, or from the rise of a policy's counter (UNSEEN). */
export type Enforcement = {
	/** Sequence number of the hook event; -1 for UNSEEN. */
	readonly seq: number;
	readonly node: number;
	readonly timeMs: number;
	readonly kind: EventKind;
	readonly action: string;
	readonly policy: string;
	readonly functionName: string;
	mode: PolicyMode;
	state: KillState;
	/** undefined for UNSEEN. */
	readonly process: Process | undefined;
	/** The process and its ancestors as known when it happened: they outlive the process table. */
	chain: readonly ChainLink[];
	/** Event time of the exit that proves it; NaN until one was seen. */
	exitMs: number;
	exitSignal: string;
	exitStatus: number;
	/** A copy of the frame: a flood of events that fills the ring does not remove it. */
	readonly frame: Uint8Array | undefined;
	readonly format: 'protobuf' | 'json';
	/** Enforcements: 1, or for UNSEEN the rise of the counter less the events that arrived later. */
	count: number;
};

/** Enough of an ancestor to print it when its process is forgotten. Raw foreign strings. */
export type ChainLink = {
	readonly execId: string;
	readonly pid: number;
	readonly binary: string;
	readonly arguments: string;
};
