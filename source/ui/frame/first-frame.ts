/**
A whole frame as the bytes that draw it, for the first one. React, Ink and Yoga are half of the way from the start of the
process to something on the screen; drawn by hand the first frame stands before they are loaded, and Ink goes on from it.
*/
import type {Band, Frame} from './app.js';

const home = '\u001B[H';
const plain = '\u001B[0m';
const beginSynchronized = '\u001B[?2026h';
const endSynchronized = '\u001B[?2026l';

/** Takes the screen's text away from the top on, for a frame that is not the one that stands there. */
export const eraseScreen = `${home}\u001B[J`;

function rowsOf({columns, height}: Band): readonly string[] {
	return Array.from({length: height}, (_, row) =>
		columns
			.map(({rows, width}) => rows[row] ?? ' '.repeat(width))
			.join('')
			// The screen was empty before; what a terminal copies should not end in blanks.
			.trimEnd(),
	);
}

/** Leaves the cursor in the last row, where Ink expects it. Lines must not wrap (DECAWM off), for each fills its row. */
export function frameText(frame: Frame): string {
	return `${beginSynchronized}${home}${frame.bands.flatMap(rowsOf).join(`${plain}\r\n`)}${plain}${endSynchronized}`;
}
