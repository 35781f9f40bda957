/**
JSON and compact lines, which leave the program as text of their own syntax: characters that act become escapes of that
syntax, so that JSON stays the same JSON.
*/

/**
In files and pipes: the controls C1, the characters that reorder a line (bidi), and the separators that end a line for some
readers. Only their bytes differ from the JSON of `tetra`. JSON escapes C0 itself.
*/
const acting = /[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** On a terminal also what is hidden or looks like a space, and what is joined with its neighbour. */
const hidden =
	/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Me}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800]|(?<=\p{M}\p{M})\p{M}+|(?<![\p{L}\p{M}\p{N}])\p{M}+/gu;

const printableAscii = /^[ -~]*$/;

/** Units as \uXXXX, which JSON reads. */
function escapedUnits(characters: string): string {
	let text = '';
	for (let unit = 0; unit < characters.length; unit++) {
		text += `\\u${characters.charCodeAt(unit).toString(16).padStart(4, '0')}`;
	}

	return text;
}

/** The same JSON, for a file or a pipe. */
export function inertJson(json: string): string {
	return printableAscii.test(json) ? json : json.replace(acting, escapedUnits);
}

/** The same JSON, for a terminal. */
export function terminalJson(json: string): string {
	return printableAscii.test(json) ? json : json.replace(hidden, escapedUnits);
}

/** What a line of ours may begin with: a time, a colour, and one of the two symbols that hold a variation selector. */
const colour = String.raw`\u001B\[\d+m`;
const ownHead = new RegExp(String.raw`^(?:[\dTZ:.-]+ )?(?:${colour})?[\u2049\u{1f575}]\ufe0f`, 'u');
const ownCodes = new RegExp(String.raw`(${colour}|\n)`, 'u');

/** A compact line, for a terminal. Foreign text in it has no control character: Go's quoting escapes them. */
export function terminalCompact(line: string): string {
	if (printableAscii.test(line)) {
		return line;
	}

	const head = ownHead.exec(line)?.[0] ?? '';
	const parts = line.slice(head.length).split(ownCodes);
	return head + parts.map((part, index) => (index % 2 === 1 ? part : part.replace(hidden, escapedUnits))).join('');
}
