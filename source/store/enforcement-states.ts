/**
The states of an enforcement: one row each. Screen, help, docs, CSV, the filter `kill:` and the counts in the header read this
table. Beside it, the words that the whole store uses for modes and reasons.
*/

export type KillStateRow = {
	/** The state's name: what the alerts and the detail say. */
	readonly state: string;
	/** At most six cells: the feed's EVENT column. */
	readonly short: string;
	/** The value of the filter `kill:`. */
	readonly filter: string;
	/** A process died, or must have died, of the policy: it counts in KILL. */
	readonly isKill: boolean;
	/** The higher, the more it matters where one of several is shown. */
	readonly weight: number;
	/** What it means, in one sentence. */
	readonly meaning: string;
};

export const killStateTable = [
	{
		state: 'KILLED',
		short: 'KILL',
		filter: 'killed',
		isKill: true,
		weight: 11,
		meaning: 'the policy sent SIGKILL, and the process ended by it',
	},
	{
		state: 'KILL-SENT',
		short: 'KILL..',
		filter: 'sent',
		isKill: false,
		weight: 10,
		meaning:
			'the policy sent SIGKILL; the exit of the process was not seen (it is late, it was lost, or the process sleeps uninterruptibly)',
	},
	{
		state: 'KILL ?',
		short: 'KILL?',
		filter: 'kill?',
		isKill: false,
		weight: 9,
		meaning: 'whether the policy killed cannot be said, or not yet: its mode at that moment is not known',
	},
	{
		state: 'UNSEEN',
		short: 'UNSEEN',
		filter: 'unseen',
		isKill: false,
		weight: 8,
		meaning: "the policy's counter says that it enforced, and no event says whom",
	},
	{
		state: 'DENIED',
		short: 'DENY',
		filter: 'denied',
		isKill: false,
		weight: 7,
		meaning: 'the policy let the call fail; the process was not killed by it',
	},
	{
		state: 'DENY ?',
		short: 'DENY?',
		filter: 'deny?',
		isKill: false,
		weight: 6,
		meaning:
			'whether the policy let the call fail cannot be said: its mode is not known, and no returned error shows it',
	},
	{
		state: 'SIGNALLED',
		short: 'SIGNAL',
		filter: 'signalled',
		isKill: false,
		weight: 5,
		meaning: 'the policy sent a signal; the event does not say which, and SIGKILL it was not, as far as the exit shows',
	},
	{
		state: 'NOT KILLED',
		short: 'alive',
		filter: 'not-killed',
		isKill: false,
		weight: 4,
		meaning: 'the policy asked for a kill, and the process went on or ended by itself',
	},
	{
		state: 'WOULD-KILL',
		short: 'would',
		filter: 'would-kill',
		isKill: false,
		weight: 3,
		meaning: 'the policy only monitored: it killed nothing',
	},
	{
		state: 'WOULD-SIGNAL',
		short: 'would',
		filter: 'would-signal',
		isKill: false,
		weight: 2,
		meaning: 'the policy only monitored: it sent no signal',
	},
	{
		state: 'WOULD-DENY',
		short: 'would',
		filter: 'would-deny',
		isKill: false,
		weight: 1,
		meaning: 'the policy only monitored: it let the call pass',
	},
] as const satisfies readonly KillStateRow[];

export type KillState = (typeof killStateTable)[number]['state'];

export const killStates: readonly KillState[] = killStateTable.map(({state}) => state);

const rowByState = new Map<KillState, KillStateRow>(killStateTable.map(row => [row.state, row]));

export function killStateRow(state: KillState): KillStateRow {
	return rowByState.get(state)!;
}

