/** Ends that Kubernetes or the OOM killer caused, by the status of the pod, its Events and the word of the node. */
import type {ContainerEnd, Death, Exit, Proof} from '../death.js';
import {death, exitProof, isMain, isOfApi} from './death-words.js';
import type {Evidence} from './evidence.js';
import {isSameContainer, type PodRecord} from './pod-record.js';
import {codeWords, faultWords} from './signal-names.js';
import {type Stop, stopsOf, toleranceMs} from './stops.js';

/** Beyond its grace a container takes this long to go. */
const afterGraceMs = 10_000;

export function byOomKiller({exit, ooms}: Evidence): Death | undefined {
	const oom =
		exit.signal === 'SIGKILL'
			? ooms.find(
					({node, pid, atMs}) =>
						node === exit.node &&
						pid === exit.pid &&
						(Number.isNaN(atMs) || Math.abs(atMs - exit.timeMs) <= toleranceMs),
				)
			: undefined;
	return (
		oom &&
		death({
			state: 'OOM',
			cause: /SystemOOM/.test(oom.text) ? 'node out of memory' : 'kernel log',
			sentence: 'the OOM killer of the kernel killed it: the node says so by its pid',
			proof: [{atMs: oom.atMs, text: oom.text}, exitProof(exit)],
		})
	);
}

/** The termination of its container that its own end is a part of; undefined: none is known. */
export function endOf({exit, pod}: Pick<Evidence, 'exit' | 'pod'>): ContainerEnd | undefined {
	return pod?.ends.find(
		end =>
			(end.containerId !== '' && exit.containerId !== ''
				? isSameContainer(end.containerId, exit.containerId)
				: end.container === exit.container) &&
			(isMain(exit) || Math.abs(end.finishedMs - exit.timeMs) <= toleranceMs),
	);
}

/** The reason that the container's status gives: OOMKilled. */
export function byStatus(evidence: Evidence): Death | undefined {
	const {exit, pod} = evidence;
	const end = endOf(evidence) ?? oomLater(evidence);
	if (end?.reason !== 'OOMKilled' || pod === undefined) {
		return undefined;
	}

	const limit = pod.memoryLimits.get(end.container) ?? '';
	const near = Math.abs(end.finishedMs - exit.timeMs) <= toleranceMs;
	const isHit = exit.signal === 'SIGKILL' || (isOfApi(exit) && end.exitCode === 137);
	if (!isHit && !isMain(exit)) {
		return undefined;
	}

	const words = limit === '' ? 'no memory limit of its own' : `memory limit ${limit}`;
	const sentence = isHit
		? near
			? `the kernel killed the container at its memory limit (${limit || 'none of its own: the pod or the node'})`
			: `the kernel killed a process of the container for memory, and this one died by SIGKILL before the container ended`
		: `the kernel killed a process of its container for memory (${words}), and the main process gave up with ${codeWords(exit.status)}`;
	return death({
		state: 'OOM',
		cause: words,
		sentence,
		proof: [
			{atMs: end.finishedMs, text: `status of container ${end.container}: OOMKilled, exit code ${end.exitCode}`},
			exitProof(exit),
		],
	});
}

/** A child was hit, and the main process gave up afterwards: the status has the reason beside another code. */
function oomLater({exit, pod}: Evidence): ContainerEnd | undefined {
	return exit.signal === 'SIGKILL' && !isMain(exit)
		? pod?.ends.find(
				end =>
					end.reason === 'OOMKilled' &&
					end.exitCode !== 137 &&
					isSameContainer(end.containerId, exit.containerId) &&
					exit.timeMs <= end.finishedMs + toleranceMs &&
					!(exit.timeMs < end.startedMs - toleranceMs),
			)
		: undefined;
}

/** Not of the instance before, which may have ended and been replaced within the second that the Event names. */
function isOfThisInstance(atMs: number, beganMs: number, exit: Exit, pod: PodRecord): boolean {
	const beganSecond = Math.floor(beganMs / 1000) * 1000;
	const isLater = Number.isNaN(beganMs) || atMs > beganSecond;
	return (
		isLater ||
		(atMs === beganSecond &&
			!pod.ends.some(
				end =>
					end.container === exit.container &&
					!isSameContainer(end.containerId, exit.containerId) &&
					end.finishedMs >= atMs &&
					end.finishedMs <= beganSecond + 999,
			))
	);
}

/** The stop that was under way when it ended. */
export function stopOf({exit, pod, deleter}: Evidence): Stop | undefined {
	if (pod === undefined) {
		return undefined;
	}

	const startMs = pod.startOf(exit.containerId);
	const beganMs = Number.isNaN(startMs) ? (isMain(exit) ? exit.startMs : Number.NaN) : startMs;
	const grace = Math.max(pod.graceSeconds, pod.deletionGraceSeconds) * 1000 + afterGraceMs;
	return stopsOf(pod, exit.container, deleter).find(
		({atMs, isOfPod}) =>
			Number.isNaN(atMs) ||
			(exit.timeMs >= atMs - toleranceMs &&
				exit.timeMs <= atMs + grace &&
				(isOfPod === true || isOfThisInstance(atMs, beganMs, exit, pod))),
	);
}

export function byKubernetes(evidence: Evidence): Death | undefined {
	const {exit} = evidence;
	const isAsked = exit.signal === 'SIGKILL' || exit.signal === 'SIGTERM';
	if (!isAsked && (!isMain(exit) || faultWords(exit.signal) !== undefined)) {
		return undefined;
	}

	const stop = stopOf(evidence);
	return stop && ofStop(stop, [...stop.proof, exitProof(exit)], howItEnded(exit));
}

function howItEnded({signal, status}: Exit): string {
	if (signal === 'SIGKILL') {
		return '; it did not end by SIGTERM within its grace, or had none';
	}

	return signal === 'SIGTERM' ? '' : `; it took the SIGTERM and ended with ${signal || `exit code ${status}`}`;
}

export function ofStop({state, cause, sentence}: Stop, proof: readonly Proof[], more: string): Death {
	return death({state, cause, sentence: sentence + more, proof});
}

/** What the container's status says beside the exit. */
export function statusProof(evidence: Evidence): Proof[] {
	const end = isMain(evidence.exit) ? endOf(evidence) : undefined;
	return end === undefined
		? []
		: [{atMs: end.finishedMs, text: `status of container ${end.container}: ${end.reason}, exit code ${end.exitCode}`}];
}
