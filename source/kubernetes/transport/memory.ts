import type {Refusal} from '../../problem.js';
import type {ServerAddress} from '../agents/server-address.js';
import type {Transport} from './ways.js';

/** One thing to try. Both `exec` steps are the way `exec`. */
export const steps = ['port-forward', 'nc-unix', 'nc-tcp', 'tetra', 'logs'] as const;
export type Step = (typeof steps)[number];

const stepsOf: Readonly<Record<Transport, readonly Step[]>> = {
	'port-forward': ['port-forward'],
	exec: ['nc-unix', 'nc-tcp'],
	'exec-json': ['tetra'],
	logs: ['logs'],
	kubectl: ['nc-unix', 'nc-tcp', 'tetra'],
};

/** The subresource of pods that a step uses: what is forbidden is forbidden for all steps that need it. */
export const subresourceOf: Readonly<Record<Step, string>> = {
	'port-forward': 'portforward',
	'nc-unix': 'exec',
	'nc-tcp': 'exec',
	tetra: 'exec',
	logs: 'log',
};

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
			const all = ways.flatMap(way => stepsOf[way]);
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
			refused.set(subresourceOf[step], {refusal, untilMs: now() + forbiddenMs});
		},
		forbidden(step) {
			const entry = refused.get(subresourceOf[step]);
			return entry !== undefined && now() < entry.untilMs ? entry.refusal : undefined;
		},
	};
}
