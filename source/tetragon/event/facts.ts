/**
The part of an event that the store keeps of every event. wire/scan.ts fills it from a protobuf frame without decoding the
frame; wire/facts-of-event.ts from a parsed JSON line. One instance is reused for every event of a source: read it at once, or copy.
*/

import type {EventKind} from './event.js';
import type {ProcessOutline} from './process-outline.js';

/** The format of an event's kept bytes. */
export type Format = 'protobuf' | 'json';

export type Facts = {
	kind: EventKind;
	/** The oneof's field number: for `unknown` the number that the agent sent, 0 where there was none, -1 for bytes that cannot be read. */
	kindNumber: number;
	/** Event time in milliseconds since 1970, with a fraction of microseconds; NaN where the event carries none (loader). */
	timeMs: number;
	nodeName: string;
	/** exec_id of `process`; '' where the event has no process or the agent could not name it. */
	execId: string;
	readonly parentExecId: string;
	/** Host pid of the process, 0 where unknown. */
	pid: number;
	/** Exit only: the signal's name, '' where it ended by itself. */
	signal: string;
	/** Exit only. */
	status: number;
	/** Kprobe: the function with its arch prefix; LSM: the hook; tracepoint: subsys/event; uprobe and USDT: symbol or provider/name. */
	functionName: string;
	policyName: string;
	/** Enum number of `action`; 0 where absent or not a hook event. */
	action: number;
	returnAction: number;
	/**
	Reads the part of the process that the process table needs at once; undefined where the event has no process, or came
	decoded (then readProcess is as cheap). Valid until the next event is scanned.
	*/
	outlineProcess: () => ProcessOutline | undefined;
	/** Reads the whole process sub-message; undefined where the event has none. Valid until the next event is scanned. */
	readProcess: () => ProcessFacts | undefined;
	/** The same for `parent`. */
	readParent: () => ProcessFacts | undefined;
};

/** As many characters of a container's id as its tools show. */
const shortId = 12;

/**
The name under which a process is shown in place of its pod: of a container that the agent knows by its id only (plain Docker, a
pod that is not resolved) its short id; '' on the host.
*/
export function podOrContainer({pod, containerId}: Pick<ProcessFacts, 'pod' | 'containerId'>): string {
	return pod === ''
		? containerId.slice(containerId.indexOf('://') < 0 ? 0 : containerId.indexOf('://') + 3).slice(0, shortId)
		: pod;
}

/** A process as the tree needs it. Foreign strings are raw: only text/ makes them fit for a screen. */
export type ProcessFacts = {
	readonly execId: string;
	/** The process table replaces it by its own copy of the same text. */
	parentExecId: string;
	readonly pid: number;
	readonly uid: number;
	readonly binary: string;
	/** One string, as Tetragon has it; arguments with spaces are in double quotes, without escaping. */
	readonly arguments: string;
	readonly cwd: string;
	/** Space-separated: execve, clone, procFS, … */
	readonly flags: string;
	readonly startMs: number;
	/** All '' on the host. */
	readonly namespace: string;
	readonly pod: string;
	readonly container: string;
	/** The runtime's id, with its scheme; where the agent has no pod, the start of the id as its field `docker` has it. */
	readonly containerId: string;
	/** Its pid as its container counts; 1 is the main process. 0 or undefined: the agent did not send it. */
	readonly containerPid?: number;
	readonly image: string;
	readonly workload: string;
	readonly workloadKind: string;
	readonly podLabels: Readonly<Record<string, string>> | undefined;
	/** undefined: the agent did not send it (before v1.3, or no container). */
	readonly inInitTree: boolean | undefined;
	readonly execProbe: boolean;
};
