/** The values that a painted frame reads from the store: totals, and rows for the visible part only. */
import type {EventKind} from '../tetragon/event/event.js';
import type {Death} from './death.js';
import type {DeathState, KillState} from './enforcement-states.js';
import type {Enforcement, Process} from './processes/process.js';

/** One row of the feed. `event` rows are decoded when painted; `rule` rows are drawn across the pane. */
export type FeedRow =
	| {
			readonly type: 'event';
			readonly seq: number;
			readonly node: number;
			/** Event time, or arrival where the event has none (`timeless`). */
			readonly timeMs: number;
			readonly timeless: boolean;
			/** The event arrived more than 2 s after its time, or out of order by more than that. */
			readonly late: boolean;
			readonly kind: EventKind;
			readonly process: Process | undefined;
			readonly policy: string;
	  }
	| {
			readonly type: 'rule';
			readonly seq: number;
			readonly timeMs: number;
			readonly node: number;
			readonly rule: FeedMarker;
	  };

/** A rule: a line drawn across the feed at its place in time. No loss is silent. */
export type FeedMarker =
	| {readonly type: 'gap'; readonly fromMs: number; readonly toMs: number; readonly reason: string}
	| {readonly type: 'lost'; readonly where: 'server' | 'client'; readonly count: number; readonly reason: string}
	/**
	Exec events of a cgroup were dropped in BPF; `toMs` undefined: still are; `fromMs` undefined: since before we came.
	*/
	| {
			readonly type: 'throttled';
			readonly cgroup: string;
			readonly fromMs: number | undefined;
			readonly toMs: number | undefined;
	  }
	/** tetratop itself did not run (stopped, suspended or without CPU time), so nobody read the stream. */
	| {readonly type: 'stalled'; readonly fromMs: number; readonly toMs: number}
	| {readonly type: 'restart'; readonly reason: string}
	| {readonly type: 'connected'; readonly reason: string}
	/** Where live began after the past, or what was brought back in the place of a gap. */
	| {readonly type: 'past'; readonly text: string}
	| {readonly type: 'mark'; readonly text: string}
	/** A new day began in the reader's time zone. */
	| {readonly type: 'day'}
	| {readonly type: 'malformed'; readonly count: number; readonly line: number};

/** One row of the process pane, in display order, folded parts left out. */
export type TreeRow = {
	/** Stable identity: `ns/…`, `pod/…`, `container/…`, `host/…`, or an exec_id. */
	readonly id: string;
	readonly type: 'namespace' | 'workload' | 'pod' | 'container' | 'host' | 'process';
	/** Raw foreign text: namespace, pod or container name; '' for a process. */
	readonly name: string;
	readonly depth: number;
	/**
	For a process: for each ancestor, outermost first, whether it has a later sibling; the branch lines are drawn from
	it.
	*/
	readonly branch: readonly boolean[];
	readonly last: boolean;
	readonly folded: boolean;
	readonly leaf: boolean;
	readonly process: Process | undefined;
	readonly node: number | undefined;
	/** Processes below, shown or not. */
	readonly processes: number;
	readonly perSecond: number;
	readonly kills: number;
	readonly image: string;
};

export type NodeState = 'looking' | 'connecting' | 'streaming' | 'quiet' | 'retrying' | 'blocked' | 'ended';

export type NodeStatus = {
	readonly id: number;
	readonly name: string;
	readonly state: NodeState;
	/** Tetragon pod or address. */
	readonly agent: string;
	readonly version: string;
	/** Where its past comes from, or why it has none, in words; '': nobody has asked. */
	readonly past: string;
	/** How it is reached: tcp, unix, port-forward, exec, exec-json, logs, kubectl, file. */
	readonly via: string;
	readonly sinceMs: number;
	readonly events: number;
	/** Events that were counted and not kept: those of tetratop's own processes, or outside of the flags of a replay. */
	readonly hidden: number;
	readonly perSecond: number;
	/** Events in each of the last 5 s cells, oldest first. */
	readonly spark: readonly number[];
	readonly kills: number;
	/** Events that the agent lost since the connection, by its metrics; undefined: unknown. */
	readonly lostServer: number | undefined;
	/** now − event time of the newest events, milliseconds; undefined before the first. */
	readonly lagMs: number | undefined;
	/** In words: why it retries, which calls an older agent lacks, … */
	readonly note: string;
	readonly retryAtMs: number | undefined;
	readonly attempt: number;
};

export type Totals = {
	/** Events taken in since start. */
	readonly events: number;
	readonly byKind: Readonly<Partial<Record<EventKind, number>>>;
	/** Dropped by tetratop itself, by cause. */
	readonly shed: Readonly<Record<string, number>>;
	readonly malformed: number;
	readonly malformedLine: number | undefined;
	/** Sum over the nodes; undefined when it is unknown for any of them. */
	readonly lostServer: number | undefined;
	/** Events whose loss an event of the feed announced: a rate limit. */
	readonly lostAnnounced: number;
	/** There was a loss that nobody counted: a gap, a throttled cgroup. */
	readonly isLossUnknown: boolean;
	readonly perSecond: number;
	readonly peakPerSecond: number;
	/** Events in each of the last 5 s cells, oldest first. */
	readonly spark: readonly number[];
	readonly bufferedEvents: number;
	readonly bufferedBytes: number;
	readonly bufferBytes: number;
	readonly oldestMs: number | undefined;
	readonly processes: number;
	readonly pods: number;
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
	/** The policies that caused it, joined with a comma where they are several. */
	readonly policy: string;
	readonly policies: readonly string[];
	readonly node: number;
	firstMs: number;
	lastMs: number;
	count: number;
	acknowledged: boolean;
	/** Newest last; bounded (the newest 100 are kept). */
	readonly kills: Enforcement[];
};

/** One end of a process or container that is no policy's. */
export type DeathAlert = Omit<Enforcement, 'state'> & {readonly state: DeathState; readonly death: Death};

/** Deaths of one pod, container, binary and cause; `policy` has the cause. */
export type DeathGroup = Omit<KillGroup, 'state' | 'kills'> & {
	readonly state: DeathState;
	/** Newest last. */
	readonly kills: readonly DeathAlert[];
	/** Ids of the ends, in no order. */
	readonly ends: readonly string[];
};

/** A row of the pane of alerts. */
export type AlertGroup = KillGroup | DeathGroup;

export function isDeathGroup(group: AlertGroup): group is DeathGroup {
	return 'ends' in group;
}

/** Whether this is the row of that identity: a death that joined another row is found in it. */
export function isRowOf(group: AlertGroup, id: string): boolean {
	return group.id === id || (isDeathGroup(group) && group.ends.includes(id));
}

export type KillTotals = {
	/** Another one when an enforcement came, or a verdict changed. */
	readonly version: number;
	readonly killed: number;
	readonly would: number;
	readonly denied: number;
	readonly unacknowledged: number;
	/** Event time of the newest alert; undefined: none yet. */
	readonly lastMs: number | undefined;
	readonly groups: readonly KillGroup[];
	/** All enforcements by state; `killed`, `would` and `denied` are sums of these. */
	readonly byState?: Readonly<Partial<Record<KillState, number>>>;
};
