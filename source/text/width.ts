/**
Cells of a text on the terminal, per grapheme. Ink measures with the same function (source/patched/string-width.ts): another
width would move every cell after it.
*/
import {sumOfCells} from './cell-width.js';
import {charset} from './charset.js';
import {isOneCellEach} from './one-cell.js';
import {own, repeatSafe, type SafeText, sliceSafe} from './safe.js';

/** Graphemes are what a segmenter gives unless it is asked for words. */
const segmenter = new Intl.Segmenter('en');

/** More distinct graphemes than a screen has. The cache is emptied when full, so foreign text cannot make it grow. */
const cacheLimit = 4096;
const cache = new Map<string, number>();

function graphemeWidth(grapheme: string): number {
	const known = cache.get(grapheme);
	if (known !== undefined) {
		return known;
	}
	const measured = sumOfCells(grapheme);
	if (cache.size >= cacheLimit) {
		cache.clear();
	}
	if (grapheme.length <= 16) {
		cache.set(grapheme, measured);
	}
	return measured;
}

/** Cells that `text` takes. Meant for safe text: a control character counts as nothing. */
export function widthOf(text: string): number {
	if (isOneCellEach(text)) {
		return text.length;
	}
	let width = 0;
	for (const {segment} of segmenter.segment(text)) {
		width += graphemeWidth(segment);
	}
	return width;
}

export function graphemes(text: string): string[] {
	if (isOneCellEach(text)) {
		return text.split('');
	}
	return [...segmenter.segment(text)].map(part => part.segment);
}

type Cut = {readonly text: SafeText; readonly width: number};

function head(text: SafeText, width: number): Cut {
	if (isOneCellEach(text)) {
		const kept = sliceSafe(text, 0, Math.max(0, width));
		return {text: kept, width: kept.length};
	}
	let end = 0;
	let used = 0;
	for (const {segment, index} of segmenter.segment(text)) {
		const cells = graphemeWidth(segment);
		if (used + cells > width) {
			break;
		}
		used += cells;
		end = index + segment.length;
	}
	return {text: sliceSafe(text, 0, end), width: used};
}

function tail(text: SafeText, width: number): Cut {
	if (isOneCellEach(text)) {
		const kept = sliceSafe(text, Math.max(0, text.length - width));
		return {text: kept, width: kept.length};
	}
	const parts = [...segmenter.segment(text)];
	let used = 0;
	let start = text.length;
	for (const {segment, index} of parts.reverse()) {
		const cells = graphemeWidth(segment);
		if (used + cells > width) {
			break;
		}
		used += cells;
		start = index;
	}
	return {text: sliceSafe(text, start), width: used};
}

export type Fit = {
	/** Where the text is put when it is shorter; default left. */
	readonly align?: 'left' | 'right' | 'center';
	/** Which part is cut when it is longer; `middle` for pod names, which differ at their end. Default end. */
	readonly cut?: 'end' | 'middle' | 'start';
	/** Replaces the part that is cut; default `…`, or `..` on an ASCII terminal. */
	readonly ellipsis?: SafeText;
};

function defaultEllipsis(): SafeText {
	return charset() === 'ascii' ? own('..') : own('…');
}

function pad(text: SafeText, missing: number, align: Fit['align']): SafeText {
	const left = align === 'right' ? missing : align === 'center' ? missing >> 1 : 0;
	return own`${repeatSafe(own(' '), left)}${text}${repeatSafe(own(' '), missing - left)}`;
}

function shorten(text: SafeText, width: number, cut: Fit['cut'], ellipsis: SafeText): Cut {
	const mark = head(ellipsis, width);
	const room = width - mark.width;
	if (cut === 'start') {
		const kept = tail(text, room);
		return {text: own`${mark.text}${kept.text}`, width: mark.width + kept.width};
	}
	if (cut === 'middle') {
		const end = tail(text, room >> 1);
		const start = head(text, room - end.width);
		return {text: own`${start.text}${mark.text}${end.text}`, width: start.width + mark.width + end.width};
	}
	const kept = head(text, room);
	return {text: own`${kept.text}${mark.text}`, width: kept.width + mark.width};
}

/** Exactly `width` cells: padded with spaces, or cut with an ellipsis; none below zero. A wide character is never split. */
export function fit(text: SafeText, width: number, {align = 'left', cut = 'end', ellipsis}: Fit = {}): SafeText {
	const cells = widthOf(text);
	if (cells <= width) {
		return pad(text, width - cells, align);
	}
	const short = shorten(text, width, cut, ellipsis ?? defaultEllipsis());
	return pad(short.text, width - short.width, align);
}

/**
Rows of at most `width` cells, not padded; at least one row. Breaks after spaces where it can and inside a word where it
must, and leaves out the spaces at a break only.
*/
export function wrap(text: SafeText, width: number): SafeText[] {
	const room = Math.max(1, width);
	const rows: SafeText[] = [];
	let rest = text;
	while (widthOf(rest) > room) {
		const row = head(rest, room).text;
		// A grapheme wider than the room (a wide one in one cell) goes alone rather than never.
		const length = row.length || graphemes(rest)[0]?.length || rest.length;
		const space = rest[length] === ' ' ? length : rest.lastIndexOf(' ', length - 1);
		const end = space > 0 ? space : length;
		rows.push(sliceSafe(rest, 0, end));
		rest = sliceSafe(rest, rest[end] === ' ' ? end + 1 : end);
	}
	if (rest !== '' || rows.length === 0) {
		rows.push(rest);
	}
	return rows;
}
