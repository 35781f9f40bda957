/** The words by which `ev:` knows an event: its type in short and in full, its function, what the policy asked for, and the verb of the feed. */

import {enforcementOf} from '../store/kills/kill-state.js';
import type {FilterRow} from '../store/ring/filter-row.js';
import {describe} from '../tetragon/event/describe.js';
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

/** Of these the feed's verb is another word than the type's. */
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

/** Words that need no decoding. */
const cheap: ReadonlySet<string> = new Set([
	...Object.entries(kindWords).flatMap(([kind, words]) => [kind, ...words]),
	...Object.values(enforcementWords).flat(),
]);

/** Does any word of the event pass the test? The verb is asked last, since the event must be decoded for it. */
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

/** A word that names a type or an enforcement is no verb: nothing has to be decoded for it. */
export function needsVerb(word: string): boolean {
	return !cheap.has(word.toLowerCase());
}

/** The event types that a word names, in Tetragon's names; undefined: it names something else. */
export function typesOf(word: string): EventKind[] | undefined {
	const lower = word.toLowerCase();
	const kinds = (Object.keys(kindWords) as EventKind[]).filter(
		kind => kind !== 'unknown' && (kind === lower || kindWords[kind].includes(lower)),
	);
	return kinds.length === 0 ? undefined : kinds;
}
