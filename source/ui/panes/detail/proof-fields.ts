/** What proves a verdict or an end: the exit, the counter, or that nothing does. */
import {exitNotSeen} from '../../../store/processes/lineage.js';
import type {Enforcement, Process} from '../../../store/processes/process.js';
import {own, type SafeText, safe} from '../../../text/safe.js';
import {type Field, value} from '../../widgets/fields.js';
import {momentMs, type Reader} from '../../widgets/moments.js';
import {span} from '../../widgets/times.js';
import type {Known} from './subject.js';

const byReport = own(
	'the signal counter of the policy rose, and no event says by which call: this one reports the last action of its list',
);

function proofWithoutExit(reader: Reader, kill: Enforcement, label: SafeText): Field[] {
	switch (kill.state) {
		case 'DENIED': {
			return [value(label, own('the policy overrode the return value; no exit was seen'))];
		}

		case 'UNSEEN': {
			const counter = value(label, own`the counter of the policy rose by ${kill.count}; no event came`);
			const candidates = kill.candidates.map((process, index) =>
				value(index === 0 ? own('candidates') : own(''), candidateWords(reader, process)),
			);
			return [counter, ...candidates];
		}

		case 'WOULD-KILL':
		case 'WOULD-SIGNAL':
		case 'WOULD-DENY': {
			return [value(label, own('the policy was in monitor mode on this node'))];
		}

		default: {
			return [value(label, own('exit not seen'))];
		}
	}
}

function candidateWords(reader: Reader, process: Process): SafeText {
	const {namespace = '', pod = '', binary = '', arguments: args = ''} = process.facts ?? {};
	const place = pod === '' ? own('host') : own`${safe(namespace)}/${safe(pod)}`;
	return own`${momentMs(reader, process.endMs)} ${place} ${safe(binary)} ${safe(args, 120)} pid ${process.pid}, ended by SIGKILL`;
}

/** What confirms that it happened, or that nothing does. */
export function proof(reader: Reader, found: Pick<Known, 'kill' | 'process'> & Partial<Pick<Known, 'death'>>): Field[] {
	const {kill, process} = found;
	const label = own('proof');
	if (kill) {
		return Number.isNaN(kill.exitMs) ? proofWithoutExit(reader, kill, label) : proofByExit(reader, kill, label);
	}
	return process?.state === 'exited' && !found.death ? endOf(reader, process) : [];
}

function proofByExit(reader: Reader, kill: Enforcement, label: SafeText): Field[] {
	const signal = kill.exitSignal === '' ? own`status ${kill.exitStatus}` : own`signal ${safe(kill.exitSignal)}`;
	const later = kill.exitMs - kill.timeMs;
	const after = Math.abs(later) < 1000 ? own`${Math.round(later)} ms` : span(later);
	const exit = value(label, own`exit ${momentMs(reader, kill.exitMs)} ${signal}, ${after} after the call`);
	return kill.action === 'POST' ? [exit, value(own(''), byReport)] : [exit];
}

/** How a process ended that no policy enforced anything on. */
function endOf(reader: Reader, process: Process): Field[] {
	if (process.status === exitNotSeen) {
		return [
			value(
				own('ended'),
				own`by ${momentMs(reader, process.endMs)}: its exit was not seen, and its pid or place was taken`,
			),
		];
	}
	const ended = own`exit ${momentMs(reader, process.endMs)}`;
	if (process.signal === '') {
		return [value(own('ended'), own`${ended} status ${process.status}`)];
	}
	const cause =
		process.signal === 'SIGKILL' ? own('. No policy event explains it: OOM killer, kill -9 or kubelet') : own('');
	return [value(own('ended'), own`${ended} by ${safe(process.signal)}${cause}`)];
}
