import {Refusal} from '../problem.js';
import type {EndReason} from '../tetragon/agent/link.js';

/** Texts of an agent that cannot build a filter; a retry would get the same answer. */
const filterRefusal = /compil|regexp|selector|label filter|capabilit|ancestors|filter/i;
/** gRPC status UNKNOWN. */
const unknown = 2;

/** The agent's refusal of a filter; undefined: the stream ended for another reason. */
export function refusedFilter({code, text}: EndReason, node: string): Refusal | undefined {
	if (code !== unknown || !filterRefusal.test(text)) {
		return undefined;
	}

	return new Refusal(
		`the agent of ${node} rejects the filter`,
		text.split('\n')[0] ?? text,
		'change the filter flags',
		false,
	);
}

/** INVALID_ARGUMENT, UNIMPLEMENTED, INTERNAL: an agent of another version may answer so to a filter. */
const rejections: ReadonlySet<number | undefined> = new Set([3, 12, 13]);

/** The agent sent no event, and its status may mean that it cannot do what was asked. */
export function isRejection(reason: EndReason, events: number): boolean {
	return events === 0 && (rejections.has(reason.code) || refusedFilter(reason, '') !== undefined);
}

/** The message of an error; of a gRPC error its details alone. */
export function wordsOf(error: unknown): string {
	if (error instanceof Error) {
		const {details} = error as {details?: unknown};
		return typeof details === 'string' && details !== '' ? details : error.message;
	}

	return String(error);
}

type Shedding = {readonly shed: (cause: string, count: number) => void};

/** A stream that ended because of a message beyond its limit has lost that event. */
export function countTooLong(store: Shedding, {isTooLong}: EndReason): void {
	if (isTooLong === true) {
		store.shed('events longer than --max-recv-size', 1);
	}
}
