import type {Cells} from '../rates.js';
import type {Process} from './process.js';

export type ProcessesOptions = {
	readonly keepDeadMs: number;
	readonly maxProcesses: number;
	readonly cells: Cells;
	readonly nodeName: (node: number) => string;
	/** A kill of it waits for somebody to acknowledge it. */
	readonly held: (process: Process) => boolean;
};
