/**
Recognizes the processes that tetratop itself starts. The agent sees every command that tetratop execs in the agent's pod;
these processes and their children are hidden and counted.
*/
import type {ProcessFacts} from '../../tetragon/event/facts.js';

type OwnExec = {
	readonly node: string;
	readonly namespace: string;
	readonly pod: string;
	readonly container: string;
	readonly command: readonly string[];
};

type Claim = OwnExec & {readonly madeMs: number};

/** A claim without a matching process expires: the exec failed, or its event came before the stream was open. */
const claimMs = 60_000;
/** The largest difference between the clocks of this machine and of a node. */
const clockSkewMs = 30_000;
/** Own exec_ids that are kept for each node; the oldest go first. */
const idsKept = 1000;

export class OwnExecs {
	readonly #now: () => number;
	/** Commands whose process was not seen yet, by node. */
	readonly #claims = new Map<string, readonly Claim[]>();
	/** exec_ids of own processes, by node. */
	readonly #known = new Map<string, Set<string>>();

	/** @param now milliseconds since 1970. */
	constructor(now: () => number = Date.now) {
		this.#now = now;
	}

	/** Call this before the command is started. */
	started(exec: OwnExec): void {
		this.#claims.set(exec.node, [...this.#openClaims(exec.node), {...exec, madeMs: this.#now()}]);
	}

	/** Returns true when the exec_id or its parent's is known to be own. Cheap: called for every event. */
	knows(node: string, execId: string, parentExecId: string): boolean {
		const ids = this.#known.get(node);
		if (ids === undefined || execId === '') {
			return false;
		}

		if (!ids.has(execId) && parentExecId !== '' && ids.has(parentExecId)) {
			remember(ids, execId);
		}

		return ids.has(execId);
	}

	/** Returns true while a command's process was not seen yet on this node: only then is `isOwn` worth its cost. */
	expects(node: string): boolean {
		return this.#openClaims(node).length > 0;
	}

	/** Returns true when the process, or its parent, is one that tetratop started. Call it once for each new exec_id. */
	isOwn(node: string, process: ProcessFacts): boolean {
		if (this.knows(node, process.execId, process.parentExecId)) {
			return true;
		}

		const open = this.#openClaims(node);
		const claim = open.find(one => matches(one, process));
		if (claim === undefined) {
			return false;
		}

		const others = open.filter(one => one !== claim);
		this.#claims.set(node, others);
		const ids = this.#known.get(node) ?? new Set();
		this.#known.set(node, ids);
		remember(ids, process.execId);
		return true;
	}

	/** Own processes that are known on this node, at most `idsKept`. */
	count(node: string): number {
		return this.#known.get(node)?.size ?? 0;
	}

	#openClaims(node: string): readonly Claim[] {
		const all = this.#claims.get(node);
		if (all === undefined) {
			return [];
		}

		const open = all.filter(claim => this.#now() - claim.madeMs < claimMs);
		if (open.length === 0) {
			this.#claims.delete(node);
		}

		return open;
	}
}

function remember(ids: Set<string>, execId: string): void {
	ids.add(execId);
	for (const oldest of ids) {
		if (ids.size <= idsKept) {
			break;
		}

		ids.delete(oldest);
	}
}

function matches(claim: Claim, process: ProcessFacts): boolean {
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

function basename(file: string): string {
	return file.slice(file.lastIndexOf('/') + 1);
}

/** Tetragon writes all arguments as one string, quotes an argument with a space, and cuts long ones. */
function sameArguments(written: string, args: readonly string[]): boolean {
	const own = withoutQuotes(args.join(' '));
	const seen = withoutQuotes(written);
	return seen === own || (seen.length > 60 && own.startsWith(seen));
}

function withoutQuotes(text: string): string {
	return text.replace(/["\s\\]/g, '');
}
