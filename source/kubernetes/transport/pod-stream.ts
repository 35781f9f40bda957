/** A byte stream to a command in a pod, or to a port of it: a WebSocket tunnel, or the pipes of a kubectl. */
import type {Duplex} from 'node:stream';

export type PodStream = Duplex & {
	/** Why it ended; undefined while it lives or when it ended well. */
	readonly reason: string | undefined;
	/** The other side has sent at least one byte. */
	readonly answered: boolean;
};

/** Starts commands in the agent's container. */
export type PodRunner = {
	/** Rejects with a Refusal. */
	readonly start: (command: readonly string[], signal: AbortSignal) => Promise<PodStream>;
	/** To the end, without stdin; its stdout. Rejects with an Error that holds its stderr. */
	readonly once: (command: readonly string[], signal: AbortSignal) => Promise<Buffer>;
};
