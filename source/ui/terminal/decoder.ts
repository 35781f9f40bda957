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

export type Decoder = {
	readonly push: (chunk: Buffer | string) => KeyEvent[];
	/** An ESC waits for its rest; `flush` after 50 ms makes it the Esc key. */
	readonly pending: boolean;
	readonly flush: () => KeyEvent[];
};

const esc = '\u001B';
const pasteEnd = '\u001B[201~';
const pasteLimit = 65_536;
/** Longer than any key or reply; what goes on is not from a terminal. */
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

/** `text` begins after ESC [. */
function csi(text: string, before: number): Step {
	if (text.startsWith('[')) {
		return text.length < 2 ? 'more' : {used: before + 2, events: key(keyOfConsole(text[1] ?? ''))};
	}
	// X10 mouse, which we never ask for: three characters follow.
	if (text.startsWith('M')) {
		return text.length < 4 ? 'more' : {used: before + 4, events: []};
	}
	const [whole = '', parameters = '', intermediates = ''] = /^([0-?]*)([ -/]*)/.exec(text) ?? [];
	if (/^\d+$/.test(parameters) && intermediates === '$') {
		return {used: before + whole.length, events: key(keyOfCsi(parameters, '$'))};
	}
	const final = text[whole.length];
	if (final === undefined) {
		return whole.length > sequenceLimit ? {used: before + whole.length, events: []} : 'more';
	}
	// A control or a character that cannot stand here ends the sequence and counts for itself.
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

/** `text` begins after ESC ] and its like. A control other than the ends gives up the string, so that ctrl-c always works. */
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

export function createDecoder(): Decoder {
	const utf8 = new StringDecoder('utf8');
	let buffer = '';
	let paste: string | undefined;
	/** ESC came alone in an earlier chunk: a letter after it is a key of its own, not Alt. */
	let isEscapeAlone = false;

	function afterEscape(): Step {
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
		if (second === esc || isEscapeAlone || second < ' ' || second === '\u007F') {
			return {used: 1, events: key('esc')};
		}
		// Terminals send Alt as ESC and the character in one piece.
		const [character = ''] = graphemes(buffer.slice(1, 33));
		return {used: 1 + character.length, events: key(`alt-${character === ' ' ? 'space' : character}`)};
	}

	function next(): Step {
		const first = buffer.charCodeAt(0);
		if (first === 0x1b) {
			return afterEscape();
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

	/** True while the paste goes on. */
	function takePaste(events: KeyEvent[]): boolean {
		if (paste === undefined) {
			return false;
		}
		// The end of a paste got lost: terminals never paste a bare ctrl-c.
		const isGivenUp = buffer === '\u0003';
		const end = buffer.indexOf(pasteEnd);
		if (end === -1 && !isGivenUp) {
			let kept = Math.min(buffer.length, pasteEnd.length - 1);
			while (kept > 0 && !pasteEnd.startsWith(buffer.slice(-kept))) {
				kept--;
			}
			paste = (paste + buffer.slice(0, buffer.length - kept)).slice(0, pasteLimit);
			buffer = kept === 0 ? '' : buffer.slice(-kept);
			return true;
		}
		if (!isGivenUp) {
			events.push({type: 'paste', text: (paste + buffer.slice(0, end)).slice(0, pasteLimit)});
			buffer = buffer.slice(end + pasteEnd.length);
		}
		paste = undefined;
		return false;
	}

	function drain(): KeyEvent[] {
		const events: KeyEvent[] = [];
		while (buffer !== '') {
			if (takePaste(events)) {
				break;
			}
			if (buffer.startsWith('\u001B[200~')) {
				paste = '';
				buffer = buffer.slice(6);
				if (takePaste(events)) {
					break;
				}
				continue;
			}
			const step = next();
			if (step === 'more') {
				break;
			}
			events.push(...step.events);
			buffer = buffer.slice(step.used);
			isEscapeAlone = false;
		}
		isEscapeAlone = buffer === esc && paste === undefined;
		return events;
	}

	function isWaiting(): boolean {
		return paste === undefined && (buffer === esc || (buffer.length === 2 && stringStart.test(buffer[1] ?? '')));
	}

	return {
		push(chunk) {
			buffer += typeof chunk === 'string' ? chunk : utf8.write(chunk);
			return drain();
		},
		get pending() {
			return isWaiting();
		},
		/** What has begun as ESC [ or ESC O is awaited to its end: its rest would act as letters. */
		flush() {
			if (!isWaiting()) {
				return [];
			}
			const name = buffer === esc ? 'esc' : `alt-${buffer.slice(1)}`;
			buffer = '';
			isEscapeAlone = false;
			return key(name);
		},
	};
}
