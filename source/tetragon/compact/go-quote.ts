/** Go's strconv.Quote, where tetra uses it: since v1.8 it quotes a foreign text that has a space or is not printable. */
import {table} from '../../runtime/table.js';

/** Printable ASCII without a space: nearly every text there is. */
const plain = /^[!-~]*$/;
/** unicode.IsPrint and not unicode.IsSpace: letters, marks, numbers, punctuation, symbols. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]*$/u;
const escaped = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** The text itself, or quoted as Go would. */
export function quotedWhenNeeded(text: string): string {
	return plain.test(text) || printable.test(text) ? text : `"${text.replace(escaped, escapeOne)}"`;
}

const named: Readonly<Record<string, string>> = table<string>({
	'"': '\\"',
	'\\': '\\\\',
	'\u0007': '\\a',
	'\b': '\\b',
	'\f': '\\f',
	'\n': '\\n',
	'\r': '\\r',
	'\t': '\\t',
	'\v': '\\v',
});

function escapeOne(character: string): string {
	const name = named[character];
	if (name !== undefined) {
		return name;
	}

	const code = character.codePointAt(0) ?? 0;
	if (code < 0x20 || code === 0x7f) {
		return `\\x${code.toString(16).padStart(2, '0')}`;
	}

	return code < 0x1_00_00 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
