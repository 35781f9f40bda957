/** Builds one line of an exact width from left to right: what does not fit any more is cut, what is missing is blank. */
import {own, repeatSafe, type SafeText, sliceSafe} from '../../text/safe.js';
import {fit as exactly, type Fit, widthOf, wrap} from '../../text/width.js';
import type {Line, Segment, Tone} from '../frame/line.js';

const blank = own(' ');

export class Cells {
	readonly #segments: Segment[] = [];
	#left: number;
	readonly #only: Tone | undefined;

	/** `only`: one tone for the whole line whatever its parts say, as for the row under the cursor; a kill keeps a tone of its own in it. */
	constructor(width: number, only?: Tone) {
		this.#left = Math.max(0, width);
		this.#only = only;
	}

	/** Cells that are still free. */
	get left(): number {
		return this.#left;
	}

	/** The text in its own width, cut with an ellipsis where the line ends. */
	put(text: SafeText, tone: Tone = 'plain'): this {
		const width = widthOf(text);
		if (width <= this.#left) {
			return this.#add(text, width, tone);
		}
		return this.#add(exactly(text, this.#left), this.#left, tone);
	}

	/** The text in a field of `width` cells. The blanks around it are plain: without colours some tones are reverse. */
	field(text: SafeText, width: number, tone: Tone = 'plain', options?: Fit): this {
		const cells = Math.min(Math.max(0, width), this.#left);
		const filled = exactly(text, cells, options);
		const start = filled.length - filled.trimStart().length;
		const end = filled.trimEnd().length;
		if (tone === 'plain' || (start === 0 && end === filled.length)) {
			return this.#add(filled, cells, tone);
		}
		if (end === 0) {
			return this.gap(cells);
		}
		const behind = filled.length - end;
		this.gap(start);
		this.#add(sliceSafe(filled, start, end), cells - start - behind, tone);
		return this.gap(behind);
	}

	gap(cells = 1): this {
		const width = Math.min(Math.max(0, cells), this.#left);
		return this.#add(repeatSafe(blank, width), width, 'plain');
	}

	/** One cell wide `glyph`, repeated. Default: to the end of the line. */
	repeat(glyph: SafeText, times = this.#left, tone: Tone = 'dim'): this {
		const width = Math.min(Math.max(0, times), this.#left);
		return this.#add(repeatSafe(glyph, width), width, tone);
	}

	/** Segments that were measured elsewhere; the last one that does not fit is cut. */
	segments(parts: readonly Segment[]): this {
		for (const {text, tone} of parts) {
			this.put(text, tone);
		}
		return this;
	}

	end(): Line {
		this.gap(this.#left);
		return this.#segments;
	}

	#add(text: SafeText, width: number, tone: Tone): this {
		if (width <= 0) {
			return this;
		}
		this.#left -= width;
		const own =
			this.#only === 'cursor' && (tone === 'killed' || tone === 'unseen') ? 'cursor-killed' : (this.#only ?? tone);
		const before = this.#segments.at(-1);
		if (before?.tone === own) {
			this.#segments[this.#segments.length - 1] = {text: joined(before.text, text), tone: own};
		} else {
			this.#segments.push({text, tone: own});
		}
		return this;
	}
}

function joined(first: SafeText, second: SafeText): SafeText {
	return own`${first}${second}`;
}

export function segment(text: SafeText, tone: Tone = 'plain'): Segment {
	return {text, tone};
}

export function widthOfSegments(parts: readonly Segment[]): number {
	let width = 0;
	for (const {text} of parts) {
		width += widthOf(text);
	}
	return width;
}

/** Segments on as many rows of at most `width` cells as they need, each part in its own tone. */
export function wrapSegments(parts: readonly Segment[], width: number): Segment[][] {
	const whole = parts.reduce((text, part) => joined(text, part.text), own(''));
	const rows: Segment[][] = [];
	let at = 0;
	for (const row of wrap(whole, width)) {
		// The blank at a break belongs to neither row.
		const from = whole.indexOf(row, at);
		at = from + row.length;
		rows.push(between(parts, from, at));
	}
	return rows;
}

/** The segments between two offsets, in UTF-16 units of the whole text. */
function between(parts: readonly Segment[], from: number, to: number): Segment[] {
	const found: Segment[] = [];
	let start = 0;
	for (const {text, tone} of parts) {
		const piece = sliceSafe(text, Math.max(0, from - start), Math.max(0, to - start));
		if (piece !== '') {
			found.push({text: piece, tone});
		}
		start += text.length;
	}
	return found;
}

const blanks = new Map<number, Line>();

/** An empty line; the same object for the same width. */
export function blankLine(width: number): Line {
	const known = blanks.get(width);
	if (known) {
		return known;
	}
	const line = new Cells(width).end();
	blanks.set(width, line);
	return line;
}
