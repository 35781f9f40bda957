/**
The filters in a list, each with the number of events that it hides by itself.

    ┌─ Filters ─────────────────────────── Space off/on  Enter edit  ! invert  D delete  f all off ─┐
    │ ▸ pod:apii            hides 58,120 of 58,120                                                   │
    │   !ev:exit       off  hides 1,204 of 58,120                                                    │
*/
import type {Chip} from '../../query/chip.js';
import type {Hiding, Narrowing} from '../../query/narrowing.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';
import type {Line} from '../frame/line.js';
import {narrowingsOf} from '../state/narrowings.js';
import type {Picture} from '../state/picture.js';
import {Cells, segment} from '../widgets/cells.js';
import {chipText} from '../widgets/chip-words.js';
import {thousands} from '../widgets/numbers.js';
import {windowOf} from '../widgets/window.js';
import {boxed, type OverlayContext, roomIn, rowsIn, type Size} from './boxed.js';

const countCells = 28;

/** How each other narrowing ends. */
const endOf: Readonly<Record<Exclude<Hiding['by'], 'chip'>, SafeText>> = {
	start: own('until the end'),
	process: own('F ends it'),
	alerts: own('a ends it'),
	probes: own('P ends it'),
};

function otherLine({text, isAtAgent, hides}: Narrowing, width: number): Line {
	const cells = new Cells(width).gap(2);
	cells.field(safe(text, 256), Math.max(8, width - 2 - 7 - countCells), 'chip', {cut: 'middle'}).gap(2);
	cells.field(isAtAgent ? own('[S]') : own(''), 3, 'warn').gap(2);
	return cells.put(hides.by === 'chip' ? own('') : endOf[hides.by], 'dim').end();
}

function stateOf({off, server}: Chip): SafeText {
	if (off) {
		return own('off');
	}
	return server ? own('[S]') : own('');
}

function hiddenBy({chipCounts, feed}: Picture, index: number): SafeText {
	const hides = chipCounts?.hides[index];
	return hides === undefined ? own('counting') : own`hides ${thousands(hides)} of ${thousands(feed.total)}`;
}

export function chipsOverlay(context: OverlayContext, size: Size): Line[] {
	const {ui, picture, glyphs} = context;
	const {overlay, chips} = ui;
	if (overlay?.type !== 'chips') {
		return [];
	}
	const texts = chips.map(chip => chipText(chip));
	const width = roomIn(size, Math.min(110, Math.max(72, ...texts.map(text => 2 + widthOf(text) + 7 + countCells))));
	const longest = Math.max(8, width - 2 - 7 - countCells);
	// Those that no chip is behind have other keys, or none: above the list, without a cursor.
	const others = narrowingsOf(ui).filter(({hides}) => hides.by !== 'chip');
	const rows = Math.max(1, rowsIn(size) - others.length);
	const {first, count} = windowOf(chips.length, overlay.cursor, Math.min(overlay.cursor, rows - 1), rows, false);
	const lines = chips.slice(first, first + count).map((chip, at) => {
		const index = first + at;
		const cells = new Cells(width, index === overlay.cursor ? 'cursor' : undefined);
		if (index === overlay.cursor) {
			cells.put(own`${glyphs.cursor} `, 'focus');
		} else {
			cells.gap(2);
		}
		cells.field(texts[index] ?? own(''), longest, chip.off ? 'dim' : 'chip', {cut: 'middle'}).gap(2);
		cells.field(stateOf(chip), 3, 'warn').gap(2);
		return cells.put(hiddenBy(picture, index), 'dim').end();
	});
	const hint = own`Space off/on  ${glyphs.enter} edit  ! invert  D delete  f all off`;
	return boxed(context, size, {
		title: own('Filters'),
		hint: [segment(hint, 'dim')],
		foot: own(''),
		lines: [...others.map(other => otherLine(other, width)), ...lines],
		width,
	});
}
