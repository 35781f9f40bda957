import type {Facts, ProcessFacts} from '../../tetragon/event/facts.js';
import type {ProcessOutline} from '../../tetragon/event/process-outline.js';
import type {ExecImage} from './lineage.js';

/** The part of the process table that this needs. */
type Table = {
	readonly get: (execId: string, node: number) => ExecImage | undefined;
	readonly add: (
		description: ProcessFacts | ProcessOutline,
		node: number,
		state: 'alive' | 'mentioned',
		atMs: number,
		nowMs: number,
	) => ExecImage;
};

/** Adds the process of an event, and its parent when the event describes it. */
export function addOfEvent(
	table: Table,
	facts: Facts,
	node: number,
	timeMs: number,
	nowMs: number,
): ExecImage | undefined {
	const process = facts.outlineProcess() ?? facts.readProcess();
	if (process === undefined || process.execId === '') {
		return undefined;
	}

	const {parentExecId} = process;
	if (parentExecId !== '' && parentExecId !== process.execId && table.get(parentExecId, node) === undefined) {
		const parent = facts.readParent();
		if (parent !== undefined && parent.execId === parentExecId) {
			// The parent of a fresh fork runs; the parent that a later event names may have ended, with its exit lost.
			const runs = facts.kind === 'process_exec' && process.flags.includes('clone');
			table.add(parent, node, runs ? 'alive' : 'mentioned', timeMs, nowMs);
		}
	}

	return table.add(process, node, 'alive', timeMs, nowMs);
}
