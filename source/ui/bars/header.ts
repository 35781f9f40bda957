/**
Line 1: the program, its cluster, its agents, and how much was killed or lost.

    tetratop 0.1 │ ctx prod-eu │ tetragon v1.7.0 via exec │ nodes 11/12 ▲1 │ 1.2k ev/s ▁▂▂▃▅▇█▆▃▂ │ KILL 3 ▲ │ LOST 0

On a narrow terminal the least important parts are left out first; the others keep their order.
*/

import type {NodeStatus} from '../../store/snapshot.js';
import {joinSafe, own, type SafeText, safe} from '../../text/safe.js';
import {fit as exactly, widthOf} from '../../text/width.js';
import {modeOf} from '../frame/layout.js';
import type {Line, Segment} from '../frame/line.js';
import type {PaneContext, PaneRect} from '../panes/pane.js';
import {narrowingsOf} from '../state/narrowings.js';
import {Cells, segment, widthOfSegments} from '../widgets/cells.js';
import {isWatched, isWell} from '../widgets/node-words.js';
import {bytes, rate, short, thousands} from '../widgets/numbers.js';
import {spark} from '../widgets/spark.js';
import {span} from '../widgets/times.js';

/** `keep`: the part with the lowest goes first when the line is short. `tight`: it belongs to the part before it. */
type Part = {readonly keep: number; readonly tight?: boolean; readonly segments: readonly Segment[]};

function nodesPart({picture, glyphs, compact}: PaneContext): Segment[] {
	const nodes = picture.nodes.filter(isWatched);
	const well = nodes.filter(isWell).length;
	const missing = nodes.length - well;
	const tone = missing === 0 ? 'plain' : well === 0 ? 'bad' : 'warn';
	const count = own`nodes ${well}/${nodes.length}`;
	if (missing === 0) {
		return [segment(count, tone)];
	}
	return [segment(compact ? own`${count}!` : own`${count} ${glyphs.warn}${missing}`, tone)];
}

/** A build between two releases: `v1.8.0-pre.0-653-g4fbfe2d74`; the nodes view has it in full. */
const commit = /-\d+-g[\da-f]+$/;

/** `v1.7.0`, or `v1.5.0–v1.7.0 mixed` */
export function versionsOf(nodes: readonly NodeStatus[], dash: SafeText): SafeText {
	const versions = [...new Set(nodes.map(node => node.version.replace(commit, '+')).filter(version => version !== ''))];
	versions.sort((one, other) => one.localeCompare(other, 'en', {numeric: true}));
	const first = safe(versions[0] ?? '', 64);
	const last = safe(versions.at(-1) ?? '', 64);
	return versions.length < 2 ? first : own`${first}${dash}${last} mixed`;
}

function waysOf(nodes: readonly NodeStatus[]): SafeText {
	return joinSafe(
		[...new Set(nodes.map(node => node.via).filter(via => via !== ''))].sort().map(via => safe(via, 64)),
		own(', '),
	);
}

function killPart({picture, glyphs, compact}: PaneContext): Segment[] {
	const {killed, unacknowledged} = picture.kills;
	// Reversed red is for proven kills only; possible kills and would-kills have a mark without it.
	const isNew = unacknowledged > 0;
	const tone = killed > 0 ? (isNew ? 'unseen' : 'killed') : isNew ? 'would' : 'plain';
	const mark = !compact && unacknowledged > 0 ? own` ${glyphs.warn}` : own('');
	return [segment(own`KILL ${thousands(killed)}${mark}`, tone)];
}

export function shedCount(shed: Readonly<Record<string, number>>): number {
	let count = 0;
	for (const cause of Object.values(shed)) {
		count += cause;
	}
	return count;
}

/** With a `?` where events were lost that nobody counted: the number is then not complete. */
function withUnknown(count: number, isUnknown: boolean): SafeText {
	return isUnknown ? (count > 0 ? own`${short(count)}+?` : own('?')) : short(count);
}

