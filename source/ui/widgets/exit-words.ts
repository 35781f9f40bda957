/** The cause of an exit in a few words. */
import type {Death} from '../../store/death.js';
import type {Enforcement, Process} from '../../store/processes/process.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import {killWords} from './kill-words.js';

/** The enforcement that an exit is the end of. */
export function killBehind(process: Process | undefined): Enforcement | undefined {
	return process?.kills.findLast(({state}) => state === 'KILLED');
}

/** A SIGKILL with no policy behind it is no alert, and is said to be none. */
export function exitCause(
	process: Process | undefined,
	deathOf: (process: Process) => Death | undefined,
	hasPolicyColumn: boolean,
): SafeText {
	const kill = killBehind(process);
	if (kill) {
		return hasPolicyColumn ? own(' by policy') : own` by policy ${safe(kill.policy, 128)}`;
	}
	const death = process && deathOf(process);
	if (death !== undefined && death.state !== 'UNKNOWN') {
		return own`: ${safe(death.name, 128)} (${safe(death.cause, 128)})`;
	}
	if (process?.signal !== 'SIGKILL') {
		return own('');
	}
	const unclear = process.kills.find(({state}) => state === 'KILL ?');
	return unclear ? own` (by a policy? see its ${killWords[unclear.state].name})` : own(' (no policy event says why)');
}
