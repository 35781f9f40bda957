/** A text from elsewhere (a policy's YAML, an agent's log) to be read and scrolled. */
import {own, safe} from '../../text/safe.js';
import {wrap} from '../../text/width.js';
import type {Line} from '../frame/line.js';
import {Cells, segment} from '../widgets/cells.js';
import {boxed, type OverlayContext, roomIn, rowsIn, type Size} from './boxed.js';

/** As wide as the screen allows: cutting a log or YAML helps nobody. */
const wanted = 180;

export function textOverlay(context: OverlayContext, size: Size): Line[] {
	const {overlay} = context.ui;
	if (overlay?.type !== 'text') {
		return [];
	}
	const width = roomIn(size, wanted);
	const lines = overlay.text.split('\n').flatMap(line => wrap(safe(line), width));
	const first = Math.min(overlay.scroll, Math.max(0, lines.length - rowsIn(size)));
	return boxed(context, size, {
		title: safe(overlay.title, 100),
		hint: [segment(own('j/k scroll  c copy  Esc close'), 'dim')],
		foot: own`line ${safe(String(Math.min(lines.length, first + 1)))} of ${safe(String(lines.length))}`,
		lines: lines.slice(first).map(line => new Cells(width).put(line).end()),
		width,
	});
}
