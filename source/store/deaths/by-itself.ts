/** Ends that a process brought on itself, and ends that only repeat that of a child. */
import type {Death, Exit, Proof} from '../death.js';
import {statusProof} from './by-kubernetes.js';
import {base, death, exitProof, isOfApi} from './death-words.js';
import type {Evidence} from './evidence.js';
import {codeWords, faultWords, signalOfCode} from './signal-names.js';

/** A child's death and its echo. */
export const echoMs = 1000;

/** A wrapper sends itself the signal that its child died of. */
export function ownSignal(evidence: Evidence, proof: readonly Proof[]): Death {
	const {exit} = evidence;
	const child = echoedChild(exit, exit.signal, evidence);
	if (child !== undefined) {
		return echoOf(exit, child, proof);
	}

	return death({state: 'SELF', cause: `${exit.signal} to itself`, sentence: `it sent itself ${exit.signal}`, proof});
}

function echoOf(exit: Exit, child: Exit, proof: readonly Proof[]): Death {
	const name = `${base(child.binary)} (pid ${child.pid})`;
	return death({
		state: 'SELF',
		cause: `echo of ${base(child.binary)}`,
		sentence: `it ended as its child ${name} did, which had ended by ${child.signal || `code ${child.status}`} ${Math.round(exit.timeMs - child.timeMs)} ms before: see there`,
		proof: [...proof, {atMs: child.timeMs, text: `exit of ${name} by ${child.signal || `code ${child.status}`}`}],
		isEcho: true,
	});
}

/** A wrapper passes the code of its child on. */
function isSameCode(child: Exit, exit: Exit): boolean {
	return exit.signal === '' && child.signal === '' && child.status === exit.status;
}

/** The child whose death it repeats. */
function echoedChild(exit: Exit, signal: string, {neighbours}: Evidence): Exit | undefined {
	return neighbours
		.filter(other => other.parentExecId === exit.execId && other.execId !== exit.execId && other.node === exit.node)
		.filter(
			other =>
				(other.signal === signal || isSameCode(other, exit)) &&
				other.timeMs <= exit.timeMs &&
				other.timeMs >= exit.timeMs - echoMs,
		)
		.sort((a, b) => a.timeMs - b.timeMs)
		.at(-1);
}

export function byItself(evidence: Evidence): Death | undefined {
	const {exit} = evidence;
	const {signal, status} = exit;
	const proof = [exitProof(exit), ...statusProof(evidence)];
	if (isOfApi(exit) && (status === 137 || status === 143)) {
		return undefined;
	}

	if (signal === '') {
		const meant = signalOfCode(status);
		const child = meant === undefined ? undefined : echoedChild(exit, meant, evidence);
		if (meant !== undefined && child !== undefined) {
			return echoOf(exit, child, proof);
		}

		return death({
			state: 'SELF',
			cause: `exit code ${status}`,
			sentence: `it ended by itself: ${codeWords(status)}`,
			proof,
		});
	}

	const fault = faultWords(signal);
	if (fault === undefined) {
		return undefined;
	}

	const child = echoedChild(exit, signal, evidence);
	return child === undefined
		? death({state: 'SELF', cause: signal, sentence: `it died of ${signal}: ${fault}`, proof})
		: echoOf(exit, child, proof);
}
