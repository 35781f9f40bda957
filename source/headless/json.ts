/** `-o json`: one object per line, as `tetra getevents -o json` has it. */
import {eventJson} from '../tetragon/json/json-text.js';
import type {Form} from './form.js';

/** `terminal`: characters that a terminal obeys or hides are written as \uXXXX, which is the same JSON. */
export function jsonForm({terminal}: {readonly terminal: boolean}): Form {
	const made = terminal ? forTerminal : (text: string): string => text;
	return {
		frame: bytes => made(eventJson(bytes)),
		event: (_line, event) => made(JSON.stringify(event)),
	};
}

const printableAscii = /^[ -~]*$/;
/** Controls (C1 and DEL: JSON escapes the others), formats, bidi, separators, unassigned and ignorable characters. */
const unsafe =
	/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800]/gu;

/** The same JSON, of characters that a terminal shows and does not obey. */
export function forTerminal(json: string): string {
	return printableAscii.test(json) ? json : json.replace(unsafe, escaped);
}

function escaped(character: string): string {
	let text = '';
	for (let unit = 0; unit < character.length; unit++) {
		text += `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
	}

	return text;
}
