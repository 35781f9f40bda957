import type {Process} from './process.js';

const longest = 64;

/** Ancestors, nearest first, with earlier images of the same pid. Foreign exec_ids can form circles, which are cut. */
export function ancestorsOf(process: Process, find: (execId: string) => Process | undefined): Process[] {
	const chain: Process[] = [];
	const seen = new Set<string>([process.execId]);
	let at: Process = process;
	while (chain.length < longest && at.parentExecId !== '' && !seen.has(at.parentExecId)) {
		const parent = find(at.parentExecId);
		if (parent === undefined) {
			break;
		}

		seen.add(parent.execId);
		chain.push(parent);
		at = parent;
	}

	return chain;
}
