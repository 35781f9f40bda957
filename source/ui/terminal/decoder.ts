/**
From the bytes of a terminal to keys. A chunk may hold many keys (`jjj`), half a key (`ESC [` now, `A` later) or half a
character; nothing that is not understood may come out as a letter, since letters act.
*/
import {StringDecoder} from 'node:string_decoder';
import {graphemes} from '../../text/width.js';
import {keyOfConsole, keyOfControl, keyOfCsi, keyOfSs3} from './sequences.js';

export type MouseAction = 'press' | 'release' | 'drag' | 'wheel-up' | 'wheel-down';

export type KeyEvent =
	/** `text` is what the key types; keys without it only act. */
	| {readonly type: 'key'; readonly name: string; readonly text?: string}
	/** Raw text between the marks of bracketed paste; for the prompt, never for actions. */
	| {readonly type: 'paste'; readonly text: string}
	/** Cells from 0. */
	| {
			readonly type: 'mouse';
			readonly action: MouseAction;
			readonly button: number;
			readonly x: number;
			readonly y: number;
	  }
	/** The answer to CSI 6n. Cells from 0. */
	| {readonly type: 'position'; readonly x: number; readonly y: number};

const esc = '\u001B';
const pasteStart = '\u001B[200~';
const pasteEnd = '\u001B[201~';
const pasteLimit = 65_536;
/** Longer than any key or answer of a terminal: a longer sequence is dropped. */
const sequenceLimit = 64;
const stringLimit = 4096;

/** Starts a string that ends with ST or BEL: OSC, DCS, APC, PM, SOS. */
const stringStart = /^[\]P_^X]$/;

type Step = {readonly used: number; readonly events: readonly KeyEvent[]} | 'more';

function key(name: string | undefined, text?: string): KeyEvent[] {
	if (name === undefined) {
		return [];
	}
	return text === undefined ? [{type: 'key', name}] : [{type: 'key', name, text}];
}

function mouse(parameters: string, final: string): KeyEvent[] {
	const [code = 0, column = 1, row = 1] = parameters.slice(1).split(';').map(Number);
	if (![code, column, row].every(Number.isInteger)) {
		return [];
	}
	const isWheel = code & 64;
	const action: MouseAction = isWheel
		? code & 1
			? 'wheel-down'
			: 'wheel-up'
		: final === 'm'
			? 'release'
			: code & 32
				? 'drag'
				: 'press';
	return [{type: 'mouse', action, button: code & 3, x: column - 1, y: row - 1}];
}

const position = /^(\d+);(\d+)$/;

function eventsOfCsi(parameters: string, intermediates: string, final: string): KeyEvent[] {
	if (intermediates !== '') {
		return [];
	}
	if (parameters.startsWith('<')) {
		return final === 'M' || final === 'm' ? mouse(parameters, final) : [];
	}
	if (/^[=>?]/.test(parameters)) {
		return [];
	}
	const at = final === 'R' ? position.exec(parameters) : undefined;
	if (at) {
		return [{type: 'position', x: Number(at[2]) - 1, y: Number(at[1]) - 1}];
	}
	return key(keyOfCsi(parameters, final));
}

/** A function key of the Linux console. `text` begins with the second [ of ESC [ [. */
function consoleKey(text: string, before: number): Step {
	const name = text[1];
	if (name === undefined) {
		return 'more';
	}
	return name < ' ' ? {used: before + 1, events: []} : {used: before + 2, events: key(keyOfConsole(name))};
}

/** X10 mouse, which the program never asks for: three characters from the space on follow. A control is a key of its own. */
function x10Mouse(text: string, before: number): Step {
	const control = [...text.slice(1, 4)].findIndex(character => character < ' ' || character === '\u007F');
	if (control !== -1) {
		return {used: before + 1 + control, events: []};
	}

	return text.length < 4 ? 'more' : {used: before + 4, events: []};
}

/** `text` begins after ESC [. */
function csi(text: string, before: number): Step {
	if (text.startsWith('[')) {
		return consoleKey(text, before);
	}
	if (text.startsWith('M')) {
		return x10Mouse(text, before);
	}
	const [whole = '', parameters = '', intermediates = ''] = /^([0-?]*)([ -/]*)/.exec(text) ?? [];
	if (/^\d+$/.test(parameters) && intermediates === '$') {
		return {used: before + whole.length, events: key(keyOfCsi(parameters, '$'))};
	}
	const final = text[whole.length];
	if (final === undefined) {
		return whole.length > sequenceLimit ? {used: before + whole.length, events: []} : 'more';
	}
	// A control or a character that is not allowed here ends the sequence and is read again by itself.
	if (final < '@' || final > '~') {
		return {used: before + whole.length, events: []};
	}
	return {used: before + whole.length + 1, events: eventsOfCsi(parameters, intermediates, final)};
}

/** `text` begins after ESC O. */
function ss3(text: string, before: number): Step {
	const [parameters = ''] = /^[0-9;]*/.exec(text) ?? [];
	const final = text[parameters.length];
	if (final === undefined) {
		return parameters.length > sequenceLimit ? {used: before + parameters.length, events: []} : 'more';
	}
	if (final < '@' || final > '~') {
		return {used: before + parameters.length, events: []};
	}
	return {used: before + parameters.length + 1, events: key(keyOfSs3(parameters, final))};
}

/** `text` begins after ESC ] and its like. A control that does not end a string breaks it off, so that ctrl-c always works. */
function controlString(text: string, before: number): Step {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these end the string
	const end = /[\u0000-\u001F\u009C]/.exec(text);
	if (!end) {
		return text.length > stringLimit ? {used: before + text.length, events: []} : 'more';
	}
	const at = before + end.index;
	if (end[0] === '\u0007' || end[0] === '\u009C') {
		return {used: at + 1, events: []};
	}
	if (end[0] !== esc) {
		return {used: at, events: []};
	}
	const after = text[end.index + 1];
	if (after === undefined) {
		return 'more';
	}
	return {used: after === '\\' ? at + 2 : at, events: []};
}

