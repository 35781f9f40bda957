/** Marks what a highlight looks for in the text of a row. */
import type {Chip} from '../../query/chip.js';
import {type SafeText, safe, sliceSafe} from '../../text/safe.js';
import {graphemes, widthOf} from '../../text/width.js';
import type {Segment} from '../frame/line.js';
import {segment} from './cells.js';

const needles = new WeakMap<Chip, readonly string[]>();

/** In lower case, with the escapes that safe text has. */
function needlesOf(chip: Chip): readonly string[] {
	const known = needles.get(chip);
	if (known) {
		return known;
	}
	const found = chip.terms
		.filter(({comparison}) => comparison !== 'regex')
		.map(({value}) => safe(value).toLowerCase())
		.filter(word => word !== '');
	needles.set(chip, found);
	return found;
}

type Span = {readonly from: number; readonly to: number};

function nextMatch(lower: string, words: readonly string[], start: number): Span | undefined {
	let best: Span | undefined;
	for (const word of words) {
		const from = lower.indexOf(word, start);
		if (from !== -1 && (!best || from < best.from)) {
			best = {from, to: from + word.length};
		}
	}
	return best;
}

/** A text cut where a match begins and ends. */
export function marked(part: Segment, chip: Chip | undefined): readonly Segment[] {
	if (!chip) {
		return [part];
	}
	const lower = part.text.toLowerCase();
	// A few letters change their length when they become small; such a text is left as it is.
	if (lower.length !== part.text.length) {
		return [part];
	}
	const words = needlesOf(chip);
	const parts: Segment[] = [];
	let start = 0;
	for (let match = nextMatch(lower, words, 0); match; match = nextMatch(lower, words, start)) {
		if (match.from > start) {
			parts.push(segment(sliceSafe(part.text, start, match.from), part.tone));
		}
		parts.push(segment(sliceSafe(part.text, match.from, match.to), 'match'));
		start = match.to;
	}
	if (start < part.text.length) {
		parts.push(segment(sliceSafe(part.text, start), part.tone));
	}
	return parts;
}

/** The text without its first `cells` cells, for a text that is scrolled sideways; no grapheme is cut in two. */
function scrolled(parts: readonly Segment[], cells: number): Segment[] {
	let left = cells;
	const rest: Segment[] = [];
	for (const part of parts) {
		const width = widthOf(part.text);
		if (left <= 0) {
			rest.push(part);
		} else if (width > left) {
			rest.push(segment(withoutStart(part.text, left), part.tone));
		}
		left -= width;
	}
	return rest;
}

function withoutStart(text: SafeText, cells: number): SafeText {
	let units = 0;
	let width = 0;
	for (const grapheme of graphemes(text)) {
		if (width >= cells) {
			break;
		}
		width += widthOf(grapheme);
		units += grapheme.length;
	}
	return sliceSafe(text, units);
}

export function highlighted(parts: readonly Segment[], chip: Chip | undefined, shift: number): Segment[] {
	const visible = shift > 0 ? scrolled(parts, shift) : [...parts];
	return chip ? visible.flatMap(part => marked(part, chip)) : visible;
}
