/** The reasons for which Kubernetes stopped a container, each with its time and its proof. */
import type {Proof} from '../death.js';
import type {DeathState} from '../enforcement-states.js';
import type {PodEvent, PodRecord} from './pod-record.js';

export type Stop = {
	readonly state: DeathState;
	/** When it began; NaN: not known. */
	readonly atMs: number;
	/** The whole pod was stopped: whichever instance of the container it was. */
	readonly isOfPod?: boolean;
	readonly cause: string;
	readonly sentence: string;
	readonly proof: readonly Proof[];
};

/** The owner's word that it deleted the pod; without the right to read Events nobody knows whether there is one. */
export type Deleter = {readonly word: string | undefined; readonly isAsked: boolean};

/** The Events of the API have whole seconds, and other clocks than the node. */
export const toleranceMs = 3000;

/** Why this container was stopped, the earliest reason first. */
export function stopsOf(pod: PodRecord, container: string, deleter: Deleter): readonly Stop[] {
	const found = podStop(pod, deleter);
	const ofPod = found && {...found, isOfPod: true};
	const kills = pod.events
		.filter(event => event.reason === 'Killing' && (event.container === '' || event.container === container))
		.flatMap(event => event.timesMs.map(atMs => killingStop(pod, event, atMs, ofPod)));
	return [...kills, ...(ofPod === undefined ? [] : [ofPod])].sort((a, b) => a.atMs - b.atMs);
}

function killingStop(pod: PodRecord, event: PodEvent, atMs: number, ofPod: Stop | undefined): Stop {
	const {message} = event;
	const proof: Proof[] = [{atMs, text: `Event Killing: ${message}`}];
	const probe = /failed (liveness|startup|readiness) probe/i.exec(message)?.[1]?.toLowerCase();
	if (probe !== undefined) {
		const failed = lastFailure(pod, event.container, probe, atMs);
		const how = failed === undefined ? '' : `: ${failed.text.replace(/^Event Unhealthy: \w+ probe failed: /, '')}`;
		return {
			state: 'PROBE',
			atMs,
			cause: `${probe} probe`,
			sentence: `${probe} probe failed${how}; the kubelet stopped the container`,
			proof: failed === undefined ? proof : [failed, ...proof],
		};
	}

	if (/^Stopping container/.test(message)) {
		return ofPod === undefined
			? {
					state: 'DELETED',
					atMs,
					isOfPod: true,
					cause: 'its pod was stopped',
					sentence: 'the kubelet stopped its pod',
					proof,
				}
			: {...ofPod, atMs, proof: [...ofPod.proof, ...proof]};
	}

	const cause = /definition changed/.test(message) ? 'its spec changed' : 'by the kubelet';
	return {state: 'RESTARTED', atMs, cause, sentence: `the kubelet stopped its container: ${message}`, proof};
}

/** The last failure of the probe before the kubelet acted. */
function lastFailure(pod: PodRecord, container: string, probe: string, atMs: number): Proof | undefined {
	return pod.events
		.filter(({reason, message}) => reason === 'Unhealthy' && message.toLowerCase().startsWith(`${probe} probe`))
		.filter(event => event.container === '' || container === '' || event.container === container)
		.flatMap(({message, timesMs}) => timesMs.map(time => ({atMs: time, text: `Event Unhealthy: ${message}`})))
		.filter(failure => failure.atMs <= atMs + toleranceMs)
		.sort((a, b) => a.atMs - b.atMs || (a.text < b.text ? -1 : 1))
		.at(-1);
}

/** Why the whole pod was stopped; undefined: nothing says that it was. */
function podStop(pod: PodRecord, deleter: Deleter): Stop | undefined {
	return byNode(pod) ?? byDisruption(pod) ?? byDeletion(pod, deleter);
}

function eventOf(pod: PodRecord, ...reasons: readonly string[]): PodEvent | undefined {
	return pod.events.find(({reason}) => reasons.includes(reason));
}

function proofOf(event: PodEvent | undefined): Proof[] {
	return event === undefined ? [] : [{atMs: event.timesMs[0], text: `Event ${event.reason}: ${event.message}`}];
}

function first(...times: readonly (number | undefined)[]): number {
	const known = times.filter(time => time !== undefined && !Number.isNaN(time)) as number[];
	return known.length === 0 ? Number.NaN : Math.min(...known);
}

function conditionOf({disruption, disruptionMessage, disruptionMs}: PodRecord): Proof[] {
	return disruption === ''
		? []
		: [{atMs: disruptionMs, text: `condition DisruptionTarget: ${disruption}: ${disruptionMessage}`}];
}

function statusOf({reason, message}: PodRecord): Proof[] {
	return reason === '' ? [] : [{text: `status of the pod: ${reason}: ${message}`}];
}

