import type {Refusal} from '../../problem.js';
import {type Step, type Transport, transportOf, transportTable} from '../../transports.js';
import type {ServerAddress} from '../agents/server-address.js';

/** Long enough for 500 dials, short enough for a person who was just granted the right and presses Ctrl-r. */
const forbiddenMs = 10_000;

export type Memory = {
	readonly order: (node: string, ways: readonly Transport[], address: ServerAddress) => readonly Step[];
	readonly worked: (node: string, step: Step) => void;
	/** The node's way broke: look at all of them again. */
	readonly failed: (node: string) => void;
	readonly forbid: (step: Step, refusal: Refusal) => void;
	readonly forbidden: (step: Step) => Refusal | undefined;
};

export function createMemory(now: () => number = Date.now): Memory {
	const ofNode = new Map<string, Step>();
	const refused = new Map<string, {readonly refusal: Refusal; readonly untilMs: number}>();
	let ofCluster: Step | undefined;
	return {
		order(node, ways, address) {
			const all = ways.flatMap((way): readonly Step[] => transportTable[way].steps);
			// What the agents' own configuration says counts only where nothing has been tried yet.
			const told: Step | undefined =
				address.told === 'unix' ? 'nc-unix' : address.told === 'tcp' ? 'port-forward' : undefined;
			const first = [ofNode.get(node), ofCluster ?? told].filter(
				step => step !== undefined && all.includes(step),
			) as readonly Step[];
			return [...new Set([...first, ...all])];
		},
		worked(node, step) {
			// The last resort is not learnt: gRPC is tried again at each connect.
			if (step !== 'tetra' && step !== 'logs') {
				ofNode.set(node, step);
				ofCluster = step;
			}
		},
		failed(node) {
			ofNode.delete(node);
		},
		forbid(step, refusal) {
			refused.set(subresourceOf(step), {refusal, untilMs: now() + forbiddenMs});
		},
		forbidden(step) {
			const entry = refused.get(subresourceOf(step));
			return entry !== undefined && now() < entry.untilMs ? entry.refusal : undefined;
		},
	};
}

/** A right that is missing for one step is missing for every step with the same subresource. */
function subresourceOf(step: Step): string {
	return transportTable[transportOf(step)].subresource;
}
