/** How a process is called and how it ended. Everything foreign is made safe here. */

import type {KillState} from '../../store/enforcement-states.js';
import {exitNotSeen} from '../../store/processes/lineage.js';
import type {Process} from '../../store/processes/process.js';
import {baseName as baseOf} from '../../tetragon/event/base-name.js';
import {podOrContainer} from '../../tetragon/event/facts.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import type {Glyphs} from '../frame/glyphs.js';
import type {Tone} from '../frame/line.js';
import {killWords, worstKill} from './kill-words.js';
import {age} from './times.js';

export {baseOf};

/** `curl http://…`; says that a process is unknown when other events mentioned it and none described it. */
export function commandOf({facts}: Process, cells: number): SafeText {
	if (!facts) {
		return own('(not seen itself)');
	}
	const limit = Math.max(64, cells * 4);
	const name = safe(baseOf(facts.binary) || '(no name)', limit);
	return facts.arguments === '' ? name : own`${name} ${safe(facts.arguments, limit)}`;
}

/** Outside the container's init tree: kubectl exec, a probe, nsenter. Not said where the agent does not know. */
export function isExecedIn({facts}: Process): boolean {
	return facts?.inInitTree === false && podOrContainer(facts) !== '';
}

const runtime = /^(?:runc|crun|conmon|containerd-shim.*)$/;

/** The container runtime at work, seen on the host. In a pod the name alone proves nothing: anybody may call a file so. */
export function isRuntime({facts}: Process): boolean {
	return facts !== undefined && podOrContainer(facts) === '' && runtime.test(baseOf(facts.binary));
}

/** How a process came into its container, in as few cells as possible. */
export function badgeWord(process: Process, glyphs: Glyphs): SafeText {
	if (process.execProbe) {
		return glyphs.charset === 'ascii' ? own('probe') : own`${glyphs.execBadge}probe`;
	}
	return glyphs.charset === 'ascii' ? glyphs.execBadge : own`${glyphs.execBadge}exec`;
}

export function userOf({facts}: Process): SafeText {
	if (!facts) {
		return own('?');
	}
	return facts.uid === 0 ? own('root') : own`${facts.uid}`;
}

export type StateWord = {readonly text: SafeText; readonly tone: Tone};

/** These states are shown although the process has ended; a denied or signalled process shows its end instead. */
function isMarkedAfterEnd(state: KillState): boolean {
	return ['KILLED', 'KILL-SENT', 'KILL ?', 'WOULD-KILL', 'NOT KILLED'].includes(state);
}

/** The state of a process that needs attention, or its end; undefined for a process that runs. */
export function stateWord(process: Process, glyphs: Glyphs): StateWord | undefined {
	const kill = worstKill(process);
	const words = kill && killWords[kill.state];
	const ended = process.state === 'exited';
	if (kill && words && (!ended || isMarkedAfterEnd(kill.state))) {
		return {text: own`${glyphs[words.glyph]} ${words.word}`, tone: words.tone};
	}
	if (ended) {
		if (process.signal !== '') {
			return {text: safe(process.signal, 40), tone: 'warn'};
		}
		if (process.status === exitNotSeen) {
			return {text: own('gone'), tone: 'dim'};
		}
		return {
			text: own`exit ${process.status}`,
			tone: process.status === 0 ? 'dim' : 'warn',
		};
	}
	if (process.state === 'replaced') {
		return {text: own('replaced'), tone: 'dim'};
	}
	return undefined;
}

/** Of an ended process how long it lived: it stands still. */
export function ageOf(process: Process, nowMs: number): SafeText {
	return age((Number.isNaN(process.endMs) ? nowMs : process.endMs) - process.startMs);
}
