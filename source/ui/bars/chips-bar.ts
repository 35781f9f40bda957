/**
Line 2: the state of the screen (live, paused, replay), the filters, and how much of the buffer they show.

    ● LIVE 12:04:31.402 │ pod~api ✕ │ !probes ✕ │ 842 of 58,120 shown │ buffer 58k, 60M/256M │ rec ○

The state begins at column 0, so that nobody takes a paused screen for a live one.
*/

import type {Narrowing} from '../../query/narrowing.js';
import type {NodeStatus} from '../../store/snapshot.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import {fit, widthOf} from '../../text/width.js';
import type {Glyphs} from '../frame/glyphs.js';
import type {Line, Segment} from '../frame/line.js';
import type {PaneContext, PaneRect} from '../panes/pane.js';
import {isLeftOut, narrowingsOf} from '../state/narrowings.js';
import type {UiState} from '../state/state.js';
import {Cells, segment, widthOfSegments} from '../widgets/cells.js';
import {chipText} from '../widgets/chip-words.js';
import {isWell} from '../widgets/node-words.js';
import {bytes, short, thousands} from '../widgets/numbers.js';
import {clock, day, span, stopwatch} from '../widgets/times.js';

function replayPart({speed, paused, atMs, done, progress}: NonNullable<UiState['replay']>, glyphs: Glyphs): Segment {
	const going = done ? own('end') : paused ? own('stopped') : glyphs.play;
	const read =
		progress === undefined ? own(done ? 'whole' : 'as fast as it goes') : own`${Math.floor(progress * 100)} % read`;
	const pace = Number.isFinite(speed) ? own`${glyphs.times}${speed}` : read;
	return segment(own`REPLAY ${day(atMs)} ${clock(atMs)} ${pace} ${going}`, 'replay');
}

function livePart(isLive: boolean, time: SafeText, compact: boolean, glyphs: Glyphs): Segment {
	const word = isLive ? own('LIVE') : own('NOT LIVE');
	const marked = compact ? word : own`${isLive ? glyphs.live : glyphs.nodeOff} ${word}`;
	return segment(own`${marked} ${time}`, isLive ? 'good' : 'bad');
}

/** The blank after the state has the tone of the state, which is reverse. */
function stateParts({ui, picture, glyphs, compact, program}: PaneContext): Segment[] {
	const {totals} = picture;
	const nowMs = program?.nowMs ?? picture.nowMs;

	function came(since: number): SafeText {
		return own` +${thousands(Math.max(0, totals.events - since))} new`;
	}

	const parts: Segment[] = [];
	if (ui.offlineSinceMs !== undefined) {
		parts.push(segment(own`OFFLINE ${stopwatch(nowMs - ui.offlineSinceMs)}`, 'bad'), segment(own(' ')));
	}
	if (ui.pause) {
		parts.push(
			segment(own`PAUSED ${stopwatch(nowMs - ui.pause.sinceMs)}`, 'paused'),
			segment(came(ui.pause.atEvents), 'strong'),
		);
		return parts;
	}
	if (ui.mode === 'replay' && ui.replay) {
		parts.push(replayPart(ui.replay, glyphs));
	} else if (ui.events.follow) {
		parts.push(livePart(picture.nodes.some(isLiveNode), clock(nowMs), compact, glyphs));
	}
	if (!ui.events.follow) {
		if (parts.length > 0) {
			parts.push(segment(own(' ')));
		}
		parts.push(segment(own('SCROLLED'), 'warn'), segment(own`${came(ui.events.stoppedAtEvents)}  G: live`, 'strong'));
	}
	return parts;
}

/** Events come from it, or it was never dialled: the nodes of a file or a pipe are known by their events only. */
function isLiveNode(node: NodeStatus): boolean {
	return isWell(node) || node.state === 'looking';
}

/** `briefly`: where the line has no room for all of it. */
type Part = {
	readonly keep: number;
	readonly segments: readonly Segment[];
	readonly briefly?: readonly Segment[];
};

/** How many of the events are on the screen; where the agents or a flag left some out, these are not all. */
function shownWords({ui, picture, compact}: Pick<PaneContext, 'ui' | 'picture' | 'compact'>): SafeText {
	const {feed, nodes} = picture;
	const counts = own`${thousands(feed.shown)} of ${compact ? short(feed.total) : thousands(feed.total)}`;
	if (!isLeftOut(ui)) {
		return own`${counts} shown`;
	}

	if (compact) {
		return own`${counts} asked for`;
	}

	const leftOut = nodes.reduce((sum, {hidden}) => sum + hidden, 0);
	return ui.mode === 'replay'
		? own`${counts} asked for, ${thousands(leftOut)} left out`
		: own`${counts} asked for, the rest is not sent`;
}

