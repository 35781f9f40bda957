import type {Facts} from '../tetragon/event/facts.js';
import type {Image} from './lineage.js';
import type {Processes} from './processes.js';

/** Makes the process of an event known, and its parent where the event describes it. */
export function meet(
	processes: Processes,
	facts: Facts,
	node: number,
	timeMs: number,
	nowMs: number,
): Image | undefined {
	const process = facts.outlineProcess() ?? facts.readProcess();
	if (process === undefined || process.execId === '') {
		return undefined;
	}

	const {parentExecId} = process;
	if (parentExecId !== '' && parentExecId !== process.execId && processes.get(parentExecId, node) === undefined) {
		const parent = facts.readParent();
		if (parent !== undefined && parent.execId === parentExecId) {
			// A parent of a fresh fork runs; one named by a later event may have ended long ago, its exit lost to us.
			const runs = facts.kind === 'process_exec' && process.flags.includes('clone');
			processes.add(parent, node, runs ? 'alive' : 'mentioned', timeMs, nowMs);
		}
	}

	return processes.add(process, node, 'alive', timeMs, nowMs);
}
