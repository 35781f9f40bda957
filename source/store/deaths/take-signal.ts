/** A hook event that saw a signal, on its way to the deaths. */
import {decodeFrame} from '../../tetragon/decode-frame.js';
import type {Facts} from '../../tetragon/event/facts.js';
import type {Arrival} from '../arrival.js';
import type {ExecImage} from '../processes/lineage.js';
import type {Process} from '../processes/process.js';
import type {Deaths} from './deaths.js';
import {senderOf} from './end-record.js';
import {seesSignals, signalIn} from './signal-events.js';

type Hook = {
	readonly facts: Facts;
	readonly image: ExecImage | undefined;
	/** Name of the node. */
	readonly node: string;
	readonly timeMs: number;
	readonly chainOf: (process: Process) => readonly Process[];
};

/** Only the events of a few functions are decoded. */
export function takeSignal(deaths: Deaths, {bytes, format, event}: Arrival, hook: Hook): void {
	const {facts, image, node, timeMs, chainOf} = hook;
	if (!seesSignals(facts.functionName)) {
		return;
	}

	const decoded = event ?? decodeFrame(bytes, format);
	const words = decoded && signalIn(decoded);
	if (words !== undefined) {
		const sender = senderOf(image, facts, image === undefined ? [] : chainOf(image));
		deaths.signal({...words, node, timeMs, sender, policy: facts.policyName, hook: facts.functionName});
	}
}
