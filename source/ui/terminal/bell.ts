/**
The bell for alerts, with a notification where the terminal knows one: at most one in 10 seconds, since many kills must not
become many sounds.
*/
import type {SafeText} from '../../text/safe.js';

const restMs = 10_000;

type BellEnvironment = {readonly [name in 'TERM' | 'TERM_PROGRAM']?: string | undefined};

/** True for terminals that show OSC 9 as a notification; others ignore it or take it for progress. */
function knowsNotifications({TERM = '', TERM_PROGRAM = ''}: BellEnvironment): boolean {
	return /^(?:iTerm\.app|WezTerm|ghostty)$/.test(TERM_PROGRAM) || /^(?:xterm-kitty|foot|xterm-ghostty)/.test(TERM);
}

export class Bell {
	readonly #environment: BellEnvironment;
	#lastMs = Number.NEGATIVE_INFINITY;

	constructor(environment: BellEnvironment) {
		this.#environment = environment;
	}

	/** What to write; '' when the last bell was less than 10 s ago. `nowMs` is of any clock that only goes forward. */
	ring(nowMs: number, message: SafeText): string {
		if (nowMs - this.#lastMs < restMs) {
			return '';
		}

		this.#lastMs = nowMs;
		return knowsNotifications(this.#environment) ? `\u0007\u001B]9;${message}\u001B\\` : '\u0007';
	}
}
