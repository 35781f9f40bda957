/** One line of the feed: an event in its columns, or a rule across them where something is missing or was marked. */
import type {Enforcement} from '../../store/processes/process.js';
import type {FeedMarker, FeedRow} from '../../store/snapshot.js';
import {describe} from '../../tetragon/describe/describe.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import {fit as exactly} from '../../text/width.js';
import type {Line, Segment, Tone} from '../frame/line.js';
import {Cells, segment, wrapSegments} from '../widgets/cells.js';
import {detailWords} from '../widgets/event-words.js';
import {killOf, killWords} from '../widgets/kill-words.js';
import {highlighted, marked} from '../widgets/matches.js';
import {nodeNameOf} from '../widgets/node-words.js';
import {counted, short} from '../widgets/numbers.js';
import {baseOf, isExecedIn} from '../widgets/process-words.js';
import {clock, day, feedTime, span} from '../widgets/times.js';
import type {FeedColumns} from './feed-columns.js';
import type {PaneContext} from './pane.js';

export type RowMark = 'none' | 'here' | 'focused' | 'pinned';

type EventRow = Extract<FeedRow, {type: 'event'}>;
type RuleRow = Extract<FeedRow, {type: 'rule'}>;

/** How a row is drawn beside what is in it. */
export type RowStyle = {
	readonly width: number;
	readonly columns: FeedColumns;
	readonly mark: RowMark;
	/** The highlight is looking for it. */
	readonly matched: boolean;
	/** Of the chosen subtree. */
	readonly barred: boolean;
	/** Time of the row before, for the `delta` format. */
	readonly previousMs: number | undefined;
	/** Equal events that the row stands for. */
	readonly count: number;
};

/** The first cell: the cursor before the subtree's bar. */
function putMark({glyphs}: PaneContext, cells: Cells, {mark, barred}: RowStyle): void {
	if (mark === 'pinned') {
		cells.put(glyphs.pin, 'accent');
	} else if (mark !== 'none') {
		cells.put(glyphs.cursor, mark === 'focused' ? 'focus' : 'dim');
	} else if (barred) {
		cells.put(glyphs.subtree, 'accent');
	} else {
		cells.gap();
	}
}

type Said = {readonly verb: SafeText; readonly tone: Tone; readonly detail: readonly Segment[]};

const quiet = new Set<string>(['exit']);

/** The enforcement that an exit is the end of. */
function killBehind({process}: EventRow): Enforcement | undefined {
	return process?.kills.findLast(({state}) => state === 'KILLED' || state === 'KILL-SENT');
}

/** A SIGKILL with no policy behind it is no alert, and is said to be none. */
function exitCause(row: EventRow, hasPolicyColumn: boolean): SafeText {
	const kill = killBehind(row);
	if (kill) {
		return hasPolicyColumn ? own(' by policy') : own` by policy ${safe(kill.policy, 128)}`;
	}
	if (row.process?.signal !== 'SIGKILL') {
		return own('');
	}
	const isUnclear = row.process.kills.some(({state}) => state === 'KILL (mode ?)');
	return isUnclear ? own(' (by a policy? its mode is not known)') : own(' (not by a policy seen here)');
}

/** What was done and to what stands first: the policy and the state also stand in the alerts. */
function detailOfKill(row: EventRow, kill: Enforcement, detail: SafeText, hasPolicyColumn: boolean): Segment[] {
	const {name, tone} = killWords[kill.state];
	const policy = hasPolicyColumn ? own(' ') : own` ${safe(row.policy, 128)} `;
	return [segment(detail), segment(policy, 'dim'), segment(name, tone)];
}

function say(context: PaneContext, row: EventRow, room: number, hasPolicyColumn: boolean): Said {
	const event = context.picture.event(row.seq);
	const limit = Math.max(256, room * 4);
	const kill = killOf(row.process, row.seq);
	if (!event) {
		const known = row.process?.facts ? safe(baseOf(row.process.facts.binary), limit) : own('');
		return {verb: own('?'), tone: 'dim', detail: [segment(own`${known} (no longer in the buffer)`, 'dim')]};
	}
	const said = describe(event);
	const detail = detailWords(event, context.glyphs, limit, said);
	if (kill) {
		const words = killWords[kill.state];
		return {verb: words.verb, tone: words.tone, detail: detailOfKill(row, kill, detail, hasPolicyColumn)};
	}
	const verb = safe(said.verb, 32);
	if (row.kind === 'process_exit') {
		const cause = exitCause(row, hasPolicyColumn);
		return {
			verb,
			tone: 'dim',
			detail: [
				segment(detail, 'dim'),
				...(cause === '' ? [] : [segment(cause, cause.startsWith(' by') ? 'killed' : 'warn')]),
			],
		};
	}
	return {verb, tone: quiet.has(said.verb) ? 'dim' : 'binary', detail: [segment(detail)]};
}

/** Cell behind the time: `~` late, `*` the event has no time of its own and this is when it came. */
function lateness({late, timeless}: EventRow): SafeText {
	return timeless ? own('*') : late ? own('~') : own(' ');
}

function badge({glyphs}: PaneContext, row: EventRow): Segment {
	const kill = killOf(row.process, row.seq);
	if (kill) {
		return segment(glyphs[killWords[kill.state].glyph], killWords[kill.state].tone);
	}
	if (row.kind === 'process_exit' && killBehind(row)) {
		return segment(glyphs.killed, 'killed');
	}
	if (row.process && isExecedIn(row.process)) {
		return segment(glyphs.charset === 'ascii' ? own('e') : glyphs.execBadge, 'accent');
	}
	return segment(own(' '));
}

