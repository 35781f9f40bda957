import type {Problem} from '../problem.js';
import type {Arrival} from '../store/arrival.js';
import type {FeedMarker, NodeStatus} from '../store/snapshot.js';
import type {DumpedProcess} from '../tetragon/agent/link.js';
import type {PolicyStatus} from '../tetragon/agent/policy.js';
import type {Facts} from '../tetragon/event/facts.js';

export type NodeChange = Partial<
	Pick<NodeStatus, 'state' | 'past' | 'agent' | 'version' | 'via' | 'sinceMs' | 'note' | 'retryAtMs' | 'attempt'>
>;

/** The part of the store that fleet/ uses, so that a test can replace it. */
export type EventSink = {
	/** Returns the id of a node; the first call with a name makes it. */
	readonly openNode: (name: string) => number;
	readonly setNode: (node: number, change: NodeChange) => void;
	readonly renameNode: (node: number, name: string) => void;
	/** An event that is kept. The arrival is valid during the call only. Returns whether it asks for an enforcement. */
	readonly take: (node: number, arrival: Arrival, nowMs: number) => boolean;
	/** An event that is not kept: the counters of its policy have it all the same. */
	readonly pass: (node: number, arrival: Arrival, nowMs: number) => void;
	/** What the stream asks for: whether every event of a policy of that name is among it. */
	readonly setRequest: (node: number, isWhole: (policy: string) => boolean) => void;
	/** An event of tetratop's own processes, which is counted and not kept. */
	readonly hide: (node: number) => void;
	/** Returns the steps of the work; the caller walks through all of them, and may call take() in between. */
	readonly takeDump: (node: number, processes: readonly DumpedProcess[], nowMs: number) => Iterable<unknown>;
	/** The agent read its counters between `askedMs` and `nowMs`. */
	readonly takePolicies: (
		node: number,
		policies: readonly PolicyStatus[] | undefined,
		nowMs: number,
		askedMs?: number,
	) => void;
	readonly rule: (node: number, rule: FeedMarker, nowMs: number) => unknown;
	readonly setLostServer: (node: number, count: number | undefined) => void;
	/** Counts events that were given up here, by cause. */
	readonly shed: (cause: string, count: number) => void;
	/** Lines, or frames, which have no line number. `take` counts those of its own frames. */
	readonly malformed: (count: number, line: number | undefined) => void;
	/** The events of a node that are kept and have one of these times, step by step; without it nothing is known of them. */
	readonly known?: (node: number, times: ReadonlySet<number>) => Iterable<Facts | undefined>;
	readonly raise: (problem: Problem) => void;
	readonly settle: (id: string) => void;
	/**
	Resolves when there is room for the next event; undefined: there is room now. Without it every event is read at once. While
	a stream is not read, the agent's queue holds its events, and the agent counts what it drops.
	*/
	readonly room?: () => Promise<void> | undefined;
};
