/** What the detail speaks of, looked up in the picture once for all tabs. */
import type {Enforcement, Process} from '../../../store/processes/process.js';
import type {KillGroup} from '../../../store/snapshot.js';
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
	readonly group: KillGroup | undefined;
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
	return {event, kind, body, timeMs, node: found?.node ?? process?.node, process, kill, group: undefined};
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
	return {event, kind, body, timeMs, node: process.node, process, kill, group: undefined};
}

function ofKill(picture: Picture, groupId: string): Known | undefined {
	const group =
		picture.killRows.at(picture.killRows.indexOf(groupId)) ?? picture.kills.groups.find(({id}) => id === groupId);
	const kill = group?.kills.at(-1);
	if (!group) {
		return undefined;
	}
	const event = kill && kill.seq >= 0 ? picture.event(kill.seq) : undefined;
	const kind = event ? kindOf(event) : (kill?.kind ?? 'unknown');
	const body = event && bodyOf(event);
	const timeMs = kill?.timeMs ?? group.lastMs;
	return {event, kind, body, timeMs, node: group.node, process: kill?.process, kill, group};
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
