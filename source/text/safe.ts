/**
The only way a foreign string reaches a screen, a title, a clipboard or a line on a terminal. Attackers write argv.

Nothing is removed: a character that a terminal would obey, hide or reorder is written as an escape, since a deleted character
hides evidence. The escapes are those of JavaScript and C: `\n` `\r` `\t` `\x1b` `\u202e` `\u{e0041}`.

Backslashes: a run of them is doubled only before one of `n r t u x` or before a character that is escaped
itself. So `C:\dir`, `\d+` and `a \` stay as typed, a typed `\n` becomes `\\n`, and `\n` always is a line feed:
an odd number of backslashes before one of these letters is our escape, an even number was typed.
*/
import {agreedClass} from './agreed.js';
import {charset} from './charset.js';

declare const safeMark: unique symbol;

/** Text that holds no control, escape, bidi, zero-width or separator character. Only this module makes it. */
export type SafeText = string & {readonly [safeMark]: true};

/** Nothing to do: printable ASCII without a backslash. */
const cleanAscii = /^[ -[\]-~]*$/;

/**
Cc Cf Cs Zl Zp: controls, bidi and zero-width formats, lone surrogates, separators. Default_Ignorable: variation
selectors, tags, soft hyphen, Hangul fillers. Cn Co: no terminal agrees on their width. Zs but the space, and the empty
braille cell: they look like a space and are not one. Me and emoji modifiers: terminals disagree on the width of what
they join (tmux 3.3a gives a skin tone four cells, string-width two). Of all others the set in agreed.ts is shown.
*/
const unsafeClass =
	'\\p{Cc}\\p{Cf}\\p{Cs}\\p{Cn}\\p{Co}\\p{Zl}\\p{Zp}\\p{Me}\\p{Default_Ignorable_Code_Point}\\p{Emoji_Modifier}\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000\\u2800';

function pattern(unsafe: string, marks: string): RegExp {
	return new RegExp(`(\\\\+)(?=[nrtux]|${unsafe})|${unsafe}${marks}`, 'gu');
}

const unsafeAscii = pattern('[^ -~]', '');
let unsafeUnicode: RegExp | undefined;

/** Made at the first text that needs it. */
function unsafePattern(): RegExp {
	if (charset() === 'ascii') {
		return unsafeAscii;
	}
	// A mark with no base is drawn on the cell before the text, and more than two reach into the rows above.
	unsafeUnicode ??= pattern(`(?:[${unsafeClass}]|[^ -~${agreedClass()}])`, '|^\\p{M}+|(?<=\\p{M}\\p{M})\\p{M}+');
	return unsafeUnicode;
}

const controls = new RegExp(`[${unsafeClass}]`, 'u');

function escapeOne(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	if (code === 0x0a) {
		return '\\n';
	}
	if (code === 0x0d) {
		return '\\r';
	}
	if (code === 0x09) {
		return '\\t';
	}
	if (code < 0x1_00) {
		return `\\x${code.toString(16).padStart(2, '0')}`;
	}
	if (code < 0x1_00_00) {
		return `\\u${code.toString(16).padStart(4, '0')}`;
	}
	return `\\u{${code.toString(16)}}`;
}

function replacement(found: string, backslashes: string | undefined): string {
	if (backslashes !== undefined) {
		return backslashes + backslashes;
	}
	let out = '';
	for (const character of found) {
		out += escapeOne(character);
	}
	return out;
}

function cut(foreign: string, limit: number): string {
	const last = foreign.charCodeAt(limit - 1);
	const splitsPair = last >= 0xd8_00 && last <= 0xdb_ff;
	return foreign.slice(0, splitsPair ? limit + 1 : limit);
}

/**
Makes any string fit for a terminal.

`limit`: UTF-16 units of the foreign text that are looked at; a row of 200 cells need not escape 128 KiB of argv. Give at
least four times the cells, then `fit` still sees that something was left over.
*/
export function safe(foreign: string, limit = Number.POSITIVE_INFINITY): SafeText {
	const text = cut(foreign, limit);
	if (cleanAscii.test(text)) {
		return text as SafeText;
	}
	return text.replace(unsafePattern(), replacement) as SafeText;
}

/** A string literal of our own code; a `string` whose value the compiler does not know is refused by it. */
type Literal<Text extends string> = string extends Text ? never : Text;

const checked = new WeakSet<TemplateStringsArray>();

function assertClean(text: string): void {
	if (controls.test(text)) {
		throw new TypeError(`not clean: ${JSON.stringify(text)}; foreign text goes through safe()`);
	}
}

/**
Text of our own code: ``own`kills ${count}` `` with values that are safe or numbers, or `own('literal')`.
Throws on a literal that is not clean.
*/
export function own(parts: TemplateStringsArray, ...values: readonly (SafeText | number)[]): SafeText;

export function own<const Text extends string>(text: Literal<Text>): SafeText;

export function own(parts: TemplateStringsArray | string, ...values: readonly (SafeText | number)[]): SafeText {
	if (typeof parts === 'string') {
		assertClean(parts);
		return parts as SafeText;
	}
	if (!checked.has(parts)) {
		for (const part of parts) {
			assertClean(part);
		}
		checked.add(parts);
	}
	let out = parts[0] ?? '';
	for (const [index, value] of values.entries()) {
		out += String(value) + (parts[index + 1] ?? '');
	}
	return out as SafeText;
}

export const empty: SafeText = own('');

export function concat(...parts: readonly SafeText[]): SafeText {
	return parts.join('') as SafeText;
}

export function joinSafe(parts: readonly SafeText[], between: SafeText): SafeText {
	return parts.join(between) as SafeText;
}

export function repeatSafe(text: SafeText, times: number): SafeText {
	return text.repeat(Math.max(0, times)) as SafeText;
}

/** Part of a safe text, in UTF-16 units: for width.ts and the prompt, which cut between graphemes only. */
export function sliceSafe(text: SafeText, from: number, to?: number): SafeText {
	return text.slice(from, to) as SafeText;
}
