import type {Cells} from '../rates.js';
import type {Process} from './process.js';

export type ProcessesOptions = {
	readonly keepDeadMs: number;
	readonly maxProcesses: number;
	readonly cells: Cells;
	readonly nodeName: (node: number) => string;
	/** A kill of the process is not acknowledged yet. */
	readonly held: (process: Process) => boolean;
};
