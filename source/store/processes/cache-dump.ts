/**
Merges the process cache of an agent into the table. The dump is asked for after the subscription, so facts of events are
newer and stay.
*/
import type {DumpedProcess} from '../../tetragon/agent/link.js';
import type {ProcessFacts} from '../../tetragon/event/facts.js';
import {processFactsOf} from '../../tetragon/wire/process-message.js';
import {exitNotSeen} from './lineage.js';
import type {Processes} from './processes.js';

type Dumped = {readonly facts: ProcessFacts; readonly alive: boolean};

/**
@param connectedMs when the stream of this node began: a process without an event since then that is not in the dump has
ended unseen. NaN: unknown, then no process is taken for ended.
*/
export function mergeDump(
	processes: Processes,
	node: number,
	dump: readonly DumpedProcess[],
	nowMs: number,
	connectedMs: number,
): void {
	const dumped: Dumped[] = dump
		.map(({process, alive}) => ({facts: processFactsOf(process), alive}))
		.filter(({facts}) => facts.execId !== '')
		// Parents before children, so that every row finds its place at once.
		.sort((a, b) => a.facts.startMs - b.facts.startMs);
	endUnseen(
		processes,
		node,
		new Set(dumped.filter(({alive}) => alive).map(({facts}) => facts.execId)),
		nowMs,
		connectedMs,
	);
	for (const {facts, alive} of dumped) {
		const known = processes.get(facts.execId, node);
		if (known === undefined) {
			processes.add(facts, node, alive ? 'alive' : 'exited', nowMs, nowMs).asOfDump = true;
		} else if (!known.isKnown) {
			processes.learn(known, facts);
		}
	}
}

/** Ends the processes whose exit was missed: silent since the stream began, and not among the living of the dump. */
function endUnseen(
	processes: Processes,
	node: number,
	living: ReadonlySet<string>,
	nowMs: number,
	connectedMs: number,
): void {
	// A dump without one living process says that the agent's cache is switched off.
	if (living.size === 0) {
		return;
	}

	for (const image of [...processes.ofNode(node)]) {
		const isSilent = image.lastMs < connectedMs && (image.state === 'alive' || image.state === 'mentioned');
		if (isSilent && !living.has(image.execId)) {
			processes.end(image, nowMs, nowMs, '', exitNotSeen);
		}
	}
}
