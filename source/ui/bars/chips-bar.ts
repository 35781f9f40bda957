/**
Line 2: what am I looking at.

    ● LIVE 12:04:31.402 │ pod~api ✕ │ !probes ✕ │ 842 of 58,120 shown │ buffer 58k, 60M/256M │ rec ○

The state stands at column 0: nobody may take a picture that stands still for a live one.
*/
import type {NodeStatus} from '../../store/snapshot.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import type {Line, Segment} from '../frame/line.js';
import type {PaneContext, PaneRect} from '../panes/pane.js';
import {Cells, segment, widthOfSegments} from '../widgets/cells.js';
import {chipText} from '../widgets/chip-words.js';
import {isWell} from '../widgets/node-words.js';
import {bytes, short, thousands} from '../widgets/numbers.js';
import {clock, span, stopwatch} from '../widgets/times.js';

/** One blank behind it belongs to the state: its tone is reverse. */
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
		const {speed, paused, atMs, done} = ui.replay;
		const going = done ? own('end') : paused ? own('stopped') : glyphs.play;
		const pace = Number.isFinite(speed) ? own`${glyphs.times}${speed}` : own('as fast as it goes');
		parts.push(segment(own`REPLAY ${clock(atMs)} ${pace} ${going}`, 'replay'));
	} else if (ui.events.follow) {
		const isLive = picture.nodes.some(isLiveNode);
		const word = isLive ? own('LIVE') : own('NOT LIVE');
		const marked = compact ? word : own`${isLive ? glyphs.live : glyphs.nodeOff} ${word}`;
		parts.push(segment(own`${marked} ${clock(nowMs)}`, isLive ? 'good' : 'bad'));
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

type Part = {readonly keep: number; readonly segments: readonly Segment[]};

function factsOf({ui, picture, glyphs, compact}: PaneContext): Part[] {
	const {totals, feed} = picture;
	const parts: Part[] = [];
	if (ui.kills.only) {
		parts.push({keep: 95, segments: [segment(own('only alerts: a'), 'warn')]});
	}
	if (!ui.events.showProbes) {
		parts.push({keep: 70, segments: [segment(own('probes hidden: P'), 'warn')]});
	}
	if (ui.highlight) {
		parts.push({keep: 60, segments: [segment(own`mark ${chipText(ui.highlight)}`, 'match')]});
	}
	const shown = compact
		? own`${thousands(feed.shown)} of ${short(feed.total)} shown`
		: own`${thousands(feed.shown)} of ${thousands(feed.total)} shown`;
	parts.push({keep: 90, segments: [segment(shown, ui.chips.length > 0 ? 'strong' : 'plain')]});
	const age = totals.oldestMs === undefined ? own('') : own`, ${span(picture.nowMs - totals.oldestMs)}`;
	const memory = own`${bytes(totals.bufferedBytes)}/${bytes(totals.bufferBytes)}`;
	if (!compact) {
		parts.push({keep: 20, segments: [segment(own`buffer ${short(totals.bufferedEvents)}${age}, ${memory}`, 'dim')]});
	}
	if (ui.recording) {
		const path = safe(ui.recording.path, 256);
		const count = short(ui.recording.events);
		const words = compact ? own`rec ${count}` : own`rec ${glyphs.recordOn} ${count} ${path}`;
		parts.push({keep: 80, segments: [segment(words, 'bad')]});
	} else if (!compact) {
		parts.push({keep: 10, segments: [segment(own`rec ${glyphs.recordOff}`, 'dim')]});
	}
	return parts;
}

/** The chips that fit; the newest stay, since Esc removes the last one, and how many are not shown is said. */
function chipsThatFit({ui, glyphs}: PaneContext, room: number, between: SafeText): Segment[] {
	const parts: Segment[][] = [];
	let left = room;
	for (const chip of ui.chips.toReversed()) {
		const shown = [
			segment(own`${chipText(chip)} `, chip.off ? 'dim' : 'chip'),
			segment(chip.off ? own('off') : glyphs.close, 'dim'),
		];
		if (chip.server) {
			shown.push(segment(own('[S]'), 'accent'));
		}
		const width = widthOfSegments(shown) + between.length;
		if (width > left - 6 && parts.length > 0) {
			break;
		}
		left -= width;
		parts.unshift([segment(between, 'dim'), ...shown]);
	}
	const hidden = ui.chips.length - parts.length;
	if (hidden > 0) {
		parts.unshift([segment(between, 'dim'), segment(own`+${hidden}`, 'chip')]);
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

	// The chips are the filter that is at work: facts give way to them, up to the count of what is shown.
	const chips = chipsThatFit(context, Math.max(0, cells.left - 24), between);
	while (facts.length > 1 && widthOfFacts() + widthOfSegments(chips) > cells.left) {
		const lowest = Math.min(...facts.map(part => part.keep));
		facts = facts.filter(part => part.keep !== lowest);
	}
	cells.segments(chips);
	for (const {segments} of facts) {
		cells.put(between, 'dim').segments(segments);
	}
	return [cells.end()];
}
