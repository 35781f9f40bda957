/** A marker of the feed, drawn across its columns: a gap, a loss, a day, a mark of the user. */
import type {FeedMarker, FeedRow} from '../../../store/snapshot.js';
import {own, type SafeText, safe} from '../../../text/safe.js';
import type {Line, Tone} from '../../frame/line.js';
import {moment} from '../../widgets/moments.js';
import {nodeNameOf} from '../../widgets/node-words.js';
import {counted} from '../../widgets/numbers.js';
import {clock, day, span} from '../../widgets/times.js';
import type {PaneContext} from '../pane.js';
import {type RowStyle, rowStart} from './feed-row-start.js';

type MarkerRow = Extract<FeedRow, {type: 'rule'}>;

/** What a marker says, in words. */
function markerWords(context: PaneContext, {rule, node}: MarkerRow): SafeText {
	const {picture, glyphs} = context;
	const name = nodeNameOf(picture.nodes, node);
	switch (rule.type) {
		case 'gap': {
			const times = own`${moment(context, rule.fromMs)} ${glyphs.dash} ${moment(context, rule.toMs)}`;
			return own`gap: ${name} ${times}, its events are not here: ${safe(rule.reason, 512)}`;
		}

		case 'lost': {
			const who = rule.where === 'server' ? own`${name}: the agent lost` : own('tetratop dropped');
			return own`${who} ${counted(rule.count, own('event'), own('events'))}: ${safe(rule.reason, 512)}`;
		}

		case 'throttled': {
			const cgroup = safe(rule.cgroup, 256);
			if (rule.toMs === undefined) {
				return own`throttled from now on: ${name} drops execs of cgroup ${cgroup}: cgroup rate limit`;
			}
			const from = rule.fromMs === undefined ? own('before we came') : moment(context, rule.fromMs);
			const times = own`${from} ${glyphs.dash} ${moment(context, rule.toMs)}`;
			return own`throttled ${times}: ${name} dropped execs of cgroup ${cgroup}: cgroup rate limit`;
		}

		case 'stalled': {
			const times = own`${moment(context, rule.fromMs)} ${glyphs.dash} ${moment(context, rule.toMs)}`;
			const stood = own`tetratop stood still for ${span(rule.toMs - rule.fromMs)}`;
			return own`${times} ${stood}: the agent of ${name} keeps 10,000 events for a client and drops the rest`;
		}

		case 'restart': {
			return own`${name}: ${safe(rule.reason, 512)}`;
		}

		case 'connected': {
			return own`${name}: ${safe(rule.reason, 512) || own('connected')}`;
		}

		case 'malformed': {
			return own`${counted(rule.count, own('line'), own('lines'))} that cannot be read, the first is line ${rule.line}`;
		}

		case 'past': {
			return node < 0 ? safe(rule.text, 512) : own`${name}: ${safe(rule.text, 512)}`;
		}

		case 'day': {
			return own('a new day');
		}

		case 'mark': {
			return rule.text === '' ? own('mark') : own`mark: ${safe(rule.text, 512)}`;
		}
	}
}

const toneOfMarker: Readonly<Record<FeedMarker['type'], Tone>> = {
	gap: 'loss',
	lost: 'loss',
	throttled: 'loss',
	stalled: 'loss',
	restart: 'warn',
	connected: 'dim',
	malformed: 'loss',
	past: 'dim',
	mark: 'accent',
	day: 'dim',
};

/** A day and a mark of the user have their date always: they are there to be found again. */
function timeOf(context: PaneContext, {rule, timeMs}: MarkerRow): SafeText {
	return rule.type === 'mark' || rule.type === 'day' ? own`${day(timeMs)} ${clock(timeMs)}` : moment(context, timeMs);
}

export function markerLine(context: PaneContext, row: MarkerRow, style: RowStyle): Line {
	const {horizontal} = context.glyphs;
	const cells = rowStart(context, style);
	const tone = toneOfMarker[row.rule.type];
	const when = row.rule.type === 'gap' || row.rule.type === 'stalled' ? own('') : own`${timeOf(context, row)} `;
	cells.put(own`${horizontal} `, tone).put(own`${when}${markerWords(context, row)} `, tone);
	return cells.repeat(horizontal, undefined, tone).end();
}
