/**
The interface between the rooms that reach an agent (tetragon/ over a socket, kubernetes/ through a tunnel, demo/) and fleet/,
which uses it. A Link can be opened again and again; a Connection is one success.
*/
import type {Event, ProcessMessage} from '../event/event.js';
import type {FindPast} from './node-past.js';
import type {PolicyStatus} from './policy.js';

export type Link = {
	/** The Kubernetes node, or the address until the first event names the node. */
	readonly node: string;
	/** Throws a Refusal, or any Error. Must end soon after the signal aborts. */
	readonly open: (signal: AbortSignal) => Promise<Connection>;
	/** Where the events before now are; undefined: this way to the agent has none. */
	readonly past?: FindPast;
};

export type Connection = {
	/** Tetragon pod name or address, for the Nodes view. */
	readonly agent: string;
	/** tcp, unix, port-forward, exec, exec-json, logs, kubectl. */
	readonly via: string;
	/** GetVersion, e.g. `v1.7.0`; proves that the agent answers. */
	readonly version: () => Promise<string>;
	/** `version` is the tag of the agent's image: it is no proof of which agent runs. */
	readonly isVersionOfImage?: boolean;
	/** A cheap unary call; rejects when the agent does not answer. */
	readonly health: () => Promise<void>;
	/** Starts GetEvents. The sink is called synchronously for each event, in order; `end` once, with the reason in words. */
	readonly events: (request: EventsRequest, sink: EventsSink) => Subscription;
	/** undefined: this agent or transport does not have it; `missing` has the reason. */
	readonly policies: () => Promise<readonly PolicyStatus[] | undefined>;
	readonly dump: () => Promise<readonly DumpedProcess[] | undefined>;
	readonly configurePolicy?: (change: PolicyChange) => Promise<void>;
	/** Prometheus text of the agent, where it can be had. */
	readonly metrics?: () => Promise<string>;
	/** What this connection cannot give, in words: "no process cache: the agent is v1.2". */
	readonly missing: () => readonly string[];
	readonly close: () => void;
};

export type EventsSink = {
	/** The bytes may be reused after the call: copy what is kept. */
	readonly frame: (bytes: Uint8Array) => void;
	/** From a transport of JSON lines: the raw line, and the event parsed from it. */
	readonly event: (line: Uint8Array, event: Event) => void;
	readonly malformed: (line: Uint8Array, why: string) => void;
	readonly end: (reason: EndReason) => void;
	/** Asked after each event: the next is read when this resolves; undefined, or no function: at once. */
	readonly room?: () => Promise<void> | undefined;
};

export type EndReason = {
	readonly code: number | undefined;
	readonly text: string;
	/** A message was longer than its limit, and is lost. */
	readonly isTooLong?: boolean;
};

export type Subscription = {readonly cancel: () => void};

/** GetEventsRequest in JSON names; never has aggregation_options. */
export type EventsRequest = {
	readonly allow_list?: readonly ServerFilter[];
	readonly deny_list?: readonly ServerFilter[];
};

/** tetragon.Filter in JSON names. */
export type ServerFilter = {
	readonly binary_regex?: readonly string[];
	readonly namespace?: readonly string[];
	readonly health_check?: boolean;
	readonly pid?: readonly number[];
	readonly event_set?: readonly string[];
	readonly pod_regex?: readonly string[];
	readonly arguments_regex?: readonly string[];
	readonly labels?: readonly string[];
	readonly policy_names?: readonly string[];
	readonly cel_expression?: readonly string[];
	readonly container_name_regex?: readonly string[];
	readonly namespace_regex?: readonly string[];
};

export type DumpedProcess = {
	readonly process: ProcessMessage;
	/** It has not exited: see dumpedProcess in dump.ts for how the cache shows that. */
	readonly alive: boolean;
};

export type PolicyChange = {
	readonly name: string;
	readonly namespace: string;
	readonly domain: string | undefined;
	readonly mode?: 'TP_MODE_ENFORCE' | 'TP_MODE_MONITOR';
	readonly enable?: boolean;
};
