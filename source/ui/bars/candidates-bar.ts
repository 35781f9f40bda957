/**
While a filter is typed: the pods that match, with why each is worth choosing.

    match ──────────── Tab accept  Ctrl-t filter/highlight  Ctrl-x exclude  Esc cancel ─
      payments/api-7d9f8c-x2k4j        node-3   842 ev   2 kills
    > payments/api-canary-5b6d-9kz2p   node-2    17 ev
      3 of 214 pods
*/
import {own, type SafeText, safe} from '../../text/safe.js';
import type {Line} from '../frame/line.js';
import {framed, innerHeight, innerWidth, type PaneContext, type PaneRect, type Title} from '../panes/pane.js';
import type {Candidate} from '../state/state.js';
import {Cells} from '../widgets/cells.js';
import {nodeColumn} from '../widgets/node-words.js';
import {short, thousands} from '../widgets/numbers.js';
import {windowOf} from '../widgets/window.js';

function titleOf({ui}: PaneContext): Title {
	return {
		name: own('Match'),
		short: own('MATCH'),
		facts: [],
		hints: [
			[own('Tab'), own('accept')],
			[own('Ctrl-t'), ui.prompt?.mode === 'highlight' ? own('filter') : own('highlight')],
			[own('Ctrl-x'), ui.prompt?.exclude ? own('include') : own('exclude')],
			[own('Esc'), own('cancel')],
		],
	};
}

function candidateLine(context: PaneContext, candidate: Candidate, width: number, isChosen: boolean): Line {
	const {glyphs, picture} = context;
	const node = nodeColumn(picture.nodes, width >= 100 ? 20 : 10);
	const cells = new Cells(width, isChosen ? 'cursor' : undefined);
	const name = Math.max(8, Math.min(60, width - 2 - node - 2 - 10 - 10));
	cells.put(isChosen ? own`${glyphs.cursor} ` : own('  '), isChosen ? 'focus' : 'plain');
	const place: SafeText =
		candidate.namespace === ''
			? safe(candidate.pod, 512)
			: own`${safe(candidate.namespace, 256)}/${safe(candidate.pod, 512)}`;
	cells.field(place, name, 'pod', {cut: 'middle'}).gap();
	cells.field(safe(candidate.node, 256), node, 'node', {cut: 'middle'}).gap();
	cells.field(own`${short(candidate.events)} ev`, 8, 'plain', {align: 'right'}).gap(2);
	if (candidate.kills > 0) {
		cells.put(own`${short(candidate.kills)} ${candidate.kills === 1 ? own('kill') : own('kills')}`, 'killed');
	}
	return cells.end();
}

/** Both meanings of a bare word with their counts; Enter takes the one that is not dim. */
function sumLine({rows, total, text}: PaneContext['picture']['candidates'], width: number): Line {
	const cells = new Cells(width).gap(2);
	cells.put(own`${thousands(rows.length)} of ${thousands(total)} pods`, text?.isMeant === false ? 'plain' : 'dim');
	if (text !== undefined) {
		const count = own`${thousands(text.events)}${text.isAll ? own('') : own('+')}`;
		cells.gap(3).put(own`text in ${count} events`, text.isMeant ? 'plain' : 'dim');
		cells.gap(3).put(text.isMeant ? own('Enter: text') : own('Enter: pods, "word: text'), 'dim');
	}

	return cells.end();
}

export function candidatesPane(context: PaneContext, box: PaneRect): Line[] {
	const {ui, picture} = context;
	const {rows: found} = picture.candidates;
	const width = innerWidth(context, box);
	const rows = innerHeight(context, box);
	const chosen = ui.prompt?.candidate ?? -1;
	const {first, count} = windowOf(
		found.length,
		chosen,
		Math.min(Math.max(0, chosen), Math.max(0, rows - 2)),
		rows - 1,
		false,
	);
	const body = found
		.slice(first, first + count)
		.map((candidate, index) => candidateLine(context, candidate, width, first + index === chosen));
	body.push(sumLine(picture.candidates, width));
	return framed(context, box, titleOf(context), body);
}
