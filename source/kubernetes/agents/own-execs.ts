/**
The observer's own shadow: what we exec in an agent's pod is seen by that agent. Exactly these processes, and their
children, can be told from all others, so that they are hidden and counted.
*/
import type {ProcessFacts} from '../../tetragon/event/facts.js';

export type OwnExec = {
	readonly node: string;
	readonly namespace: string;
	readonly pod: string;
	readonly container: string;
	readonly command: readonly string[];
};

export type OwnExecs = {
	/** Tell of a command before it is started. */
	readonly started: (exec: OwnExec) => void;
	/** Cheap, for every event: whether this exec_id, or its parent's, is known to be ours. */
	readonly knows: (node: string, execId: string, parentExecId: string) => boolean;
	/** Cheap: whether a process of ours is still to be seen on this node, so that `isOwn` is worth its price. */
	readonly expects: (node: string) => boolean;
	/** Whether a process is one of ours, or below one of ours. Ask for each new exec_id of a node once or more. */
	readonly isOwn: (node: string, process: ProcessFacts) => boolean;
	/** Processes of ours seen on this node so far. */
	readonly count: (node: string) => number;
};

/** A claim that no process answered is given up: the exec failed, or its event came before our stream. */
const claimMs = 60_000;
/** Clocks of nodes differ. */
const clockSkewMs = 30_000;
const idsKept = 1000;

type Claim = OwnExec & {readonly madeMs: number};

export function createOwnExecs(now: () => number = Date.now): OwnExecs {
	/** By node. */
	const claims = new Map<string, Claim[]>();
	const known = new Map<string, Set<string>>();

	function idsOf(node: string) {
		let ids = known.get(node);
		if (ids === undefined) {
			ids = new Set();
			known.set(node, ids);
		}

		return ids;
	}

	function remember(ids: Set<string>, execId: string) {
		ids.add(execId);
		for (const oldest of ids) {
			if (ids.size <= idsKept) {
				break;
			}

			ids.delete(oldest);
		}
	}

	function openClaims(node: string): Claim[] {
		const all = claims.get(node);
		if (all === undefined) {
			return [];
		}

		const open = all.filter(claim => now() - claim.madeMs < claimMs);
		if (open.length === 0) {
			claims.delete(node);
		}

		return open;
	}

	function knows(node: string, execId: string, parentExecId: string) {
		const ids = known.get(node);
		if (ids === undefined || execId === '') {
			return false;
		}

		if (!ids.has(execId) && parentExecId !== '' && ids.has(parentExecId)) {
			remember(ids, execId);
		}

		return ids.has(execId);
	}

	return {
		started(exec) {
			claims.set(exec.node, [...openClaims(exec.node), {...exec, madeMs: now()}]);
		},
		knows,
		expects: node => openClaims(node).length > 0,
		isOwn(node, process) {
			if (knows(node, process.execId, process.parentExecId)) {
				return true;
			}

			const ids = idsOf(node);

			const open = openClaims(node);
			const claim = open.find(one => answers(one, process));
			if (claim === undefined) {
				return false;
			}

			claims.set(
				node,
				open.filter(one => one !== claim),
			);
			remember(ids, process.execId);
			return true;
		},
		count: node => known.get(node)?.size ?? 0,
	};
}

function answers(claim: Claim, process: ProcessFacts): boolean {
	const [program = '', ...rest] = claim.command;
	return (
		process.pod === claim.pod &&
		process.namespace === claim.namespace &&
		process.container === claim.container &&
		basename(process.binary) === program &&
		sameArguments(process.arguments, rest) &&
		process.startMs >= claim.madeMs - clockSkewMs
	);
}

function basename(file: string) {
	return file.slice(file.lastIndexOf('/') + 1);
}

/** Tetragon writes one string, with double quotes around what has a space; long ones are cut. */
function sameArguments(written: string, args: readonly string[]): boolean {
	function plain(text: string) {
		return text.replace(/["\s\\]/g, '');
	}

	const ours = plain(args.join(' '));
	const theirs = plain(written);
	return theirs === ours || (theirs.length > 60 && ours.startsWith(theirs));
}
