/** What patches/string-width@*.patch adds to string-width: a short way for the texts of a screen, and less work at import. */
import {sumOfCells} from '../text/cell-width.js';
import {oneCellClass} from '../text/one-cell.js';

/** Entries of the cache. A full cache is emptied: to fill it again costs one slow frame. */
const maxEntries = 4000;
/** Units. A longer text is measured each time and not kept. */
const maxLength = 1000;

const colour = String.raw`\u001B\[[\d;]*m`;
const colouredCells = new RegExp(`^(?:[${oneCellClass}]|${colour})*$`);
const colours = new RegExp(colour, 'g');
const widths = new Map<string, number>();

/** Cells of a text as terminals count them. `measure` is for texts with other codes than colours. */
export function quickWidth(text: string, measure: (text: string) => number): number {
	if (text.length > maxLength) {
		return sumWithoutColours(text, measure);
	}

	if (colouredCells.test(text)) {
		return text.includes('\u001B') ? text.replace(colours, '').length : text.length;
	}

	let width = widths.get(text);
	if (width === undefined) {
		width = sumWithoutColours(text, measure);
		if (widths.size > maxEntries) {
			widths.clear();
		}

		widths.set(text, width);
	}

	return width;
}

/** string-width counts a cluster of letters as one cell, where terminals draw each letter. */
function sumWithoutColours(text: string, measure: (text: string) => number): number {
	const plain = text.replace(colours, '');
	return plain.includes('\u001B') ? measure(text) : sumOfCells(plain);
}

/** A regular expression that is made at the first test: the set of all emoji takes 30 ms to build. */
export class LateRegExp {
	readonly #source: string;
	readonly #flags: string;
	#made: RegExp | undefined;

	constructor(source: string, flags: string) {
		this.#source = source;
		this.#flags = flags;
	}

	test(text: string): boolean {
		this.#made ??= new RegExp(this.#source, this.#flags);
		return this.#made.test(text);
	}
}
