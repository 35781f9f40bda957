/**
Merges the process cache of an agent into the table. The dump is asked for after the subscription, so facts of events are
newer and stay. A dump of 200 000 entries takes seconds, so it is merged in steps, and events may come between them.
*/
import type {DumpedProcess} from '../../tetragon/agent/link.js';
import type {ProcessFacts} from '../../tetragon/event/facts.js';
import {processFactsOf} from '../../tetragon/wire/process-message.js';
import {type ExecImage, exitNotSeen} from './lineage.js';
import type {Processes} from './processes.js';

type Dumped = {readonly facts: ProcessFacts; readonly alive: boolean};

/**
Each step is short; events may be observed between two of them.
@param table the table at the moment: the merge ends when another one takes its place.
@param connectedMs when the stream of this node began: a process without an event since then that is not in the dump has
ended unseen. NaN: unknown, then no process is taken for ended.
*/
export function* mergeDump(
	table: () => Processes,
	node: number,
	dump: readonly DumpedProcess[],
	nowMs: number,
	connectedMs: number,
): Generator<undefined> {
	const processes = table();
	for (const step of mergeSteps(processes, node, dump, nowMs, connectedMs)) {
		yield step;
		if (table() !== processes) {
			return;
		}
	}
}

function* mergeSteps(
	processes: Processes,
	node: number,
	dump: readonly DumpedProcess[],
	nowMs: number,
	connectedMs: number,
): Generator<undefined> {
	const dumped: Dumped[] = [];
	// The silent ones and not the living of the dump: a set of 500 000 names stops the program each time that it grows.
	const silent = yield* silentOf(processes, node, connectedMs);
	let hasLiving = false;
	for (const {process, alive} of dump) {
		const facts = processFactsOf(process);
		if (facts.execId !== '') {
			dumped.push({facts, alive});
		}

		if (alive) {
			hasLiving = true;
			silent.delete(facts.execId);
		}

		yield;
	}

	// A dump without one living process says that the agent's cache is switched off.
	if (hasLiving) {
		yield* endUnseen(processes, node, silent, nowMs, connectedMs);
	}

	// Parents before children, so that every row finds its place at once. What no longer fits is left out: it must not crowd
	// out processes that events spoke of, and to make room for each costs more than to add it.
	for (const {facts, alive} of yield* sortedByStart(dumped)) {
		const known = processes.get(facts.execId, node);
		if (known === undefined && !processes.isFull) {
			processes.add(facts, node, alive ? 'alive' : 'exited', nowMs, nowMs).asOfDump = true;
		} else if (known?.isKnown === false) {
			processes.learn(known, facts);
		}

		yield;
	}
}

/** exec_id → process of the node that has had no event since the stream began, and whose end is not known. */
function* silentOf(
	processes: Processes,
	node: number,
	connectedMs: number,
): Generator<undefined, Map<string, ExecImage>> {
	const silent = new Map<string, ExecImage>();
	for (const image of [...processes.ofNode(node)]) {
		if (isSilent(image, connectedMs)) {
			silent.set(image.execId, image);
		}

		yield;
	}

	return silent;
}

function isSilent({lastMs, state}: ExecImage, connectedMs: number): boolean {
	return lastMs < connectedMs && (state === 'alive' || state === 'mentioned');
}

/** Ends the processes whose exit was missed: silent since the stream began, and not among the living of the dump. */
function* endUnseen(
	processes: Processes,
	node: number,
	silent: ReadonlyMap<string, ExecImage>,
	nowMs: number,
	connectedMs: number,
): Generator<undefined> {
	for (const [execId, image] of silent) {
		// It may have had an event or have left the table since.
		if (isSilent(image, connectedMs) && processes.get(execId, node) === image) {
			processes.end(image, nowMs, nowMs, '', exitNotSeen);
		}

		yield;
	}
}

/** Elements of a run that is sorted in one step. */
const runLength = 1024;

/** Sorts in steps: sort() of 200 000 elements takes a tenth of a second. Equal ones keep their order. */
function* sortedByStart(dumped: readonly Dumped[]): Generator<undefined, readonly Dumped[]> {
	let runs: Dumped[][] = [];
	for (let from = 0; from < dumped.length; from += runLength) {
		runs.push(dumped.slice(from, from + runLength).sort((a, b) => a.facts.startMs - b.facts.startMs));
		yield;
	}

	while (runs.length > 1) {
		const merged: Dumped[][] = [];
		for (let at = 0; at < runs.length; at += 2) {
			merged.push(yield* mergeRuns(runs[at] ?? [], runs[at + 1] ?? []));
		}

		runs = merged;
	}

	return runs[0] ?? [];
}

function* mergeRuns(first: readonly Dumped[], second: readonly Dumped[]): Generator<undefined, Dumped[]> {
	const merged: Dumped[] = [];
	let a = 0;
	let b = 0;
	while (a < first.length || b < second.length) {
		const one = first[a];
		const other = second[b];
		if (one !== undefined && (other === undefined || !(other.facts.startMs < one.facts.startMs))) {
			merged.push(one);
			a++;
		} else if (other !== undefined) {
			merged.push(other);
			b++;
		}

		if (merged.length % runLength === 0) {
			yield;
		}
	}

	return merged;
}
