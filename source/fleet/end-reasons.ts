/** What the end of a call says, in the words of a person. */

import {Refusal} from '../problem.js';
import type {EndReason} from '../tetragon/agent/link.js';

/** An agent's words for a filter that it cannot build; it says so at once and would say so again. */
const filterRefusal = /compil|regexp|selector|label filter|capabilit|ancestors|filter/i;
const unknown = 2;

/** The agent's no to a filter; undefined where the stream ended for another reason. */
export function refusedFilter({code, text}: EndReason, node: string): Refusal | undefined {
	if (code !== unknown || !filterRefusal.test(text)) {
		return undefined;
	}

	return new Refusal(
		`the agent of ${node} does not take the filter`,
		text.split('\n')[0] ?? text,
		'change the filter flags',
		false,
	);
}

export function wordsOf(error: unknown): string {
	if (error instanceof Error) {
		const {details} = error as {details?: unknown};
		return typeof details === 'string' && details !== '' ? details : error.message;
	}

	return String(error);
}
