/** How a text is compared, and the search of a text in all that is said of an event. */

import type {Process} from '../store/processes/process.js';
import type {FilterRow} from '../store/ring/filter-row.js';
import {isHook} from '../tetragon/event/kinds.js';
import type {Comparison, Term} from './chip.js';
import {eventText, processText, timeText} from './event-text.js';
import {isFuzzyMatch} from './fuzzy-match.js';
import {rawScreen} from './raw-screen.js';
import {compileRegex} from './regex.js';

export type TextTest = (text: string) => boolean;

/** What a test reads beside the event; what is absent is not searched. */
export type Around = {
	/** Ancestors, nearest first. */
	readonly chainOf?: (process: Process) => readonly Process[];
	/** Words of the row that neither the event nor its process has: its state, the cause of an exit. */
	readonly said?: (row: FilterRow) => string;
};

const mostRemembered = 4096;

/** Remembers answers: the same few pods, binaries and nodes are tested again and again. */
function remembering(test: TextTest): TextTest {
	const answers = new Map<string, boolean>();
	return text => {
		const known = answers.get(text);
		if (known !== undefined) {
			return known;
		}

		if (answers.size >= mostRemembered) {
			answers.clear();
		}

		const answer = test(text);
		answers.set(text, answer);
		return answer;
	};
}

export function textTest({comparison, value}: Pick<Term, 'comparison' | 'value'>): TextTest {
	const lower = value.toLowerCase();
	// A value with capital letters is case-sensitive, as in fzf.
	const cased = lower !== value;

	function folded(text: string) {
		return cased ? text : text.toLowerCase();
	}

	switch (comparison) {
		case 'exact':
			return text => text === value;
		case 'regex': {
			const regex = compileRegex(value);
			return remembering(text => typeof regex !== 'string' && regex.test(text));
		}

		case 'contains':
			return text => folded(text).includes(value);
		case 'prefix':
			return text => folded(text).startsWith(value);
		case 'suffix':
			return text => folded(text).endsWith(value);
		case 'fuzzy':
			return remembering(text => isFuzzyMatch(value, text));
		// Numbers and times have an order, texts have none.
		default:
			return () => false;
	}
}

/** A comparison of lines of text: equal to a text means that a line has it, capitals and all. */
function linesTest(comparison: Comparison, value: string): TextTest {
	if (comparison === 'prefix' || comparison === 'suffix') {
		const test = textTest({comparison, value});
		return text => text.split('\n').some(test);
	}

	if (comparison === 'regex') {
		const regex = compileRegex(value);
		return text => typeof regex !== 'string' && regex.test(text);
	}

	const isFolded = comparison !== 'exact' && value === value.toLowerCase();
	// The screen draws the arrows of a detail.
	const needles = [...new Set([value, value.replaceAll('→', '->').replaceAll('←', '<-')])];
	return text => {
		const subject = isFolded ? text.toLowerCase() : text;
		return needles.some(needle => subject.includes(needle)) || (value.includes('\\') && escapedHas(subject, needles));
	};
}

/** The screen writes a control character as an escape: `\x1b` is found by what is read on it. */
function escapedHas(text: string, needles: readonly string[]): boolean {
	const escaped = text
		.split('\n')
		// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is searched
		.map(line => line.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, escapeOf))
		.join('\\n');
	return needles.some(needle => escaped.includes(needle));
}

function escapeOf(character: string): string {
	const code = character.charCodeAt(0);
	const short = {9: '\\t', 10: '\\n', 13: '\\r'}[code];
	return (
		short ?? (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
	);
}

type Remembered = {readonly facts: Process['facts']; readonly signal: string; readonly answer: boolean};

/** Tests processes once each: many events have the same one, and each has ancestors. */
class ProcessSearch {
	readonly #test: TextTest;
	readonly #chainOf: Around['chainOf'];
	readonly #known = new WeakMap<Process, Remembered>();

	constructor(test: TextTest, chainOf: Around['chainOf']) {
		this.#test = test;
		this.#chainOf = chainOf;
	}

	has(process: Process): boolean {
		return this.#hasItself(process) || (this.#chainOf?.(process).some(ancestor => this.#hasItself(ancestor)) ?? false);
	}

	#hasItself(process: Process): boolean {
		const {facts, signal} = process;
		const known = this.#known.get(process);
		if (known !== undefined && known.facts === facts && known.signal === signal) {
			return known.answer;
		}

		const answer = this.#test(processText(process));
		this.#known.set(process, {facts, signal, answer});
		return answer;
	}
}

/** Whether the row or its detail says a text. The event is decoded last, and only where its bytes may hold the text. */
export function searchOf({comparison, value}: Term, {chainOf, said}: Around): (row: FilterRow) => boolean {
	const test = linesTest(comparison, value);
	const name = remembering(test);
	const processes = new ProcessSearch(test, chainOf);
	const isPart = comparison === 'contains' || comparison === 'exact' || comparison === 'fuzzy';
	const mayHold = isPart ? rawScreen(value, comparison !== 'exact' && value === value.toLowerCase()) : () => true;
	const mayBeTime = !isPart || /^[\d:.TZ -]+$/i.test(value);
	return row => {
		const {process, policy, functionName, kind} = row;
		if (
			name(row.nodeName) ||
			(policy !== '' && name(policy)) ||
			(functionName !== '' && name(functionName)) ||
			(process !== undefined && processes.has(process)) ||
			(mayBeTime && test(timeText(row.timeMs))) ||
			(said !== undefined && test(said(row)))
		) {
			return true;
		}

		const raw = row.raw();
		if (raw !== undefined && !mayHold({...raw, isHook: isHook(kind)})) {
			return false;
		}

		const event = row.event();
		return event !== undefined && test(eventText(event));
	};
}
