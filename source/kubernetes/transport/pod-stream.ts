import type {Duplex} from 'node:stream';

/** A byte stream to a command in a pod, or to a port of it: a WebSocket tunnel, or the pipes of a kubectl. */
export type PodStream = Duplex & {
	/** Why it ended; undefined while it is open, or when it ended without an error. */
	readonly reason: string | undefined;
	/** The other side has sent at least one byte. */
	readonly answered: boolean;
	/** The first bytes that the other side sent, 64 at most: they show which protocol it speaks. */
	readonly head: Buffer;
};

/** Starts commands in the agent's container. */
export type PodRunner = {
	/** Rejects with a Refusal. */
	readonly start: (command: readonly string[], signal: AbortSignal) => Promise<PodStream>;
	/** Runs a command without stdin to its end and returns its stdout. Rejects with an Error that has its stderr. */
	readonly once: (command: readonly string[], signal: AbortSignal) => Promise<Buffer>;
};
