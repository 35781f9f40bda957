/** Ends by a signal that a policy saw on its way: who sent it. */
import type {Death, Exit, Proof, Sender, SignalSent} from '../death.js';
import {echoMs, ownSignal} from './by-itself.js';
import {byKubernetes, byOomKiller, byStatus, ofStop, stopOf} from './by-kubernetes.js';
import {base, death, exitProof, isMain} from './death-words.js';
import type {Evidence} from './evidence.js';
import {isSameContainer} from './pod-record.js';

/** A process that is sent SIGKILL ends within this time, unless it sleeps uninterruptibly. */
const killMs = 5000;
/** A signal of the hook and the exit: one clock, two places of the kernel. */
export const jitterMs = 100;

/** Where a sender is: `pod xwing`, `host`. */
function placeOf({namespace, pod}: Pick<Exit, 'namespace' | 'pod'>, exit: Exit): string {
	return pod === '' ? 'host' : namespace === exit.namespace ? `pod ${pod}` : `pod ${namespace}/${pod}`;
}

/** The signal of this exit, as a hook saw it: the newest before the exit, which for SIGKILL is the first. */
function signalTo(exit: Exit, {signals}: Evidence): SignalSent | undefined {
	const longest = exit.signal === 'SIGKILL' ? killMs : Number.POSITIVE_INFINITY;
	const sent = signals
		.filter(one => one.node === exit.node && one.signal === exit.signal && isTarget(one, exit))
		.filter(({timeMs}) => timeMs <= exit.timeMs + jitterMs && timeMs >= exit.timeMs - longest)
		.filter(({timeMs}) => timeMs >= exit.startMs - jitterMs || Number.isNaN(exit.startMs))
		.sort((a, b) => a.timeMs - b.timeMs || a.sender.pid - b.sender.pid);
	const before = sent.filter(({timeMs}) => timeMs <= exit.timeMs);
	return exit.signal === 'SIGKILL' ? sent[0] : (before.at(-1) ?? sent[0]);
}

function isTarget({target, isContainerPid, sender}: SignalSent, exit: Exit): boolean {
	if (!isContainerPid || sender.pod === '') {
		return target === exit.pid;
	}

	return target > 0 && target === exit.containerPid && isSameContainer(sender.containerId, exit.containerId);
}

export function bySignal(evidence: Evidence): Death | undefined {
	const {exit} = evidence;
	const sent = exit.signal === '' ? undefined : signalTo(exit, evidence);
	if (sent === undefined) {
		return undefined;
	}

	const {sender} = sent;
	const proof = [signalProof(sent), exitProof(exit)];
	if (sender.pid === exit.pid) {
		return ownSignal(evidence, proof);
	}

	if (sender.isRuntime) {
		return byRuntime(evidence, sent, proof);
	}

	// An init such as tini passes on what the kubelet sends: the first sender is meant.
	const stop =
		exit.signal === 'SIGTERM' && isSameContainer(sender.containerId, exit.containerId) ? stopOf(evidence) : undefined;
	if (stop !== undefined && (sender.containerPid === 1 || isSignalled(sender, sent, evidence))) {
		return ofStop(stop, [...stop.proof, ...proof], `; ${base(sender.binary)} passed the signal on`);
	}

	return bySender(evidence, sent, proof);
}

/** The sender was itself sent this signal shortly before. */
function isSignalled(sender: Sender, {signal, timeMs}: SignalSent, {signals}: Evidence): boolean {
	return signals.some(
		other =>
			other.signal === signal &&
			other.target === sender.pid &&
			!other.isContainerPid &&
			other.sender.pid !== sender.pid &&
			other.timeMs <= timeMs &&
			other.timeMs >= timeMs - 2 * echoMs,
	);
}

function signalProof({timeMs, sender, signal, policy, hook, target}: SignalSent): Proof {
	const by = `${sender.binary} (pid ${sender.pid})`;
	return {atMs: timeMs, text: `policy ${policy} saw at ${hook}: ${by} sent ${signal} to pid ${target}`};
}

function bySender({exit}: Evidence, {sender, signal}: SignalSent, proof: readonly Proof[]): Death {
	const name = base(sender.binary);
	const place = placeOf(sender, exit);
	const how = sender.isExecedIn ? `${place}, kubectl exec or nsenter` : place;
	const from = sender.parents.length === 0 ? '' : `, started by ${sender.parents.map(base).join(' < ')}`;
	const command = sender.arguments === '' ? '' : ` ${sender.arguments.slice(0, 120)}`;
	return death({
		state: 'BY',
		name: `BY ${name}`,
		cause: sender.isExecedIn ? `${place} (exec)` : place,
		sentence: `${name} (${how}) sent it ${signal}: pid ${sender.pid}, ${sender.binary}${command}${from}`,
		proof,
	});
}

function isJustBefore(main: Exit, exit: Exit): boolean {
	const after = exit.timeMs - main.timeMs;
	return after >= 0 && after <= killMs && isSameContainer(main.containerId, exit.containerId);
}

/** The runtime acts for the kubelet, or for somebody who called it by hand. */
function byRuntime(evidence: Evidence, sent: SignalSent, proof: readonly Proof[]): Death | undefined {
	const {sight, isSettled, exit, neighbours} = evidence;
	if (neighbours.some(other => isMain(other) && !isMain(exit) && isJustBefore(other, exit))) {
		// The main process has ended, and the runtime clears what is left.
		return undefined;
	}

	const stop = byOomKiller(evidence) ?? byStatus(evidence) ?? byKubernetes(evidence);
	if (stop !== undefined) {
		return {...stop, proof: [...stop.proof, ...proof]};
	}

	if (sight.events !== 'seen' || sight.pods !== 'seen' || !isSettled) {
		return bySender(evidence, sent, proof);
	}

	const name = base(sent.sender.binary);
	return death({
		state: 'OUTSIDE',
		cause: `by ${name}`,
		sentence: `the runtime (${name}) sent it ${sent.signal}, and the kubelet says nothing of it: ctr, crictl or a debugger on the node`,
		proof,
		lookedAt: ['pod status and events: no deletion, no probe, no OOM'],
	});
}
