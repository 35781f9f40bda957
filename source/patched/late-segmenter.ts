/**
Replaces Intl.Segmenter, in the bundle (scripts/build.js) and in tests (scripts/patched-tsx.js). Five packages make a
segmenter when they are imported, and the first one loads ICU's tables of text boundaries: 13 ms. Most rows of a screen
need no table, because each of their characters is a grapheme of its own.
*/
import {oneCellClass} from '../text/one-cell.js';

// Not written as Intl.Segmenter: the bundler replaces that name by this very class.
const {Segmenter} = globalThis.Intl;

/** ESC begins the colours of a row. CR and LF are not here: together they are one grapheme. */
const singles = new RegExp(String.raw`^[\u001B${oneCellClass}]*$`);

export class LateSegmenter {
	readonly #parameters: ConstructorParameters<typeof Segmenter>;
	readonly #isGrapheme: boolean;
	#segmenter: Intl.Segmenter | undefined;

	constructor(...parameters: ConstructorParameters<typeof Segmenter>) {
		this.#parameters = parameters;
		this.#isGrapheme = (parameters[1]?.granularity ?? 'grapheme') === 'grapheme';
	}

	segment(text: string): Intl.Segments {
		if (this.#isGrapheme && singles.test(text)) {
			const segments = Array.from(text, (segment, index): Intl.SegmentData => ({segment, index, input: text}));
			// cli-truncate calls containing(). Each of these characters is one unit long, so the unit's number is the segment's.
			return Object.assign(segments, {containing: (index = 0) => segments[index]});
		}

		this.#segmenter ??= new Segmenter(...this.#parameters);
		return this.#segmenter.segment(text);
	}
}
