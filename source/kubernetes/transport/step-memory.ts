import type {Refusal} from '../../problem.js';
import {lastResorts, type Step, type Transport, transportOf, transportTable} from '../../transports.js';
import type {ServerAddress} from '../agents/server-address.js';

/** Long enough for 500 dials, short enough for a user who was just granted the right and presses Ctrl-r. */
const forbiddenMs = 10_000;

/** Remembers which step reached which node, and which steps the API server forbids. */
export class StepMemory {
	readonly #now: () => number;
	readonly #ofNode = new Map<string, Step>();
	/** By subresource: a right that is missing for one step is missing for every step that needs it. */
	readonly #refused = new Map<string, {readonly refusal: Refusal; readonly untilMs: number}>();
	#ofCluster: Step | undefined;

	/** @param now milliseconds since 1970. */
	constructor(now: () => number = Date.now) {
		this.#now = now;
	}

	/** All steps of the transports: the one that reached this node first, then the one that reached any node. */
	order(node: string, transports: readonly Transport[], address: ServerAddress): readonly Step[] {
		const all = transports.flatMap((name): readonly Step[] => transportTable[name].steps);
		// The address in the agents' configuration counts only while no step has worked in this cluster.
		const first = [this.#ofNode.get(node), this.#ofCluster ?? stepOf(address)].filter(
			step => step !== undefined && all.includes(step),
		) as readonly Step[];
		return [...new Set([...first, ...all])];
	}

	worked(node: string, step: Step): void {
		// The last resorts are not remembered: gRPC is tried again at each connect.
		if (!lastResorts.has(step)) {
			this.#ofNode.set(node, step);
			this.#ofCluster = step;
		}
	}

	/** No step reached the node: all of them are tried again, in their own order. */
	failed(node: string): void {
		this.#ofNode.delete(node);
	}

	/** The API server answered Forbidden: the step is not tried for `forbiddenMs` milliseconds, on any node. */
	forbid(step: Step, refusal: Refusal): void {
		this.#refused.set(subresourceOf(step), {refusal, untilMs: this.#now() + forbiddenMs});
	}

	forbidden(step: Step): Refusal | undefined {
		const entry = this.#refused.get(subresourceOf(step));
		return entry !== undefined && this.#now() < entry.untilMs ? entry.refusal : undefined;
	}
}

function subresourceOf(step: Step): string {
	return transportTable[transportOf(step)].subresource;
}

function stepOf({type}: ServerAddress): Step | undefined {
	switch (type) {
		case 'unix':
			return 'nc-unix';
		case 'tcp':
			return 'port-forward';
		default:
			return undefined;
	}
}
