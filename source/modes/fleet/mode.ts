/** A fleet of agents, on a screen or as lines: whatever way leads to them, the rest is the same. */

import type {Options} from '../../options/options.js';
import type {Problem} from '../../problem.js';
import type {Chip} from '../../query/chip.js';
import type {Link, ServerFilter} from '../../tetragon/agent/link.js';
import type {Facts} from '../../tetragon/event/facts.js';
import type {ConnectStep} from '../../ui/overlays/connect.js';
import type {UiState} from '../../ui/state/state.js';
import {isHeadless} from '../terminal/headless.js';

/** Where a way to the agents reports its problems. */
export type ProblemSink = {
	readonly raise: (problem: Problem) => void;
	readonly settle: (id: string) => void;
};

export type FleetMode = {
	readonly options: Options;
	readonly targetName: string;
	readonly mode: UiState['mode'];
	readonly chips?: readonly Chip[];
	/** One agent at one address: without a screen its end is the end. */
	readonly isSingle?: boolean;
	/** Adds, and may later remove, links. Throws a Refusal when nothing can be reached at all. */
	readonly connect: (
		add: (link: Link) => void,
		remove: (node: string, reason: string) => void,
		problems: ProblemSink,
	) => Promise<void>;
	/** Whether an event is of our own doing on that node: hidden, and counted by the way that did it. */
	readonly isOwn?: (node: string, facts: Facts) => boolean;
	/** What the target means for the events, as it is known now. A screen shows it as chips; lines have only this. */
	readonly scope?: () => ServerFilter | undefined;
	/** The same as chips of the screen. */
	readonly targetChips?: () => readonly Chip[];
	readonly close?: () => Promise<void>;
	readonly refresh?: (ui: UiState) => UiState;
	/** What was tried so far, for the list that is shown until the first node streams. */
	readonly steps?: () => readonly ConnectStep[];
	readonly onReconnect?: () => void;
	/** What only a cluster can tell; each rejects in words. */
	readonly policyYaml?: (name: string, namespace: string) => Promise<string>;
	readonly agentLog?: (node: string) => Promise<string>;
};

/** The exit code. */
export async function runFleet(mode: FleetMode): Promise<number> {
	if (mode.options.command === 'doctor') {
		const {examine} = await import('./doctor.js');
		return examine(mode);
	}

	if (isHeadless(mode.options)) {
		const {fleetLines} = await import('./fleet-lines.js');
		return fleetLines(mode);
	}

	const {fleetScreen} = await import('./fleet-screen.js');
	return fleetScreen(mode);
}