/** The kubelet ended the pod: shutdown, pressure, a critical pod, a deadline. */
function byNode(pod: PodRecord): Stop | undefined {
	const evicted = eventOf(pod, 'Evicted');
	const preempting = eventOf(pod, 'Preempting');
	const words = `${pod.reason} ${pod.message} ${pod.disruptionMessage}`;
	const byKubelet = pod.disruption === 'TerminationByKubelet';
	const atMs = first(pod.disruptionMs, evicted?.timesMs[0], preempting?.timesMs[0], pod.deletedMs);
	const proof = [...statusOf(pod), ...conditionOf(pod)];
	const isOver = byKubelet || /^(?:Terminated|NodeShutdown|Shutdown)$/.test(pod.reason);
	if (isOver && /shut ?down/i.test(words)) {
		const sentence = 'the kubelet stopped its pod: the node was shut down';
		return {state: 'SHUTDOWN', atMs, cause: 'node shutdown', sentence, proof};
	}

	if (preempting !== undefined || pod.reason === 'Preempting') {
		const sentence = `the kubelet stopped its pod to admit a critical one: ${preempting?.message ?? pod.message}`;
		return {state: 'PREEMPTED', atMs, cause: 'critical pod', sentence, proof: [...proof, ...proofOf(preempting)]};
	}

	if (pod.reason === 'Evicted' || evicted !== undefined || byKubelet) {
		const why = pod.message || evicted?.message || pod.disruptionMessage;
		const resource = /low on resource: ([\w-]+)/.exec(why)?.[1];
		return {
			state: 'EVICTED',
			atMs,
			cause: resource === undefined ? 'by the kubelet' : `low on ${resource}`,
			sentence: `the kubelet evicted its pod: ${why}`,
			proof: [...proof, ...proofOf(evicted)],
		};
	}

	if (pod.reason === 'DeadlineExceeded') {
		const sentence = `its pod was stopped at its deadline: ${pod.message}`;
		return {state: 'DELETED', atMs, cause: 'deadline', sentence, proof: statusOf(pod)};
	}

	return undefined;
}

/** Who deleted the pod, where the condition or an Event says it. */
function byDisruption(pod: PodRecord): Stop | undefined {
	const preempted = eventOf(pod, 'Preempted');
	const tainted = eventOf(pod, 'TaintManagerEviction');
	const atMs = first(pod.disruptionMs, pod.deletedMs, preempted?.timesMs[0], tainted?.timesMs[0]);
	const proof = conditionOf(pod);
	switch (pod.disruption) {
		case 'EvictionByEvictionAPI': {
			const sentence = 'its pod was evicted by the API: a drain, a descheduler or an autoscaler asked for it';
			return {state: 'EVICTED', atMs, cause: 'eviction API', sentence, proof};
		}

		case 'DeletionByPodGC': {
			const sentence = `its pod was deleted by the garbage collector: ${pod.disruptionMessage}`;
			return {state: 'DELETED', atMs, cause: 'pod GC', sentence, proof};
		}

		default:
	}

	if (pod.disruption === 'PreemptionByScheduler' || preempted !== undefined) {
		const sentence = `the scheduler preempted its pod: ${preempted?.message ?? pod.disruptionMessage}`;
		return {state: 'PREEMPTED', atMs, cause: 'scheduler', sentence, proof: [...proof, ...proofOf(preempted)]};
	}

	if (pod.disruption === 'DeletionByTaintManager' || (tainted !== undefined && !Number.isNaN(pod.deletedMs))) {
		const sentence = 'its pod was evicted: its node got a NoExecute taint that it does not tolerate';
		return {state: 'EVICTED', atMs, cause: 'NoExecute taint', sentence, proof: [...proof, ...proofOf(tainted)]};
	}

	return undefined;
}

function byDeletion(pod: PodRecord, {word, isAsked}: Deleter): Stop | undefined {
	const {owner, deletedMs, deletionGraceSeconds: grace} = pod;
	if (Number.isNaN(deletedMs)) {
		return undefined;
	}

	const asked: Proof = {atMs: deletedMs, text: `deletion of the pod was asked for, with ${grace} s of grace`};
	const stop = {state: 'DELETED', atMs: deletedMs} as const;
	if (word !== undefined) {
		const by = /^Event SuccessfulDelete of (\S+ \S+):/.exec(word)?.[1] ?? owner;
		const sentence = `its pod was deleted by its owner ${by}: a rollout, a scale-down or the end of a job`;
		return {...stop, cause: by, sentence, proof: [asked, {text: word}]};
	}

	const who = isAsked ? 'by kubectl delete or another client' : 'by whom is not known without the right to read events';
	const not = isAsked && owner !== '' ? `, not by its owner ${owner}` : '';
	return {...stop, cause: 'pod deleted', sentence: `its pod was deleted${not}: ${who}`, proof: [asked]};
}