/** Causes of death that are no policy's: the same columns. */
export const deathStateTable = [
	{
		state: 'OOM',
		short: 'OOM',
		filter: 'oom',
		isKill: false,
		weight: 22,
		meaning: 'the kernel killed it: its container, or the node, was out of memory',
	},
	{
		state: 'EVICTED',
		short: 'EVICT',
		filter: 'evicted',
		isKill: false,
		weight: 21,
		meaning: 'its pod was evicted: by the kubelet of a node under pressure, by a drain, or by a NoExecute taint',
	},
	{
		state: 'PREEMPTED',
		short: 'PREEMP',
		filter: 'preempted',
		isKill: false,
		weight: 20,
		meaning: 'its pod had to make room for a pod of higher priority',
	},
	{
		state: 'PROBE',
		short: 'PROBE',
		filter: 'probe',
		isKill: false,
		weight: 19,
		meaning: 'the kubelet stopped its container: the liveness or startup probe failed',
	},
	{
		state: 'BY',
		short: 'BY',
		filter: 'by',
		isKill: false,
		weight: 18,
		meaning: 'another process sent the signal; it is named: BY bash (pod xwing)',
	},
	{
		state: 'OUTSIDE',
		short: 'OUTSID',
		filter: 'outside',
		isKill: false,
		weight: 17,
		meaning: 'somebody outside of Kubernetes killed its container: the kubelet did not, and no memory limit was hit',
	},
	{
		state: 'UNKNOWN',
		short: 'WHY?',
		filter: 'unknown',
		isKill: false,
		weight: 16,
		meaning: 'what was looked at does not tell who ended it; the detail names the right or the policy that would',
	},
	{
		state: 'SHUTDOWN',
		short: 'SHUTDN',
		filter: 'shutdown',
		isKill: false,
		weight: 15,
		meaning: 'its node was shut down',
	},
	{
		state: 'RESTARTED',
		short: 'RESTRT',
		filter: 'restarted',
		isKill: false,
		weight: 14,
		meaning: 'the kubelet stopped its container to start it anew: the spec of the pod changed',
	},
	{
		state: 'DELETED',
		short: 'DELETE',
		filter: 'deleted',
		isKill: false,
		weight: 13,
		meaning:
			'its pod was deleted or had reached its deadline: by a person, a rollout, a scale-down or the end of a job',
	},
	{
		state: 'SELF',
		short: 'SELF',
		filter: 'self',
		isKill: false,
		weight: 12,
		meaning: 'it, or the main process of its container, ended by itself: an exit code, a fault, its own signal',
	},
] as const satisfies readonly KillStateRow[];

export type DeathState = (typeof deathStateTable)[number]['state'];

/** A row of the pane of alerts: an enforcement, or a death that is no policy's. */
export type AlertState = KillState | DeathState;

export const alertStateTable = [...killStateTable, ...deathStateTable] as const;

/**
The states that a word names: a value of the filter, a short word or a state's own name in any case, else the beginning of one.
*/
export function killStatesNamed(word: string): readonly AlertState[] {
	const lower = word.toLowerCase();
	const named = alertStateTable.map(({state, short, filter}) => ({
		state,
		words: [state, short, filter].map(one => one.toLowerCase()),
	}));
	const exact = named.filter(({words}) => words.includes(lower));
	const found = exact.length > 0 ? exact : named.filter(({words}) => words.some(one => one.startsWith(lower)));
	return found.map(({state}) => state);
}

/** The values of the filter `kill:`, in the order of the table. */
export const killFilters: readonly string[] = alertStateTable.map(({filter}) => filter);

/** The mode of a policy on a node by the agent's list; unknown: it lists none, or the list could not be read. */
export type PolicyMode = 'enforce' | 'monitor' | 'unknown';

/** The mode around an event: `changed` when the lists before and after it differ, and no counter tells when it changed. */
export type ListedMode = PolicyMode | 'changed';

/** Why a verdict is what it is, where its state alone does not say it. */
export type Reason =
	/** The counters of the policy rose so. */
	| 'counters'
	/** The policy's listed mode, which nothing contradicts. */
	| 'mode'
	/** No mode was recorded; the exit followed at once. */
	| 'exit'
	/** The call returned an error, or it did not. */
	| 'error'
	/** The process went on, or ended by itself. */
	| 'went-on'
	/** Mode and exit disagree; the next poll of the counters decides. */
	| 'awaits-counters'
	/** The counters were not read after it: the agent restarted, or did not answer. */
	| 'not-read'
	/** Enforced and monitored events lie between the same two polls, and both kinds of processes ended alike. */
	| 'mixed'
	/** The mode changed between two polls, and the agent has no counters. */
	| 'mode-changed'
	| 'mode-unknown';
