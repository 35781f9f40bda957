/**
A bell, and where the terminal knows it a notification, for alerts: at most one in 10 seconds, since a flood of kills must
not become a flood of sound.
*/
import type {SafeText} from '../../text/safe.js';

const restMs = 10_000;

type BellEnvironment = {readonly [name in 'TERM' | 'TERM_PROGRAM']?: string | undefined};

/** OSC 9 is a notification only there; elsewhere it is ignored or means progress. */
function knowsNotifications({TERM = '', TERM_PROGRAM = ''}: BellEnvironment): boolean {
	return /^(?:iTerm\.app|WezTerm|ghostty)$/.test(TERM_PROGRAM) || /^(?:xterm-kitty|foot|xterm-ghostty)/.test(TERM);
}

export type Bell = {
	/** What to write, '' while it rests. `nowMs` is any clock that only goes forward. */
	readonly ring: (nowMs: number, message: SafeText) => string;
};

export function createBell(environment: BellEnvironment): Bell {
	let lastMs = Number.NEGATIVE_INFINITY;
	return {
		ring(nowMs, message) {
			if (nowMs - lastMs < restMs) {
				return '';
			}
			lastMs = nowMs;
			return knowsNotifications(environment) ? `\u0007\u001B]9;${message}\u001B\\` : '\u0007';
		},
	};
}
