/**
The words that `ev:` compares: the event's type in short and in full, its function, its enforcement, and its verb in
the feed.
*/

import {enforcementOf} from '../store/kills/kill-state.js';
import type {FilterRow} from '../store/ring/filter-row.js';
import {describe} from '../tetragon/describe/describe.js';
import type {EventKind} from '../tetragon/event/event.js';

const kindWords: Readonly<Record<EventKind, readonly string[]>> = {
	process_exec: ['exec'],
	process_exit: ['exit'],
	process_kprobe: ['kprobe'],
	process_tracepoint: ['tracepoint', 'tp'],
	process_loader: ['loader', 'load'],
	process_uprobe: ['uprobe'],
	process_throttle: ['throttle', 'thr'],
	process_lsm: ['lsm'],
	process_usdt: ['usdt'],
	test: ['test'],
	rate_limit_info: ['rate_limit', 'limit'],
	unknown: ['unknown', '?'],
};

/** Kinds whose verb in the feed is another word than their type. */
const hooks: ReadonlySet<EventKind> = new Set([
	'process_kprobe',
	'process_tracepoint',
	'process_uprobe',
	'process_lsm',
	'process_usdt',
]);

const enforcementWords = {
	SIGKILL: ['kill', 'sigkill'],
	NOTIFYENFORCER: ['kill', 'notifyenforcer'],
	SIGNAL: ['kill', 'signal'],
	OVERRIDE: ['deny', 'override'],
} as const;

/** Words that are known without decoding the event. */
const cheap: ReadonlySet<string> = new Set([
	...Object.entries(kindWords).flatMap(([kind, words]) => [kind, ...words]),
	...Object.values(enforcementWords).flat(),
]);

/** Whether any word of the event passes the test. The verb comes last, since it needs the decoded event. */
export function someWord(candidate: FilterRow, test: (word: string) => boolean, verbs: boolean): boolean {
	const {kind, functionName} = candidate;
	if (test(kind) || kindWords[kind].some(test) || (functionName !== '' && test(functionName))) {
		return true;
	}

	const enforcement = enforcementOf(candidate.action, candidate.returnAction);
	if (enforcement !== undefined && enforcementWords[enforcement].some(test)) {
		return true;
	}

	if (!verbs || !hooks.has(kind)) {
		return false;
	}

	const event = candidate.event();
	return event !== undefined && test(describe(event).verb.toLowerCase());
}

/** False for a word that names a type or an enforcement: no event is decoded for it. */
export function needsVerb(word: string): boolean {
	return !cheap.has(word.toLowerCase());
}

/** The event types that a word names; undefined: it names none. */
export function typesOf(word: string): EventKind[] | undefined {
	const lower = word.toLowerCase();
	const kinds = (Object.keys(kindWords) as EventKind[]).filter(
		kind => kind !== 'unknown' && (kind === lower || kindWords[kind].includes(lower)),
	);
	return kinds.length === 0 ? undefined : kinds;
}