function factsOf({ui, picture, glyphs, compact}: PaneContext): Part[] {
	const {totals} = picture;
	const parts: Part[] = [];
	if (ui.highlight) {
		parts.push({keep: 60, segments: [segment(own`mark ${chipText(ui.highlight)}`, 'match')]});
	}
	const tone = narrowingsOf(ui).length > 0 ? 'strong' : 'plain';
	parts.push({keep: 90, segments: [segment(shownWords({ui, picture, compact}), tone)]});
	const age = totals.oldestMs === undefined ? own('') : own`, ${span(picture.nowMs - totals.oldestMs)}`;
	const memory = own`${bytes(totals.bufferedBytes)}/${bytes(totals.bufferBytes)}`;
	if (!compact) {
		parts.push({keep: 20, segments: [segment(own`buffer ${short(totals.bufferedEvents)}${age}, ${memory}`, 'dim')]});
	}
	if (ui.recording) {
		const path = safe(ui.recording.path, 256);
		const count = short(ui.recording.events);
		const words = own`rec ${glyphs.recordOn} ${count}`;
		const briefly = [segment(words, 'bad')];
		const segments = [segment(compact ? own`rec ${count}` : own`${words} ${path}`, 'bad')];
		parts.push(compact ? {keep: 80, segments} : {keep: 80, segments, briefly});
	} else if (!compact) {
		parts.push({keep: 10, segments: [segment(own`rec ${glyphs.recordOff}`, 'dim')]});
	}
	return parts;
}

/** A chip: what it hides is in its text, `off` or the sign that a key removes it, and whether the agents apply it. */
function chipSegments({text, isAtAgent, hides}: Narrowing, glyphs: Glyphs, room: number): Segment[] {
	const off = hides.by === 'chip' && hides.chip.off;
	const ends = [
		...(hides.by === 'start' ? [] : [segment(off ? own(' off') : own` ${glyphs.close}`, 'dim')]),
		...(isAtAgent ? [segment(own(hides.by === 'start' ? ' [S]' : '[S]'), 'accent')] : []),
	];
	const longest = Math.max(8, room - widthOfSegments(ends));
	const words = safe(text, 256);
	return [segment(fit(words, Math.min(widthOf(words), longest), {cut: 'middle'}), off ? 'dim' : 'chip'), ...ends];
}

/** The first chips that fit, and how many more there are. */
function chipsThatFit({ui, glyphs}: PaneContext, room: number, between: SafeText): Segment[] {
	const all = narrowingsOf(ui);
	const parts: Segment[][] = [];
	let left = room;
	for (const [index, narrowing] of all.entries()) {
		const rest = index === all.length - 1 ? 0 : between.length + 3;
		const shown = chipSegments(narrowing, glyphs, room - between.length - rest);
		const width = widthOfSegments(shown) + between.length;
		if (width > left - rest && parts.length > 0) {
			break;
		}
		left -= width;
		parts.push([segment(between, 'dim'), ...shown]);
	}
	const hidden = all.length - parts.length;
	if (hidden > 0) {
		parts.push([segment(between, 'dim'), segment(own`+${hidden}`, 'chip')]);
	}
	return parts.flat();
}

export function chipsPane(context: PaneContext, {rect}: PaneRect): Line[] {
	const {compact, glyphs} = context;
	const cells = new Cells(rect.width);
	const between = own` ${glyphs.separator} `;
	if (!compact) {
		cells.gap();
	}
	cells.segments(stateParts(context));
	let facts = factsOf(context);

	function widthOfFacts(): number {
		return facts.reduce((width, part) => width + widthOfSegments(part.segments) + between.length, 0);
	}

	// The chips are the active filter: facts make room for them, except the count of shown events.
	const chips = chipsThatFit(context, Math.max(0, cells.left - 24), between);
	function isTooLong(): boolean {
		return facts.length > 1 && widthOfFacts() + widthOfSegments(chips) > cells.left;
	}

	if (isTooLong()) {
		facts = facts.map(part => (part.briefly === undefined ? part : {...part, segments: part.briefly}));
	}
	while (isTooLong()) {
		const lowest = Math.min(...facts.map(part => part.keep));
		facts = facts.filter(part => part.keep !== lowest);
	}
	cells.segments(chips);
	for (const {segments} of facts) {
		cells.put(between, 'dim').segments(segments);
	}
	return [cells.end()];
}
