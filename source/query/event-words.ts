/**
The words that `ev:` compares: the event's type in short and in full, its function, its enforcement, and its verb in
the feed.
*/

import {enforcementOf} from '../store/kills/enforcing-action.js';
import type {FilterRow} from '../store/ring/filter-row.js';
import {describe} from '../tetragon/describe/describe.js';
import type {EventKind} from '../tetragon/event/event.js';
import {isHook, kindNamed, kinds} from '../tetragon/event/kinds.js';

const unknownWords = ['unknown', '?'];

function kindWords(kind: EventKind): readonly string[] {
	return kindNamed(kind)?.words ?? unknownWords;
}

const enforcementWords = {
	SIGKILL: ['kill', 'sigkill'],
	NOTIFYENFORCER: ['kill', 'notifyenforcer'],
	SIGNAL: ['kill', 'signal'],
	OVERRIDE: ['deny', 'override'],
} as const;

/** Words that are known without decoding the event. */
const cheap: ReadonlySet<string> = new Set([
	...kinds.flatMap(({name, words}) => [name, ...words]),
	...unknownWords,
	...Object.values(enforcementWords).flat(),
]);

/** Whether any word of the event passes the test. The verb comes last, since it needs the decoded event. */
export function someWord(candidate: FilterRow, test: (word: string) => boolean, verbs: boolean): boolean {
	const {kind, functionName} = candidate;
	if (test(kind) || kindWords(kind).some(test) || (functionName !== '' && test(functionName))) {
		return true;
	}

	const enforcement = enforcementOf(candidate.action, candidate.returnAction);
	if (enforcement !== undefined && enforcementWords[enforcement].some(test)) {
		return true;
	}

	// Only of a hook is the feed's verb another word than the kind's.
	if (!verbs || !isHook(kind)) {
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
	const found = kinds.filter(({name, words}) => name === lower || words.some(each => each === lower));
	return found.length === 0 ? undefined : found.map(({name}) => name);
}
