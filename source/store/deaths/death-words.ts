/** The parts of an answer that all causes share. */
import type {Death, Exit, Proof} from '../death.js';

export function isMain({containerPid}: Exit): boolean {
	return containerPid === 1;
}

/** The API alone says that it ended: its code may be a signal. */
export function isOfApi({execId}: Exit): boolean {
	return execId === '';
}

export function death(part: Partial<Death> & Pick<Death, 'state' | 'cause' | 'sentence' | 'proof'>): Death {
	return {name: part.state, lookedAt: [], policy: '', isEcho: false, ...part};
}

export function exitProof({timeMs, signal, status}: Exit): Proof {
	return {atMs: timeMs, text: signal === '' ? `exit with code ${status}, no signal` : `exit by ${signal}`};
}

/** The last part of a path. */
export function base(binary: string): string {
	return binary.slice(binary.lastIndexOf('/') + 1) || binary;
}
