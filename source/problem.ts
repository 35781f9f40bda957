/** How a failure reaches a person: what failed, why, and what to do about it. Every room may raise one. */

/** A failure on screen or on stderr. Raw foreign text is allowed; ui/ and the printers make it safe. */
export type Problem = {
	readonly id: string;
	readonly severity: 'error' | 'warning' | 'note';
	readonly what: string;
	readonly why: string;
	/** What to do: a command, a flag, a permission. */
	readonly fix: string;
	/** It is looked for again and again, and the program goes on when it is there: a name, a node, a pod that is Pending. */
	readonly isAwaited?: boolean;
};

/** A failure as an error; `retry: false` when trying again cannot help before something changes. */
export class Refusal extends Error {
	readonly what: string;
	readonly why: string;
	readonly fix: string;
	readonly retry: boolean;

	constructor(what: string, why: string, fix: string, retry = true) {
		super(`${what}: ${why}`);
		this.what = what;
		this.why = why;
		this.fix = fix;
		this.retry = retry;
	}
}

/** What is asked for is not there, and tetratop waits for it. */
export class Awaited extends Refusal {}

/** Any error as the three parts of a problem. */
export function refusalOf(error: unknown): Pick<Problem, 'what' | 'why' | 'fix'> {
	return error instanceof Refusal
		? error
		: {what: 'cannot start', why: error instanceof Error ? error.message : String(error), fix: 'see --help'};
}
