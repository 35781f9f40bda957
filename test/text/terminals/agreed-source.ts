/** source/text/agreed.ts, made from the measured widths. */
import {sumOfCells} from '../../../source/text/cell-width.js';
import {emulatorNames, type Measured} from './measured.js';

/**
Characters that join with a neighbour of their own kind in some terminals: conjoining jamo, and regional indicators, of which
a lone one has one cell in tmux 3.3 and two in tmux 3.5.
*/
const joining: ReadonlyArray<readonly [first: number, last: number]> = [
	[0x11_00, 0x11_5f],
	[0xa9_60, 0xa9_7c],
	[0x1_f1_e6, 0x1_f1_ff],
];

/** xterm.js without an addon has the widths of Unicode 6: its one cell where all others draw two is no objection. */
const oldest = emulatorNames.findIndex(name => name.startsWith('xterm.js ('));

/** The cells that all terminals draw, and the newest Unicode has for it; undefined: they disagree. */
export function agreedCells(code: number, cells: readonly number[]): number | undefined {
	if (joining.some(([first, last]) => first <= code && code <= last)) {
		return undefined;
	}

	const [wanted = -1] = cells;
	const isAgreed = cells.every((each, index) => each === wanted || (index === oldest && wanted === 2 && each === 1));
	return isAgreed && wanted === sumOfCells(String.fromCodePoint(code)) ? wanted : undefined;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: two short loops that make one text
export function agreedSource(measured: readonly Measured[]): string {
	const ranges: Array<[number, number]> = [];
	for (const {first, last, cells} of measured) {
		for (let code = first; code <= last; code++) {
			const before = ranges.at(-1);
			if (agreedCells(code, cells) === undefined) {
				continue;
			}

			if (before?.[1] === code - 1) {
				before[1] = code;
			} else {
				ranges.push([code, code]);
			}
		}
	}

	const lines: string[] = [];
	for (const [first, last] of ranges) {
		const range = first === last ? first.toString(16) : `${first.toString(16)}-${last.toString(16)}`;
		const line = lines.at(-1);
		if (line !== undefined && line.length + range.length < 120) {
			lines[lines.length - 1] = `${line} ${range}`;
		} else {
			lines.push(range);
		}
	}

	return `/**
The characters above ASCII on whose cells all measured terminals agree, as ranges of code points. Every other one is shown as
an escape. Made by test/text/terminals/measure.ts from what the terminals drew; not to be edited.
*/
const ranges = \`
${lines.join('\n')}
\`;

/** The set as the inside of a character class of a regular expression with the flag u. */
export function agreedClass(): string {
	return ranges
		.trim()
		.replaceAll(/[\\da-f]+/g, String.raw\`\\u{$&}\`)
		.replaceAll(/\\s+/g, '');
}
`;
}
