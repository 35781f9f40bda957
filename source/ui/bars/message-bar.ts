import type {Problem} from '../../problem.js';
import {own, safe} from '../../text/safe.js';
import type {Line, Tone} from '../frame/line.js';
import type {PaneContext, PaneRect} from '../panes/pane.js';
import {blankLine, Cells} from '../widgets/cells.js';

const order: Readonly<Record<Problem['severity'], number>> = {error: 2, warning: 1, note: 0};
const tones: Readonly<Record<Problem['severity'], Tone>> = {error: 'bad', warning: 'warn', note: 'accent'};

/** The first of the most severe problems; Enter opens the same one. */
export function worstProblem(problems: readonly Problem[]): Problem | undefined {
	let worst: Problem | undefined;
	for (const problem of problems) {
		if (!worst || order[problem.severity] > order[worst.severity]) {
			worst = problem;
		}
	}
	return worst;
}

export function messagePane({ui, picture, glyphs, compact}: PaneContext, {rect}: PaneRect): Line[] {
	const cells = new Cells(rect.width);
	if (!compact) {
		cells.gap();
	}
	const {flash} = ui;
	const problem = worstProblem(picture.problems);
	const flashing = flash !== undefined && flash.untilMs > picture.nowMs;
	if (flashing) {
		cells.put(flash.text);
		if (!problem) {
			return [cells.end()];
		}
		// The answer to a key comes before the problem, but does not hide the problem for the whole six seconds.
		cells.put(own` ${glyphs.separator} `, 'dim');
	}
	if (!problem) {
		return [blankLine(rect.width)];
	}
	const others = picture.problems.length - 1;
	const more = others > 0 ? own` (+${others} more)` : own('');
	const fix = problem.fix === '' ? own('') : own` ${glyphs.none} ${safe(problem.fix, 512)}`;
	cells.put(own`${glyphs.warn} `, tones[problem.severity]);
	cells.put(own`${safe(problem.what, 512)}: ${safe(problem.why, 512)}`, tones[problem.severity]);
	cells.put(more, 'dim');
	cells.put(fix, 'plain');
	return [cells.end()];
}