function lostParts({picture}: PaneContext): Part[] {
	const client = shedCount(picture.totals.shed);
	const {lostServer, lostAnnounced, isLossUnknown} = picture.totals;
	const server = (lostServer ?? 0) + lostAnnounced;
	const isUnknown = lostServer === undefined || isLossUnknown;
	const tone = client > 0 || server > 0 || isLossUnknown ? 'bad' : 'plain';
	const known = withUnknown(server, isUnknown);
	const sum = withUnknown(server + client, isUnknown);
	return [
		{keep: 55, segments: [segment(own`LOST ${sum}`, tone)]},
		{keep: 14, tight: true, segments: [segment(own`srv ${known} cli ${short(client)}`, tone)]},
	];
}

/** Median, in milliseconds; nodes that have not sent anything do not count. */
export function medianLag(nodes: readonly NodeStatus[]): number | undefined {
	const lags = nodes.flatMap(node => (node.lagMs === undefined ? [] : [node.lagMs])).sort((one, other) => one - other);
	return lags[lags.length >> 1];
}

/** A screen with one pane at a time has no line for the chips: the parts of it that must be seen. */
function insteadOfChips({ui, picture}: PaneContext): Part[] {
	const parts: Part[] = [];
	if (ui.offlineSinceMs !== undefined) {
		parts.push({keep: 94, segments: [segment(own('OFFLINE'), 'bad')]});
	}
	if (ui.pause) {
		parts.push({keep: 93, segments: [segment(own('PAUSED'), 'paused')]});
	}
	if (ui.mode === 'replay') {
		parts.push({keep: 46, segments: [segment(own('REPLAY'), 'replay')]});
	}
	if (ui.recording) {
		parts.push({keep: 47, segments: [segment(own('rec'), 'bad')]});
	}
	const narrowings = narrowingsOf(ui);
	const [first] = narrowings;
	if (first) {
		const more = narrowings.length > 1 ? own` +${narrowings.length - 1}` : own('');
		const words = safe(first.text, 256);
		const shown = own`${thousands(picture.feed.shown)} of ${short(picture.feed.total)}`;
		parts.push({
			keep: 91,
			segments: [segment(own`${exactly(words, Math.min(16, widthOf(words)))}${more}`, 'chip')],
		});
		parts.push({keep: 58, segments: [segment(shown, 'strong')]});
	}
	return parts;
}

/** The program, its cluster and the agents: what all other parts are about. */
function aboutParts(context: PaneContext): Part[] {
	const {ui, picture, glyphs, compact, program} = context;
	const nodes = picture.nodes.filter(isWatched);
	const version = versionsOf(nodes, glyphs.dash);
	const ways = waysOf(nodes);
	const parts: Part[] = [
		{
			keep: 40,
			segments: [segment(compact ? own('tetratop') : own`tetratop ${safe(program?.version ?? '', 32)}`, 'strong')],
		},
		{keep: 50, segments: [segment(safe(ui.targetName, 200), 'accent')]},
	];
	if (modeOf(ui.columns, ui.rows) === 'one') {
		parts.push(...insteadOfChips(context));
	}
	if (ui.allowWrite) {
		parts.push({keep: 95, segments: [segment(own('WRITE ALLOWED'), 'warn')]});
	}
	if (program?.insecure) {
		parts.push({keep: 96, segments: [segment(own('INSECURE'), 'bad')]});
	}
	if (program?.slowFramesPerSecond !== undefined) {
		parts.push({keep: 45, segments: [segment(own`slow link: ${Math.round(program.slowFramesPerSecond)} fps`, 'warn')]});
	}
	if (version !== '') {
		parts.push({keep: 20, segments: [segment(own`tetragon ${version}`)]});
		if (ways !== '') {
			parts.push({keep: 11, tight: true, segments: [segment(own`via ${ways}`)]});
		}
	}
	return parts;
}

function rateParts({picture, glyphs, compact}: PaneContext): Part[] {
	const {totals} = picture;
	const parts: Part[] = [];
	parts.push({keep: 60, segments: [segment(own`${fourCells(rate(totals.perSecond))} ev/s`)]});
	const cells = compact ? 8 : 10;
	const sparkline = spark(totals.spark, cells, glyphs);
	const drawn = glyphs.charset === 'ascii' ? own`[${sparkline}]` : sparkline;
	parts.push({keep: 30, tight: true, segments: [segment(drawn, 'dim')]});
	if (!compact) {
		parts.push({keep: 12, tight: true, segments: [segment(own`peak ${short(totals.peakPerSecond)}`, 'dim')]});
	}
	return parts;
}

