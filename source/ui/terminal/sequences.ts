/**
What terminals send for keys that are not characters: xterm, VT220, PuTTY, rxvt, screen, tmux and the Linux console, in
one set of tables, since their sequences do not contradict each other.
*/
import {table} from '../../runtime/table.js';

/** CSI n ~ */
const byNumber: Readonly<Record<number, string>> = {
	1: 'home',
	2: 'insert',
	3: 'delete',
	4: 'end',
	5: 'pageup',
	6: 'pagedown',
	// rxvt
	7: 'home',
	8: 'end',
	// PuTTY and rxvt send these for F1–F5, xterm F5 only
	11: 'f1',
	12: 'f2',
	13: 'f3',
	14: 'f4',
	15: 'f5',
	17: 'f6',
	18: 'f7',
	19: 'f8',
	20: 'f9',
	21: 'f10',
	23: 'f11',
	24: 'f12',
	25: 'f13',
	26: 'f14',
	28: 'f15',
	29: 'f16',
	31: 'f17',
	32: 'f18',
	33: 'f19',
	34: 'f20',
};

/** CSI letter and SS3 letter. */
const byLetter: Readonly<Record<string, string>> = table<string>({
	A: 'up',
	B: 'down',
	C: 'right',
	D: 'left',
	F: 'end',
	H: 'home',
	P: 'f1',
	Q: 'f2',
	R: 'f3',
	S: 'f4',
	Z: 'shift-tab',
});

/** SS3 of the application keypad. */
const keypad: Readonly<Record<string, string>> = table<string>({
	M: 'enter',
	X: '=',
	j: '*',
	k: '+',
	l: ',',
	m: '-',
	n: '.',
	o: '/',
	...Object.fromEntries([...'pqrstuvwxy'].map((letter, digit) => [letter, String(digit)])),
});

const rxvtArrows: Readonly<Record<string, string>> = table<string>({a: 'up', b: 'down', c: 'right', d: 'left'});

/** Codes of CSI u and of modifyOtherKeys. */
const byCode: Readonly<Record<number, string>> = {
	8: 'backspace',
	9: 'tab',
	13: 'enter',
	27: 'esc',
	32: 'space',
	127: 'backspace',
};

/** `mask` is the parameter of xterm: 1 + shift 1, alt 2, ctrl 4. */
function modified(name: string, mask = 1): string {
	const bits = mask - 1;
	const shift = bits & 1 && !name.startsWith('shift-') ? 'shift-' : '';
	return (bits & 4 ? 'ctrl-' : '') + (bits & 2 ? 'alt-' : '') + shift + name;
}

function ofCode(code: number, mask: number): string | undefined {
	const known = byCode[code];
	if (known !== undefined) {
		return modified(known, mask);
	}
	if (code < 0x20 || code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff)) {
		return undefined;
	}
	const character = String.fromCodePoint(code);
	const isShifted = (mask - 1) & 1;
	// A shifted letter is its upper case, as without the protocol.
	return modified(isShifted ? character.toUpperCase() : character, ((mask - 1) & ~1) + 1);
}

function modifiedOf(name: string | undefined, mask: number): string | undefined {
	return name === undefined ? undefined : modified(name, mask);
}

/** rxvt's final bytes of a numbered key: $ with shift, ^ with ctrl, @ with both. */
const rxvtMasks: Readonly<Record<string, number>> = table<number>({$: 2, '^': 5, '@': 6});

/** The key of a whole CSI sequence; undefined: not a key, to be dropped. `parameters` without the leading `<` `=` `>` `?`. */
export function keyOfCsi(parameters: string, final: string): string | undefined {
	const [first = 1, mask = 1, third = 0] = parameters.split(/[;:]/).map(part => Number(part || 1));
	if (final === '~') {
		return first === 27 && third > 0 ? ofCode(third, mask) : modifiedOf(byNumber[first], mask);
	}

	if (final === 'u') {
		return parameters === '' ? undefined : ofCode(first, mask);
	}

	const rxvtMask = rxvtMasks[final];
	if (rxvtMask !== undefined) {
		return parameters === '' ? undefined : modifiedOf(byNumber[first], rxvtMask);
	}

	const arrow = rxvtArrows[final];
	if (arrow !== undefined) {
		return parameters === '' ? modified(arrow, 2) : undefined;
	}

	return modifiedOf(byLetter[final], mask);
}

/** The key of SS3; the parameters are what some terminals put there for modifiers. */
export function keyOfSs3(parameters: string, final: string): string | undefined {
	const mask = Number(parameters.split(';').at(-1) || 1);
	const arrow = rxvtArrows[final];
	if (arrow !== undefined) {
		return modified(arrow, 5);
	}
	return modifiedOf(final === 'Z' ? undefined : (byLetter[final] ?? keypad[final]), mask);
}

/** CSI [ letter: F1–F5 of the Linux console. */
export function keyOfConsole(letter: string): string | undefined {
	const number = 'ABCDE'.indexOf(letter);
	return number === -1 || letter === '' ? undefined : `f${number + 1}`;
}

/** Names of the C0 controls and DEL. */
export function keyOfControl(code: number): string | undefined {
	if (code === 0x0d || code === 0x0a) {
		return 'enter';
	}
	if (code === 0x09) {
		return 'tab';
	}
	if (code === 0x08 || code === 0x7f) {
		return 'backspace';
	}
	if (code === 0x1b) {
		return 'esc';
	}
	if (code === 0) {
		return 'ctrl-@';
	}
	if (code <= 0x1a) {
		return `ctrl-${String.fromCharCode(code + 0x60)}`;
	}
	return code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x40)}` : undefined;
}
