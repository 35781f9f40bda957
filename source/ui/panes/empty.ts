/** What an empty pane says: that it works, why there is nothing, and what helps. */
import {joinSafe, own, type SafeText, safe} from '../../text/safe.js';
import {wrap} from '../../text/width.js';
import type {Line, Segment, Tone} from '../frame/line.js';
import {narrowingsOf} from '../state/narrowings.js';
import {Cells, segment} from '../widgets/cells.js';
import {chipText} from '../widgets/chip-words.js';
import {moment} from '../widgets/moments.js';
import {isWatched, isWell} from '../widgets/node-words.js';
import {counted, thousands} from '../widgets/numbers.js';
import {span} from '../widgets/times.js';
import type {PaneContext} from './pane.js';

/** Paragraphs, indented and wrapped, at most `height` lines. */
export function paragraphs(parts: readonly Segment[], width: number, height: number): Line[] {
	const lines: Line[] = [];
	for (const {text, tone} of parts) {
		for (const row of wrap(text, Math.max(1, width - 3))) {
			lines.push(new Cells(width).gap(2).put(row, tone).end());
		}
	}
	return lines.slice(0, Math.max(0, height));
}

function say(text: SafeText, tone: Tone = 'plain'): Segment {
	return segment(text, tone);
}

function streamWords({picture}: PaneContext): SafeText {
	const nodes = picture.nodes.filter(isWatched);
	const well = nodes.filter(isWell).length;
	if (nodes.length === 0) {
		return picture.nodes.length === 0 ? own('No node is known yet.') : own('No node is left to watch.');
	}
	if (well === 0) {
		const isFirst = picture.totals.events === 0;
		return own`None of ${counted(nodes.length, own('node'), own('nodes'))} is connected${isFirst ? own(' yet') : own('')}.`;
	}
	return own`${counted(well, own('node streams.'), own('nodes stream.'))}`;
}

/** What was never asked for, and so cannot come. */
function givenWords({given}: PaneContext['ui']): Segment[] {
	const texts = given.map(({text}) => safe(text, 256));
	return texts.length === 0 ? [] : [say(own`asked for only:  ${joinSafe(texts, own('   '))}`)];
}

/** The feed: nothing has come, or the chips hide it all. */
export function emptyEvents(context: PaneContext, width: number, height: number): Line[] {
	const {ui, picture} = context;
	const {total, progress} = picture.feed;
	if (total === 0 && ui.pause !== undefined && ui.pause.atEvents > 0) {
		return paragraphs(
			[
				say(own('what was paused has left the buffer: newer events took its room'), 'warn'),
				say(own('p or G goes on with what is there; --buffer gives the next pause more room'), 'dim'),
			],
			width,
			height,
		);
	}
	if (total === 0) {
		return paragraphs(
			[
				say(own`no events yet. ${streamWords(context)}`),
				...givenWords(ui),
				say(
					own('Tetragon reports exec and exit always; other events need a TracingPolicy. Key 4 shows the policies.'),
					'dim',
				),
			],
			width,
			height,
		);
	}
	if (progress < 1) {
		return paragraphs(
			[say(own`reading the buffer: ${Math.floor(progress * 100)} % of ${thousands(total)} events`)],
			width,
			height,
		);
	}
	const counts = picture.chipCounts;
	const chips = narrowingsOf(ui).flatMap(({text, hides: what}) => {
		if (what.by !== 'chip') {
			return what.by === 'start' ? [] : [safe(text, 256)];
		}
		const hides = counts?.hides[ui.chips.indexOf(what.chip)];
		if (what.chip.off) {
			return [];
		}
		return [hides === undefined ? chipText(what.chip) : own`${chipText(what.chip)} ${thousands(hides)}`];
	});
	const isOther = ui.tree.followProcess !== undefined || ui.kills.only;
	const last = isOther ? undefined : ui.chips.at(-1);
	const meant = counts?.meant ?? [];
	return paragraphs(
		[
			say(own`0 of ${counted(total, own('event matches'), own('events match'))}`, 'strong'),
			...(chips.length === 0 ? [] : [say(own`hidden by:  ${joinSafe(chips, own('   '))}`)]),
			...(last === undefined ? [] : [say(own`Esc removes  ${chipText(last)}   :filter lists them`, 'dim')]),
			...(meant.length === 0
				? []
				: [
						say(
							own`did you mean:  ${joinSafe(
								meant.map(pod => safe(pod, 256)),
								own(', '),
							)}`,
						),
					]),
		],
		width,
		height,
	);
}

/** An empty list of alerts must say that it works. */
export function emptyKills({ui, picture}: PaneContext, width: number, height: number): Line[] {
	const {groups, lastMs} = picture.kills;
	const all = groups.length + picture.deaths.length;
	if (all > 0 && ui.chips.length > 0) {
		return paragraphs(
			[say(own`none of ${counted(all, own('alert'), own('alerts'))} matches the filter. Esc removes the last chip`)],
			width,
			height,
		);
	}
	if (lastMs !== undefined) {
		return paragraphs(
			[
				say(
					own`no open alert. The last one came at ${moment({ui, picture}, lastMs)}, ${span(picture.nowMs - lastMs)} ago`,
				),
			],
			width,
			height,
		);
	}
	const since = picture.totals.oldestMs;
	const from =
		since === undefined ? own('') : own` since ${moment({ui, picture}, since)} (${span(picture.nowMs - since)})`;
	return paragraphs([say(own`no kill${from}. ${streamWords({ui, picture} as PaneContext)}`)], width, height);
}

export function emptyProcesses(context: PaneContext, width: number, height: number): Line[] {
	if (context.ui.chips.length > 0 && context.picture.totals.processes > 0) {
		return paragraphs(
			[say(own`no process of ${thousands(context.picture.totals.processes)} matches the filter`)],
			width,
			height,
		);
	}
	return paragraphs(
		[
			say(own`no process yet. ${streamWords(context)}`),
			say(own('The tree grows from events; processes that run already appear when they act.'), 'dim'),
		],
		width,
		height,
	);
}

/** For a list that has no rows: one sentence. */
export function sentence(text: string, width: number, height: number): Line[] {
	return paragraphs([say(safe(text))], width, height);
}
