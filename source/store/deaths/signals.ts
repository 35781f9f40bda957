/** The signals that policies saw, by node; the newest of each are kept. */
import type {SignalSent} from '../death.js';

const mostOfNode = 500;
const none: readonly SignalSent[] = [];

export class Signals {
	readonly #byNode = new Map<string, SignalSent[]>();

	/** Returns whether it is the first of its node: from then on a missing signal says something. */
	add(sent: SignalSent): boolean {
		const ofNode = this.#byNode.get(sent.node) ?? [];
		ofNode.push(sent);
		if (ofNode.length > mostOfNode) {
			ofNode.shift();
		}

		this.#byNode.set(sent.node, ofNode);
		return ofNode.length === 1;
	}

	of(node: string): readonly SignalSent[] {
		return this.#byNode.get(node) ?? none;
	}
}
