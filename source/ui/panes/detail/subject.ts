/** What the detail speaks of, looked up in the picture once for all tabs. */
import type {Death} from '../../../store/death.js';
import type {ChainLink, Enforcement, Process} from '../../../store/processes/process.js';
import {type AlertGroup, type DeathGroup, isDeathGroup, isRowOf} from '../../../store/snapshot.js';
import {bodyOf, type Event, type EventBody, type EventKind, kindOf} from '../../../tetragon/event/event.js';
import type {Picture} from '../../state/picture.js';
import type {Subject} from '../../state/state.js';
import {killOf, worstKill} from '../../widgets/kill-words.js';
import type {PaneContext} from '../pane.js';

export type Known = {
	readonly event: Event | undefined;
	readonly kind: EventKind;
	readonly body: EventBody | undefined;
	readonly timeMs: number;
	readonly node: number | undefined;
	readonly process: Process | undefined;
	readonly kill: Enforcement | undefined;
	/** Who ended it, when it was no policy. */
	readonly death: Death | undefined;
	/** From its parent to the root, as it was known when the process ended. */
	readonly chain: readonly ChainLink[];
	readonly group: AlertGroup | undefined;
};

function ofEvent(picture: Picture, seq: number): Known | undefined {
	const row = picture.feed.rowOf(seq);
	const found = row?.type === 'event' ? row : undefined;
	const event = picture.event(seq);
	if (!event && !found) {
		return undefined;
	}
	const kind = event ? kindOf(event) : (found?.kind ?? 'unknown');
	const body = event && bodyOf(event);
	const process = found?.process ?? processOf(picture, body?.process?.exec_id);
	const kill = killOf(process, seq);
	const timeMs = found?.timeMs ?? Date.parse(event?.time ?? '');
	const death = process && kind === 'process_exit' ? picture.deathOf(process) : undefined;
	const node = found?.node ?? process?.node;
	return {event, kind, body, timeMs, node, process, kill, death, chain: [], group: undefined};
}

function processOf(picture: Picture, execId: string | undefined): Process | undefined {
	return execId === undefined ? undefined : picture.tree.at(picture.tree.indexOf(execId))?.process;
}

function ofProcess(picture: Picture, execId: string): Known | undefined {
	const process = processOf(picture, execId);
	if (!process) {
		return undefined;
	}
	const kill = worstKill(process);
	const event = kill && kill.seq >= 0 ? picture.event(kill.seq) : undefined;
	const kind = event ? kindOf(event) : 'unknown';
	const body = event && bodyOf(event);
	// The line below a verdict says when that was, not when the process began.
	const timeMs = kill?.timeMs ?? process.startMs;
	const death = picture.deathOf(process);
	return {event, kind, body, timeMs, node: process.node, process, kill, death, chain: [], group: undefined};
}

function ofKill(picture: Picture, groupId: string): Known | undefined {
	const group =
		picture.killRows.at(picture.killRows.indexOf(groupId)) ??
		[...picture.kills.groups, ...picture.deaths].find(group => isRowOf(group, groupId));
	if (!group) {
		return undefined;
	}
	if (isDeathGroup(group)) {
		return ofDeath(picture, group);
	}
	const kill = group.kills.at(-1);
	const event = kill && kill.seq >= 0 ? picture.event(kill.seq) : undefined;
	const kind = event ? kindOf(event) : (kill?.kind ?? 'unknown');
	const body = event && bodyOf(event);
	const timeMs = kill?.timeMs ?? group.lastMs;
	const death = kill?.process && picture.deathOf(kill.process);
	return {event, kind, body, timeMs, node: group.node, process: kill?.process, kill, death, chain: [], group};
}

function ofDeath(picture: Picture, group: DeathGroup): Known {
	const newest = group.kills.at(-1);
	const event = newest && newest.seq >= 0 ? picture.event(newest.seq) : undefined;
	return {
		event,
		kind: 'process_exit',
		body: event && bodyOf(event),
		timeMs: newest?.timeMs ?? group.lastMs,
		node: group.node < 0 ? undefined : group.node,
		process: newest?.process,
		kill: undefined,
		death: newest?.death,
		chain: newest?.chain ?? [],
		group,
	};
}

/** What the user opened; else what the cursor of the focused pane is on; else the newest alert. */
export function subjectOf({ui, picture, chosen}: PaneContext): Subject | undefined {
	const {open, subject} = ui.detail;
	if (open && subject) {
		return subject;
	}

	const newest = picture.killRows.at(0);
	return chosen?.() ?? subject ?? (newest && {type: 'kill', groupId: newest.id});
}

export function known(picture: Picture, subject: Subject): Known | undefined {
	if (subject.type === 'event') {
		return ofEvent(picture, subject.seq);
	}
	return subject.type === 'process' ? ofProcess(picture, subject.execId) : ofKill(picture, subject.groupId);
}
