/** A question that must be answered before something is done. */
import {own, safe} from '../../text/safe.js';
import type {Line} from '../frame/line.js';
import {segment} from '../widgets/cells.js';
import {blank, type Field, fieldLines, text} from '../widgets/fields.js';
import {boxed, type OverlayContext, roomIn, type Size} from './boxed.js';

export function askOverlay(context: OverlayContext, size: Size): Line[] {
	const {overlay} = context.ui;
	if (overlay?.type !== 'ask') {
		return [];
	}
	const width = roomIn(size, 76);
	const [question = '', ...more] = overlay.question;
	const fields: Field[] = [text(safe(question), 'strong'), ...more.map(row => text(safe(row)))];
	fields.push(blank, text(own`y  ${safe(overlay.yes)}`, 'warn'), text(own('n  no, go back'), 'plain'));
	return boxed(context, size, {
		title: own('Sure?'),
		hint: [segment(own('y / n'), 'accent')],
		foot: own(''),
		lines: fieldLines(fields, width),
		width,
	});
}