/** What the policies did, and how much of it may be missing. */
function policyParts(context: PaneContext): Part[] {
	const {totals, kills, policies} = context.picture;
	const parts: Part[] = [{keep: 80, segments: killPart(context)}];
	parts.push({
		keep: 16,
		tight: true,
		segments: [segment(own`WOULD ${thousands(kills.would)}`, kills.would > 0 ? 'would' : 'plain')],
	});
	parts.push({
		keep: 15,
		tight: true,
		segments: [segment(own`DENY ${thousands(kills.denied)}`, kills.denied > 0 ? 'denied' : 'plain')],
	});
	// The counters of a policy count all its actions; the agents were asked for a part of the events.
	if (policies.some(({isWhole, mode}) => !isWhole && (mode === 'enforce' || mode === 'mixed'))) {
		parts.push({keep: 42, tight: true, segments: [segment(own('UNSEEN ?'), 'dim')]});
	}
	parts.push(...lostParts(context));
	const missed = policies.reduce((sum, policy) => sum + (policy.missed ?? 0), 0);
	if (missed > 0) {
		parts.push({keep: 43, tight: true, segments: [segment(own`MISSED ${short(missed)}`, 'loss')]});
	}
	if (totals.malformed > 0) {
		// Lines of a file have numbers; an agent sends frames, which have none.
		const what = totals.malformedLine === undefined ? own('BAD FRAMES') : own('BAD LINES');
		parts.push({keep: 44, segments: [segment(own`${what} ${short(totals.malformed)}`, 'bad')]});
	}
	return parts;
}

function partsOf(context: PaneContext): Part[] {
	const {ui, picture, program} = context;
	const lag = medianLag(picture.nodes.filter(isWatched));
	const parts: Part[] = [
		...aboutParts(context),
		{keep: 90, segments: nodesPart(context)},
		...rateParts(context),
		...policyParts(context),
	];
	if (lag !== undefined && ui.mode !== 'replay') {
		parts.push({keep: 10, segments: [segment(own`lag ${span(lag)}`, lag > 5000 ? 'warn' : 'plain')]});
	}
	if (program?.heapBytes !== undefined) {
		parts.push({keep: 5, segments: [segment(own`heap ${bytes(program.heapBytes)}`, 'dim')]});
	}
	return parts;
}

/** Four cells, so that the parts after it do not move when 999 becomes 1.0k. */
function fourCells(text: SafeText): SafeText {
	return safe(text.padStart(4));
}

function between(context: PaneContext, part: Part): SafeText {
	if (part.tight) {
		return own(' ');
	}
	return context.compact ? own('  ') : own` ${context.glyphs.separator} `;
}

function widthOfParts(context: PaneContext, parts: readonly Part[]): number {
	let width = 0;
	for (const [index, part] of parts.entries()) {
		width += widthOfSegments(part.segments) + (index === 0 ? 0 : between(context, part).length);
	}
	return width;
}

/** The most important parts that fit, in their own order. */
function shortened(context: PaneContext, parts: readonly Part[], width: number): readonly Part[] {
	let kept: readonly Part[] = [];
	for (const part of parts.toSorted((one, other) => other.keep - one.keep)) {
		const more = parts.filter(each => each === part || kept.includes(each));
		if (widthOfParts(context, more) <= width) {
			kept = more;
		}
	}
	return kept;
}

export function headerPane(context: PaneContext, {rect}: PaneRect): Line[] {
	const cells = new Cells(rect.width);
	if (!context.compact) {
		cells.gap();
	}
	for (const [index, part] of shortened(context, partsOf(context), cells.left).entries()) {
		if (index > 0) {
			cells.put(between(context, part), 'dim');
		}
		cells.segments(part.segments);
	}
	return [cells.end()];
}
