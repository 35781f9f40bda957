/**
The floors inside the rooms that have sub-rooms, from the ground up. A sub-room, or a file that is directly in the room
(named without its ending), may import its own files and those of lower floors: never of its own floor, never of a higher one.
*/
export const floors: Readonly<Record<string, readonly (readonly string[])[]>> = {
	modes: [
		['usage-error'],
		['narrowings'],
		['terminal'],
		['recorder'],
		['fleet'],
		['cluster', 'replay'],
		['live', 'complete', 'licenses'],
		['run'],
	],
	store: [
		['rates', 'enforcement-states', 'arrival'],
		['death'],
		['processes'],
		['snapshot', 'keep'],
		['nodes', 'policies', 'ring', 'tree'],
		['kills', 'deaths'],
		['intake', 'decoded-frame'],
		['store-parts', 'totals'],
		['unseen'],
		['store'],
	],
	query: [
		['chip', 'event-words', 'fuzzy-match', 'regex', 'time-range', 'written-term'],
		['fuzzy', 'narrowing', 'parse-chips', 'pushdown', 'term-test'],
		['match'],
	],
	fleet: [
		['dial-limiter', 'end-reasons', 'event-sink', 'handover', 'loss', 'policy-poll', 'restart', 'stall', 'timers'],
		['event-stream', 'hold', 'idle-cuts'],
		['session-options'],
		['agent-session'],
		['node'],
		['fleet'],
	],
	kubernetes: [
		['did-you-mean'],
		['kubeconfig'],
		['auth'],
		['net'],
		['api'],
		['rights', 'tunnel'],
		['agents', 'deaths', 'target'],
		['transport'],
		['options'],
		['api-presence', 'cluster', 'doctor-agent', 'policy-and-log'],
		['completion-names', 'discover', 'doctor'],
	],
	// Shapes of an event; protobuf; JSON lines and words for an event; frames and compact lines; an agent; its filters.
	tetragon: [['event'], ['wire'], ['json', 'describe'], ['decode-frame', 'compact'], ['agent'], ['filter']],
	ui: [
		['frame'],
		['widgets', 'terminal'],
		['state'],
		['panes'],
		['keys', 'actions', 'save'],
		['bars', 'overlays', 'prompt'],
		['screen', 'action-table'],
		['plain-screen', 'dispatch'],
		['effects'],
		['run'],
	],
};
