/** A fleet of agents, on a screen or as lines: the same for an address, a cluster and the demo. */

import type {Options} from '../../options/options.js';
import type {Problem} from '../../problem.js';
import type {Chip} from '../../query/chip.js';
import type {EventNews, PodNews, Sight} from '../../store/death.js';
import type {ClusterPolicies} from '../../store/policies/policy-join.js';
import type {Link, ServerFilter} from '../../tetragon/agent/link.js';
import type {Facts} from '../../tetragon/event/facts.js';
import type {ConnectStep, UiState} from '../../ui/state/state.js';
import {isHeadless} from '../terminal/headless.js';
import {readOnly} from './read-only.js';

/** Where a way to the agents reports its problems. */
export type ProblemSink = {
	readonly raise: (problem: Problem) => void;
	readonly settle: (id: string) => void;
	/** The target means other events than before: its pods changed. */
	readonly narrowed?: () => void;
};

/** Where a cluster reports what its API says of ends. */
export type DeathSink = {
	readonly pod: (news: PodNews) => void;
	readonly event: (news: EventNews) => void;
	readonly look: (sight: Sight) => void;
};

export type FleetMode = {
	readonly options: Options;
	readonly targetName: string;
	readonly mode: UiState['mode'];
	readonly chips?: readonly Chip[];
	/** One agent at one address: without a screen, the program ends with its stream. */
	readonly isSingle?: boolean;
	/** Adds, and may later remove, links. Throws a Refusal when nothing can be reached at all. */
	readonly connect: (
		add: (link: Link) => void,
		remove: (node: string, reason: string) => void,
		problems: ProblemSink,
	) => Promise<void>;
	/** Returns true for an event that tetratop itself caused on the node, by exec: it is hidden and counted. */
	readonly isOwn?: (node: string, facts: Facts) => boolean;
	/** The filters that the target means for the events, as it is known now, for lines: an event passes one of them. */
	readonly scope?: () => readonly ServerFilter[] | undefined;
	/** The same as chips, for the screen. */
	readonly targetChips?: () => readonly Chip[];
	/** Called before `connect`. */
	readonly watchDeaths?: (sink: DeathSink) => void;
	readonly close?: () => Promise<void>;
	readonly refresh?: (ui: UiState) => UiState;
	/** The steps so far, for the list that is shown until the first node streams. */
	readonly steps?: () => readonly ConnectStep[];
	readonly onReconnect?: () => void;
	/** The policies that the cluster has, as they are known now; they are followed from the first call on. */
	readonly clusterPolicies?: () => (ClusterPolicies & {readonly isComplete: boolean}) | undefined;
	/** Texts that only a cluster has; each rejects with a message. */
	readonly policyYaml?: (name: string, namespace: string) => Promise<string>;
	readonly agentLog?: (node: string) => Promise<string>;
};

/** The mode, whose links can change an agent only with --allow-write. */
export function permitted(mode: FleetMode): FleetMode {
	if (mode.options.allowWrite) {
		return mode;
	}

	return {...mode, connect: (add, remove, problems) => mode.connect(link => add(readOnly(link)), remove, problems)};
}

/** Runs the screen, the lines or the doctor; returns the exit code. */
export async function runFleet(asked: FleetMode): Promise<number> {
	const mode = permitted(asked);
	if (mode.options.command === 'doctor') {
		const {examine} = await import('./doctor.js');
		return examine(mode);
	}

	if (mode.options.command === 'policies') {
		const {listPolicies} = await import('./policies.js');
		return listPolicies(mode);
	}

	if (isHeadless(mode.options)) {
		const {fleetLines} = await import('./fleet-lines.js');
		return fleetLines(mode);
	}

	const {fleetScreen} = await import('./fleet-screen.js');
	return fleetScreen(mode);
}
