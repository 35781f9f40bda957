/**
Takes the place of Intl.Segmenter in the bundle (scripts/build.js). Five packages make one when they are imported; the
first loads the tables of text breaking, 13 ms, and a screen of ASCII and box drawing never asks any of them.
*/
const {Segmenter} = globalThis.Intl;

export class LateSegmenter {
	#parameters;
	#segmenter;

	constructor(...parameters) {
		this.#parameters = parameters;
	}

	segment(text) {
		this.#segmenter ??= new Segmenter(...this.#parameters);
		return this.#segmenter.segment(text);
	}
}
