/** The newest exits by SIGKILL: a hook event may come after the exit that proves it, and an UNSEEN has one of them as its victim. */
import type {ExecImage} from '../processes/lineage.js';
import type {Process} from '../processes/process.js';
import type {EnforcementRecord} from './enforcement-record.js';
import {jitterMs, proofMs} from './verdict.js';

const mostExits = 256;
/** Processes that an UNSEEN may have killed are listed up to this many. */
const mostCandidates = 8;

export class SigkillExits {
	readonly #exits: ExecImage[] = [];

	add(image: ExecImage): void {
		this.#exits.push(image);
		if (this.#exits.length > mostExits) {
			this.#exits.shift();
		}
	}

	/** The exit of the process that the enforcement hit. */
	of(kill: EnforcementRecord): ExecImage | undefined {
		return this.#exits.find(image => image.node === kill.node && image.pid === kill.pid && isSameProcess(kill, image));
	}

	/** Processes of a node that ended in that span of event time and that no enforcement explains, newest first. */
	unexplained(node: number, fromMs: number, toMs: number): Process[] {
		return this.#exits
			.filter(image => image.node === node && image.endMs > fromMs && image.endMs <= toMs)
			.filter(image => ![image, ...image.lineage.images].some(({kills}) => kills.some(isKilled)))
			.toReversed()
			.slice(0, mostCandidates);
	}
}

function isKilled({state}: {readonly state: string}): boolean {
	return state === 'KILLED';
}

/** Is this exit, by pid, that of the process which the hook event named? A reused pid began after the hook. */
export function isSameProcess(kill: EnforcementRecord, exit: ExecImage): boolean {
	const after = exit.endMs - kill.timeMs;
	if (after > proofMs || after < -jitterMs) {
		return false;
	}

	if (kill.image !== undefined && kill.image.lineage === exit.lineage) {
		return true;
	}

	return exit.startMs <= kill.timeMs || (kill.image !== undefined && exit.parentExecId === kill.image.execId);
}
