/**
The characters that need no table of Unicode: each takes one cell of the terminal and is a grapheme of its own, because
it never joins with the character before it. A text of these alone has as many cells and graphemes as it has units.
A selector or a combining mark after one of them is not in the set, so a text that holds one is measured in full.
*/

/** First and last UTF-16 unit of each range. All lie in the basic plane, so a unit is a character. */
const ranges: ReadonlyArray<readonly [first: number, last: number]> = [
	// Printable ASCII.
	[0x20, 0x7e],
	// Latin letters and punctuation, without © (may be an emoji), the soft hyphen (no cell) and ® (may be an emoji).
	[0xa1, 0xa8],
	[0xaa, 0xac],
	[0xaf, 0x2_4f],
	// – — ’ … ›
	[0x20_13, 0x20_14],
	[0x20_19, 0x20_19],
	[0x20_26, 0x20_26],
	[0x20_3a, 0x20_3a],
	// Arrows, and ⏎.
	[0x21_90, 0x21_ff],
	[0x23_ce, 0x23_ce],
	// Box drawing, blocks and geometric shapes, without the two squares and the triangle at the end: 25FD and 25FE take two.
	[0x25_00, 0x25_fc],
	// ✕ ✖
	[0x27_15, 0x27_16],
];

const table = new Uint8Array(0x27_17);
for (const [first, last] of ranges) {
	table.fill(1, first, last + 1);
}

/** True if every unit of the text is in the set; then `text.length` is its width. */
export function isOneCellEach(text: string): boolean {
	for (let index = 0; index < text.length; index++) {
		if (table[text.charCodeAt(index)] !== 1) {
			return false;
		}
	}

	return true;
}

function escaped(unit: number): string {
	return `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** The set as the inside of a character class of a regular expression. */
export const oneCellClass = ranges.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join('');

/** Matches a text for which isOneCellEach() is true. */
export const oneCellText = new RegExp(`^[${oneCellClass}]*$`);
