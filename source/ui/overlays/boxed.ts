/** A box in the middle of an otherwise empty screen: exactly as many lines of exactly as many cells as the screen has. */
import {own, type SafeText} from '../../text/safe.js';
import type {Box} from '../frame/box.js';
import type {Glyphs} from '../frame/glyphs.js';
import type {Line, Segment} from '../frame/line.js';
import type {Picture} from '../state/picture.js';
import type {UiState} from '../state/state.js';
import {blankLine, Cells, widthOfSegments} from '../widgets/cells.js';

export type OverlayContext = {readonly ui: UiState; readonly picture: Picture; readonly glyphs: Glyphs};

/** The box of the whole screen. */
export type Size = Pick<Box, 'rect'>;

export type BoxContent = {
	readonly title: SafeText;
	/** At the right end of the upper rule. */
	readonly hint: readonly Segment[];
	/** In the lower rule. */
	readonly foot: SafeText;
	/** Lines of exactly `width` cells. */
	readonly lines: readonly Line[];
	/** Cells of the text inside. */
	readonly width: number;
};

/** Cells for text in a box that wants `wanted`. */
export function roomIn({rect: {width}}: Size, wanted: number): number {
	return Math.max(1, Math.min(wanted, width - 4));
}

/** Lines for text in a box. */
export function rowsIn({rect: {height}}: Size): number {
	return Math.max(1, height - 2);
}

export function boxed({glyphs}: OverlayContext, size: Size, content: BoxContent): Line[] {
	const {width, height} = size.rect;
	const rows = content.lines.slice(0, rowsIn(size));
	const outer = content.width + 4;
	const left = Math.max(0, (width - outer) >> 1);
	const top = Math.max(0, (height - rows.length - 2) >> 1);
	const lines: Line[] = [];

	function put(draw: (cells: Cells) => void): void {
		const cells = new Cells(Math.min(width, left + outer)).gap(left);
		draw(cells);
		lines.push(new Cells(width).segments(cells.end()).end());
	}

	for (let row = 0; row < top; row++) {
		lines.push(blankLine(width));
	}
	put(cells => {
		cells.put(own`${glyphs.topLeft}${glyphs.horizontal} `, 'dim').put(content.title, 'title').gap();
		const hint = widthOfSegments(content.hint);
		const shown = hint + 5 <= cells.left ? content.hint : [];
		cells.repeat(glyphs.horizontal, cells.left - (shown.length > 0 ? hint + 4 : 1));
		if (shown.length > 0) {
			cells.gap().segments(shown).gap().put(glyphs.horizontal, 'dim');
		}
		cells.put(glyphs.topRight, 'dim');
	});
	for (const line of rows) {
		put(cells => cells.put(own`${glyphs.vertical} `, 'dim').segments(line).put(own` ${glyphs.vertical}`, 'dim'));
	}
	put(cells => {
		cells.put(own`${glyphs.bottomLeft}${glyphs.horizontal}`, 'dim');
		if (content.foot !== '') {
			cells.put(own` ${content.foot} `, 'dim');
		}
		cells.repeat(glyphs.horizontal, cells.left - 1).put(glyphs.bottomRight, 'dim');
	});
	while (lines.length < height) {
		lines.push(blankLine(width));
	}
	return lines.slice(0, height);
}