/** Turns chunks of bytes into keys; an unfinished sequence at the end of a chunk waits for the next chunk. */
export class Decoder {
	readonly #utf8 = new StringDecoder('utf8');
	#buffer = '';
	/** The text of a paste that has no end yet. */
	#paste: string | undefined;
	/** ESC came alone in an earlier chunk: a letter after it is a key of its own, not Alt. */
	#isEscapeAlone = false;
	/** ESC and a letter may be two keys. */
	#isLate = false;

	/** `isLate`: the program did not read for a while, so the bytes of the chunk may have come at different times. */
	push(chunk: Buffer | string, isLate = false): KeyEvent[] {
		this.#isLate = isLate;
		this.#buffer += typeof chunk === 'string' ? chunk : this.#utf8.write(chunk);
		const events: KeyEvent[] = [];
		while (this.#buffer !== '' && this.#step(events)) {
			// Each step takes one key.
		}

		this.#isEscapeAlone = this.#buffer === esc && this.#paste === undefined;
		return events;
	}

	/** True while an ESC waits for its rest; `flush` makes it a key. */
	get pending(): boolean {
		const isStringStart = this.#buffer.length === 2 && stringStart.test(this.#buffer[1] ?? '');
		return this.#paste === undefined && (this.#buffer === esc || isStringStart);
	}

	/** Gives up waiting. A sequence that begins with ESC [ or ESC O still waits for its end: its rest would be read as letters. */
	flush(): KeyEvent[] {
		if (!this.pending) {
			return [];
		}

		const name = this.#buffer === esc ? 'esc' : `alt-${this.#buffer.slice(1)}`;
		this.#buffer = '';
		this.#isEscapeAlone = false;
		return key(name);
	}

	/** Takes one key or a piece of a paste from the buffer; false: it waits for more. */
	#step(events: KeyEvent[]): boolean {
		if (this.#paste !== undefined) {
			return this.#takePaste(this.#paste, events);
		}

		if (this.#buffer.startsWith(pasteStart)) {
			this.#paste = '';
			this.#buffer = this.#buffer.slice(pasteStart.length);
			return true;
		}

		const step = this.#next();
		if (step === 'more') {
			return false;
		}

		events.push(...step.events);
		this.#buffer = this.#buffer.slice(step.used);
		this.#isEscapeAlone = false;
		return true;
	}

	/** False: the paste goes on in the next chunk. */
	#takePaste(begun: string, events: KeyEvent[]): boolean {
		// The end of a paste got lost: terminals never paste a bare ctrl-c.
		const before = this.#buffer.slice(0, -1);
		if (this.#buffer.endsWith('\u0003') && endBegunIn(before) === before.length) {
			this.#buffer = '\u0003';
			this.#paste = undefined;
			return true;
		}

		const end = this.#buffer.indexOf(pasteEnd);
		if (end === -1) {
			const kept = endBegunIn(this.#buffer);
			const at = this.#buffer.length - kept;
			this.#paste = (begun + this.#buffer.slice(0, at)).slice(0, pasteLimit);
			this.#buffer = this.#buffer.slice(at);
			return false;
		}

		events.push({type: 'paste', text: (begun + this.#buffer.slice(0, end)).slice(0, pasteLimit)});
		this.#buffer = this.#buffer.slice(end + pasteEnd.length);
		this.#paste = undefined;
		return true;
	}

	#next(): Step {
		const buffer = this.#buffer;
		const first = buffer.charCodeAt(0);
		if (first === 0x1b) {
			return this.#afterEscape();
		}

		if (first === 0x9b) {
			return csi(buffer.slice(1), 1);
		}

		if (first === 0x8f) {
			return ss3(buffer.slice(1), 1);
		}

		if (first < 0x20 || first === 0x7f) {
			return {used: 1, events: key(keyOfControl(first))};
		}

		if (first > 0x7f && first < 0xa0) {
			return {used: 1, events: []};
		}

		// biome-ignore lint/suspicious/noControlCharactersInRegex: a run of text ends at a control
		const [run = ''] = /^[^\u0000-\u001F\u007F-\u009F]+/.exec(buffer) ?? [];
		return {used: run.length, events: graphemes(run).flatMap(text => key(text === ' ' ? 'space' : text, text))};
	}

	#afterEscape(): Step {
		const buffer = this.#buffer;
		const second = buffer[1];
		if (second === undefined) {
			return 'more';
		}

		if (second === '[') {
			return csi(buffer.slice(2), 2);
		}

		if (second === 'O') {
			return ss3(buffer.slice(2), 2);
		}

		if (stringStart.test(second)) {
			return controlString(buffer.slice(2), 2);
		}

		if (second === esc || this.#isEscapeAlone || this.#isLate || second < ' ' || second === '\u007F') {
			return {used: 1, events: key('esc')};
		}

		// Terminals send Alt as ESC and the character in one piece.
		const [character = ''] = graphemes(buffer.slice(1, 33));
		return {used: 1 + character.length, events: key(`alt-${character === ' ' ? 'space' : character}`)};
	}
}

/** How many characters at the end of the text may begin the mark that ends a paste. */
function endBegunIn(text: string): number {
	let kept = Math.min(text.length, pasteEnd.length - 1);
	while (kept > 0 && !pasteEnd.startsWith(text.slice(-kept))) {
		kept--;
	}

	return kept;
}
