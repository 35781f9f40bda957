/** An enforcement with its proof (design: kill truth). A Kill is one hook event or one counter delta; a KillGroup a row of the pane. */
import type {EventKind} from '../../tetragon/event/event.js';
import type {Process} from '../processes/process.js';

export const killStates = [
	'KILLED',
	'KILL-SENT',
	'WOULD-KILL',
	'DENIED',
	'WOULD-DENY',
	'SIGNALLED',
	'KILL (mode ?)',
	'UNSEEN',
] as const;
export type KillState = (typeof killStates)[number];

/** The policy's mode on the node at the time of the event; unknown: agent before v1.4, or the list could not be read. */
export type PolicyMode = 'enforce' | 'monitor' | 'unknown';

export type Enforcement = {
	/** Ring sequence number of the hook event; -1 for UNSEEN. */
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
	/** execIds from the process up to the root, as known when it happened: the parent chain outlives the process table. */
	readonly chain: readonly ChainLink[];
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

/** Kills of one pod (or host node), binary, policy and state. */
export type KillGroup = {
	/** Stable identity of the row. */
	readonly id: string;
	readonly state: KillState;
	readonly namespace: string;
	readonly pod: string;
	readonly container: string;
	readonly binary: string;
	readonly policy: string;
	readonly node: number;
	firstMs: number;
	lastMs: number;
	count: number;
	acknowledged: boolean;
	/** Newest last; bounded (the newest 100 are kept). */
	readonly kills: Enforcement[];
};
