/** A hook event on its way to the enforcements: whom it hit, and the ancestors of that process. */
import type {Facts, Format, ProcessFacts} from '../../tetragon/event/facts.js';
import type {PolicyMode} from '../enforcement-states.js';
import type {PolicyOnNode} from '../policies/policy-on-node.js';
import type {ExecImage} from '../processes/lineage.js';
import type {ChainLink, Process} from '../processes/process.js';

export type Hit = {
	readonly facts: Facts;
	readonly seq: number;
	readonly node: number;
	readonly timeMs: number;
	readonly nowMs: number;
	readonly image: ExecImage | undefined;
	readonly bytes: Uint8Array;
	readonly format: Format;
	readonly listedMode: PolicyMode;
	/** Milliseconds by which the client's clock is ahead of the node's. */
	readonly clockLagMs: number;
	readonly policyOnNode: PolicyOnNode | undefined;
};

/** The process of a hook event that is not in the table, by the facts of the event. */
export function unknownProcess(facts: Facts, hit: Hit): Process | undefined {
	const known: ProcessFacts | undefined = facts.readProcess();
	if (known === undefined) {
		return undefined;
	}

	return {
		execId: known.execId,
		node: hit.node,
		pid: known.pid,
		execProbe: known.execProbe,
		facts: known,
		parentExecId: known.parentExecId,
		state: 'mentioned',
		asOfDump: false,
		startMs: known.startMs,
		endMs: Number.NaN,
		signal: '',
		status: 0,
		events: 1,
		recent: 0,
		kills: [],
		lastMs: hit.nowMs,
	};
}

/** The process and its ancestors, nearest first; of a process without a known parent, the parent that the event describes. */
export function chainLinks(
	process: Process | undefined,
	ancestorsOf: (process: Process) => Process[],
	facts?: Facts,
): ChainLink[] {
	if (process === undefined) {
		return [];
	}

	const chain = [process, ...ancestorsOf(process)].map(link);
	const parent = chain.length === 1 ? facts?.readParent() : undefined;
	if (parent !== undefined && parent.execId !== process.execId) {
		chain.push({execId: parent.execId, pid: parent.pid, binary: parent.binary, arguments: parent.arguments});
	}

	return chain;
}

function link({execId, pid, facts}: Process): ChainLink {
	return {
		execId,
		pid,
		binary: facts?.binary ?? '',
		arguments: facts?.arguments ?? '',
	};
}
