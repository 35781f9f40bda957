/** A row of eight steps, one cell each. */
import {joinSafe, own, type SafeText} from '../../text/safe.js';
import type {Glyphs} from '../frame/glyphs.js';

const nothing = own('');
const space = own(' ');

/** The newest `width` values, scaled to the highest of them; what is missing before them is blank. Zero is the lowest step. */
export function spark(values: readonly number[], width: number, glyphs: Glyphs): SafeText {
	const shown = values.slice(-width);
	let highest = 0;
	for (const value of shown) {
		highest = Math.max(highest, value);
	}
	const cells: SafeText[] = [];
	for (let missing = width - shown.length; missing > 0; missing--) {
		cells.push(space);
	}
	for (const value of shown) {
		const step = value <= 0 || highest <= 0 ? 0 : Math.min(7, Math.max(1, Math.ceil((value / highest) * 8) - 1));
		cells.push(glyphs.spark[step] ?? space);
	}
	return joinSafe(cells, nothing);
}