function putWhere(context: PaneContext, cells: Cells, row: EventRow, {columns, matched}: RowStyle): void {
	const {highlight} = context.ui;
	const facts = row.process?.facts;
	if (columns.node > 0) {
		cells.field(nodeNameOf(context.picture.nodes, row.node), columns.node, 'node', {cut: 'middle'}).gap();
	}
	if (columns.namespace > 0) {
		cells.field(safe(facts?.namespace ?? '', 256), columns.namespace, 'dim', {cut: 'middle'}).gap();
	}
	if (columns.pod === 0) {
		return;
	}
	if (facts && facts.pod !== '') {
		const shown = segment(exactly(safe(facts.pod, 512), columns.pod, {cut: 'middle'}), 'pod');
		cells.segments(matched ? marked(shown, highlight) : [shown]).gap();
	} else {
		cells.field(facts ? own('(host)') : own(''), columns.pod, 'dim').gap();
	}
}

/** A row of a feed that wraps takes at most this many lines; the detail pane has the whole. */
const mostLines = 12;

function eventLines(context: PaneContext, row: EventRow, style: RowStyle): Line[] {
	const {ui, picture} = context;
	const {columns, mark, width} = style;
	const only = mark === 'focused' ? 'cursor' : undefined;
	const cells = new Cells(width, only);
	putMark(context, cells, style);
	cells.field(feedTime(row.timeMs, ui.events.time, picture.nowMs, style.previousMs), columns.time, 'time', {
		align: 'right',
	});
	cells.put(lateness(row), 'warn');
	putWhere(context, cells, row, style);
	if (columns.marks > 0) {
		const {text, tone} = badge(context, row);
		cells.field(text, columns.marks, tone).gap();
	}
	const room = ui.events.wrap ? columns.detail * mostLines : columns.detail + ui.events.shift;
	const said = say(context, row, room, columns.policy > 0);
	cells.field(said.verb, columns.event, style.matched ? 'match' : said.tone).gap();
	if (columns.policy > 0) {
		const policy = row.kind === 'process_exit' ? (killBehind(row)?.policy ?? '') : row.policy;
		cells.field(safe(policy, 256), columns.policy, 'dim', {cut: 'middle'}).gap();
	}
	// How many is said whatever is cut or scrolled away behind it.
	if (style.count > 1) {
		cells.put(own`${context.glyphs.times}${short(style.count)} `, 'strong');
	}
	const detail = highlighted(said.detail, style.matched ? ui.highlight : undefined, ui.events.shift);
	if (!ui.events.wrap || cells.left < 8) {
		return [cells.segments(detail).end()];
	}
	const indent = width - cells.left;
	const [first = [], ...more] = wrapSegments(detail, cells.left);
	const lines = [cells.segments(first).end()];
	for (const piece of more.slice(0, mostLines - 1)) {
		const next = new Cells(width, only);
		putMark(context, next, {...style, mark: 'none'});
		lines.push(
			next
				.gap(indent - 1)
				.segments(piece)
				.end(),
		);
	}
	return lines;
}

/** What a rule says, in words. */
export function ruleWords({picture, glyphs}: PaneContext, {rule, node}: RuleRow): SafeText {
	const name = nodeNameOf(picture.nodes, node);
	switch (rule.type) {
		case 'gap': {
			const times = own`${clock(rule.fromMs)} ${glyphs.dash} ${clock(rule.toMs)}`;
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
			const from = rule.fromMs === undefined ? own('before we came') : clock(rule.fromMs);
			const times = own`${from} ${glyphs.dash} ${clock(rule.toMs)}`;
			return own`throttled ${times}: ${name} dropped execs of cgroup ${cgroup}: cgroup rate limit`;
		}

		case 'stalled': {
			const times = own`${clock(rule.fromMs)} ${glyphs.dash} ${clock(rule.toMs)}`;
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

		case 'day': {
			return own('a new day');
		}

		case 'mark': {
			return rule.text === '' ? own('mark') : own`mark: ${safe(rule.text, 512)}`;
		}
	}
}

const ruleTone: Readonly<Record<FeedMarker['type'], Tone>> = {
	gap: 'loss',
	lost: 'loss',
	throttled: 'loss',
	stalled: 'loss',
	restart: 'warn',
	connected: 'dim',
	malformed: 'loss',
	mark: 'accent',
	day: 'dim',
};

function ruleLine(context: PaneContext, row: RuleRow, style: RowStyle): Line {
	const {horizontal} = context.glyphs;
	const cells = new Cells(style.width, style.mark === 'focused' ? 'cursor' : undefined);
	const tone = ruleTone[row.rule.type];
	putMark(context, cells, style);
	const when = row.rule.type === 'gap' || row.rule.type === 'stalled' ? own('') : own`${clock(row.timeMs)} `;
	const date = row.rule.type === 'mark' || row.rule.type === 'day' ? own`${day(row.timeMs)} ` : own('');
	cells.put(own`${horizontal} `, tone).put(own`${date}${when}${ruleWords(context, row)} `, tone);
	return cells.repeat(horizontal, undefined, tone).end();
}

/** One line, or as many as the row needs where the feed wraps. */
export function feedLines(context: PaneContext, row: FeedRow, style: RowStyle): readonly Line[] {
	return row.type === 'event' ? eventLines(context, row, style) : [ruleLine(context, row, style)];
}
