/**
The policies of a saved view: a list of each node at its head, and again before an enforcement that was judged by another mode
than that list has. So the file gives the same states when it is replayed.
*/
import {policiesLine, type RecordedPolicies} from '../../recording/policies.js';
import type {Enforcement} from '../../store/processes/process.js';
import type {PolicyStatus} from '../../tetragon/agent/policy.js';

const words: Readonly<Partial<Record<Enforcement['mode'], string>>> = {
	enforce: 'TP_MODE_ENFORCE',
	monitor: 'TP_MODE_MONITOR',
};

export class SavedModes {
	readonly #lists: Map<string, readonly PolicyStatus[]>;
	readonly #known: readonly RecordedPolicies[];

	constructor(known: readonly RecordedPolicies[]) {
		this.#known = known;
		this.#lists = new Map(known.map(({node, list}) => [node, list]));
	}

	/** The lists at the head, as of `atMs`: they hold for the events that follow. */
	*head(atMs: number): Generator<string> {
		for (const {node, list, atMs: listedMs} of this.#known) {
			yield policiesLine({node, list, atMs: Math.min(atMs, listedMs)});
		}
	}

	/** The list of a node for the enforcement that follows; undefined: it is the one that was written last. */
	before(node: string, {policy, mode, timeMs}: Pick<Enforcement, 'policy' | 'mode' | 'timeMs'>): string | undefined {
		const wanted = words[mode];
		const list = this.#lists.get(node) ?? [];
		const same = list.filter(({name}) => name === policy);
		if (wanted === undefined || (same.length > 0 && same.every(status => status.mode === wanted))) {
			return undefined;
		}

		const changed =
			same.length === 0
				? [...list, {name: policy, mode: wanted}]
				: list.map(status => (status.name === policy ? {...status, mode: wanted} : status));
		this.#lists.set(node, changed);
		return policiesLine({node, list: changed, atMs: timeMs});
	}
}
