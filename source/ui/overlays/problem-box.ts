/** One problem in full: what, why, and what to do about it. Opened with Enter on the message line. */
import {own, safe} from '../../text/safe.js';
import type {Line} from '../frame/line.js';
import {segment} from '../widgets/cells.js';
import {blank, type Field, fieldLines, text, value} from '../widgets/fields.js';
import {boxed, type OverlayContext, roomIn, rowsIn, type Size} from './boxed.js';

const wanted = 96;

/** Its lines are those of tetratop: the YAML of a Role keeps its shape. */
function fixFields(fix: string): readonly Field[] {
	return fix === ''
		? []
		: [blank, ...fix.split('\n').map((line, index) => value(own(index === 0 ? 'do' : ''), safe(line), 'accent'))];
}

export function problemBox(context: OverlayContext, size: Size): Line[] {
	const {ui, picture} = context;
	const {overlay} = ui;
	if (overlay?.type !== 'problem') {
		return [];
	}
	const index = picture.problems.findIndex(({id}) => id === overlay.id);
	const problem = picture.problems[index];
	const width = roomIn(size, wanted);
	const fields: Field[] = problem
		? [
				text(safe(problem.what), problem.severity === 'error' ? 'bad' : 'warn'),
				blank,
				value(own('why'), safe(problem.why)),
				...fixFields(problem.fix),
			]
		: [text(own('This problem is gone.'), 'good')];
	const lines = fieldLines(fields, width);
	const first = Math.min(overlay.scroll, Math.max(0, lines.length - rowsIn(size)));
	const others = picture.problems.length;
	return boxed(context, size, {
		title: others > 1 && problem ? own`Problem ${index + 1} of ${others}` : own('Problem'),
		hint: [segment(own('j/k scroll  c copy  Esc close'), 'dim')],
		foot: own('everything else goes on'),
		lines: lines.slice(first),
		width,
	});
}
