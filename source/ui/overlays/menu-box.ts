/** A list to choose one thing from. */
import {own, safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';
import type {Line} from '../frame/line.js';
import {Cells, segment} from '../widgets/cells.js';
import {windowOf} from '../widgets/window.js';
import {boxed, type OverlayContext, roomIn, rowsIn, type Size} from './boxed.js';

export function menuOverlay(context: OverlayContext, size: Size): Line[] {
	const {ui, glyphs} = context;
	const {overlay} = ui;
	if (overlay?.type !== 'menu') {
		return [];
	}
	const {items, cursor} = overlay;
	const labels = items.map(({label}) => safe(label, 400));
	const longest = Math.min(32, Math.max(8, ...labels.map(label => widthOf(label))));
	const texts = items.map(item => safe(item.text ?? '', 2000));
	const widest = Math.max(30, ...texts.map(text => longest + 4 + widthOf(text)));
	const width = roomIn(size, Math.min(110, widest));
	const {first, count} = windowOf(items.length, cursor, Math.min(cursor, rowsIn(size) - 1), rowsIn(size), false);
	const lines = items.slice(first, first + count).map((_, index) => {
		const at = first + index;
		const cells = new Cells(width, at === cursor ? 'cursor' : undefined);
		cells.put(at === cursor ? own`${glyphs.cursor} ` : own('  '), at === cursor ? 'focus' : 'plain');
		cells
			.field(labels[at] ?? own(''), longest)
			.gap(2)
			.put(texts[at] ?? own(''), 'dim');
		return cells.end();
	});
	return boxed(context, size, {
		title: safe(overlay.title, 200),
		hint: [segment(own`${glyphs.enter} choose  Esc close`, 'dim')],
		foot: own(''),
		lines,
		width,
	});
}
