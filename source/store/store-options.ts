import type {Facts} from '../tetragon/event/facts.js';

export type StoreOptions = {
	/** Bytes of frames and their columns that are kept. */
	readonly bufferBytes?: number;
	/** How long an exited process stays. */
	readonly keepDeadMs?: number;
	readonly maxProcesses?: number;
	/** What is not to be kept: left out by the user's flags, or our own doing on the nodes. Not counted as lost. */
	readonly accept?: ((node: number, facts: Facts) => boolean) | undefined;
};
