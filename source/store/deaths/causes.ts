/**
Who ended a process. All evidence goes in as plain values, in any order; the answer and its proof come out. What proves most is
asked first: a policy's signal hook names the sender of this very signal, the OOM killer names the pid, the status of the
container has its own reason, the kubelet says what it stopped and why. What none of them explains is UNKNOWN.
*/
import type {Death, Exit} from '../death.js';
import {byItself} from './by-itself.js';
import {byKubernetes, byOomKiller, byStatus, endOf, statusProof} from './by-kubernetes.js';
import {bySignal, jitterMs} from './by-signal.js';
import {base, death, exitProof, isMain} from './death-words.js';
import type {Evidence} from './evidence.js';
import {isSameContainer} from './pod-record.js';
import {unknownDeath} from './unknown.js';

/** The kernel ends what is left of a container within this time of its main process. */
const restMs = 5000;
/** A container that is stopped ends as a whole: its processes go one after the other within its grace. */
const stopMs = 40_000;

export function causeOf(evidence: Evidence): Death {
	return (
		bySignal(evidence) ??
		byOomKiller(evidence) ??
		ofContainer(evidence, byStatus(evidence) ?? byKubernetes(evidence)) ??
		withItsContainer(evidence) ??
		byItself(evidence) ??
		fromOutside(evidence) ??
		unknownDeath(evidence)
	);
}

/** The main process of its container, when that ended in this span of time. */
function mainBetween({exit, neighbours}: Evidence, fromMs: number, toMs: number): Exit | undefined {
	return isMain(exit)
		? undefined
		: neighbours.find(
				other =>
					isMain(other) &&
					other.node === exit.node &&
					other.timeMs >= fromMs &&
					other.timeMs <= toMs &&
					isSameContainer(other.containerId, exit.containerId),
			);
}

/** The row of the main process says it for the whole container. */
function ofContainer(evidence: Evidence, cause: Death | undefined): Death | undefined {
	const {timeMs} = evidence.exit;
	const main = cause && mainBetween(evidence, timeMs - restMs, timeMs + stopMs);
	return main === undefined ? cause : cause && {...cause, isEcho: true};
}

/** The main process ended, and with it the kernel ends all that is left in the container. */
function withItsContainer(evidence: Evidence): Death | undefined {
	const {exit} = evidence;
	const main =
		exit.signal === 'SIGKILL' ? mainBetween(evidence, exit.timeMs - restMs, exit.timeMs + jitterMs) : undefined;
	if (main === undefined) {
		return undefined;
	}

	const cause = byPolicy(main) ?? causeOf({...evidence, exit: main});
	const name = base(main.binary);
	return {
		...cause,
		sentence: `the main process ${name} of its container ended, and the kernel ended the rest: ${cause.sentence}`,
		proof: [...cause.proof, exitProof(exit)],
		isEcho: true,
	};
}

function byPolicy(exit: Exit): Death | undefined {
	const {policies = []} = exit;
	const names = [...new Set(policies)].join(', ');
	const sentence = `policy ${names} killed it`;
	return policies.length === 0
		? undefined
		: death({state: 'BY', name: `BY policy ${names}`, cause: `policy ${names}`, sentence, proof: [exitProof(exit)]});
}

/** No process of a container can kill its main process: the kubelet did not, so somebody else on the node did. */
function fromOutside(evidence: Evidence): Death | undefined {
	const {exit, sight, isSettled, seesSignals} = evidence;
	const isBlind = sight.events !== 'seen' || sight.pods !== 'seen' || !isSettled;
	if (isBlind || !isMain(exit) || exit.signal !== 'SIGKILL' || endOf(evidence) === undefined) {
		return undefined;
	}

	const open = unknownDeath(evidence);
	const by = seesSignals ? 'the kernel or a tool that no policy sees' : 'a person, a debugger or the runtime by hand';
	return death({
		state: 'OUTSIDE',
		cause: 'not the kubelet',
		sentence: `it was killed outside of Kubernetes: ${by}. No process of its container can kill its main process`,
		proof: [exitProof(exit), ...statusProof(evidence)],
		lookedAt: open.lookedAt,
		policy: open.policy,
	});
}
