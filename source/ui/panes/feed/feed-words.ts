/** What an event of the feed says: its verb, its detail and its marks. */
import type {Enforcement} from '../../../store/processes/process.js';
import type {FeedRow} from '../../../store/snapshot.js';
import {describe} from '../../../tetragon/describe/describe.js';
import {own, type SafeText, safe} from '../../../text/safe.js';
import type {Segment, Tone} from '../../frame/line.js';
import {segment} from '../../widgets/cells.js';
import {detailWords} from '../../widgets/event-words.js';
import {exitCause, killBehind} from '../../widgets/exit-words.js';
import {killOf, killWords} from '../../widgets/kill-words.js';
import {baseOf, isExecedIn} from '../../widgets/process-words.js';
import type {PaneContext} from '../pane.js';

export type EventRow = Extract<FeedRow, {type: 'event'}>;

export type Said = {readonly verb: SafeText; readonly tone: Tone; readonly detail: readonly Segment[]};

const quiet = new Set<string>(['exit']);

/** What was done and to what stands first: the policy and the state also stand in the alerts. */
function detailOfKill(row: EventRow, kill: Enforcement, detail: SafeText, hasPolicyColumn: boolean): Segment[] {
	const {name, tone} = killWords[kill.state];
	const policy = hasPolicyColumn ? own(' ') : own` ${safe(row.policy, 128)} `;
	return [segment(detail), segment(policy, 'dim'), segment(name, tone)];
}

export function say(context: PaneContext, row: EventRow, room: number, hasPolicyColumn: boolean): Said {
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
	if (event.$malformed !== undefined) {
		return {verb, tone: 'bad', detail: [segment(detail, 'dim')]};
	}
	if (row.kind === 'process_exit') {
		const cause = exitCause(row.process, context.picture.deathOf, hasPolicyColumn);
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
export function lateness({late, timeless}: EventRow): SafeText {
	return timeless ? own('*') : late ? own('~') : own(' ');
}

export function badge({glyphs}: PaneContext, row: EventRow): Segment {
	const kill = killOf(row.process, row.seq);
	if (kill) {
		return segment(glyphs[killWords[kill.state].glyph], killWords[kill.state].tone);
	}
	if (row.kind === 'process_exit' && killBehind(row.process)) {
		return segment(glyphs.killed, 'killed');
	}
	if (row.process && isExecedIn(row.process)) {
		return segment(glyphs.charset === 'ascii' ? own('e') : glyphs.execBadge, 'accent');
	}
	return segment(own(' '));
}
