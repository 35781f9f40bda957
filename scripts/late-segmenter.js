/**
Takes the place of Intl.Segmenter in the bundle (scripts/build.js). Five packages make one when they are imported; the
first loads the tables of text breaking, 13 ms. A text of ASCII, box drawing and the like needs no table: each character
is a grapheme of its own, for none of these joins with a neighbour.
*/
const {Segmenter} = globalThis.Intl;

// ESC and printable ASCII (not CR and LF, which join), arrows, ⏎, box drawing, blocks, geometric shapes, ✕ ✖; without the
// selector or mark that would follow one of them.
const singles =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: rows of a screen begin their colours with ESC
	/^[\u001B\u0020-\u007E\u00B7\u00D7\u2013\u2014\u2019\u2026\u203A\u2190-\u21FF\u23CE\u2500-\u25FF\u2715\u2716]*$/;

export class LateSegmenter {
	#parameters;
	#segmenter;
	#isGrapheme;

	constructor(locales, options) {
		this.#parameters = [locales, options];
		this.#isGrapheme = (options?.granularity ?? 'grapheme') === 'grapheme';
	}

	segment(text) {
		if (this.#isGrapheme && singles.test(text)) {
			const segments = Array.from(text, (segment, index) => ({segment, index, input: text}));
			// Segments of Intl have it, and cli-truncate asks: each of these characters is one unit long.
			return Object.assign(segments, {containing: (index = 0) => segments[index]});
		}

		this.#segmenter ??= new Segmenter(...this.#parameters);
		return this.#segmenter.segment(text);
	}
}
