/** The one implementation of Facts, reused for every event: filled from a frame (scan.ts) or a decoded event (facts-of-event.ts). */

import type {EventKind, ProcessMessage} from '../event/event.js';
import type {Facts, ProcessFacts} from '../event/facts.js';
import {ProcessOutline} from '../event/process-outline.js';
import {parentExecIdIn, readProcessFacts} from './process-facts.js';
import {processFactsOf} from './process-message.js';
import {readOutline} from './process-outline.js';

const noBytes = Buffer.alloc(0);

export class ReusedFacts implements Facts {
	kind: EventKind = 'unknown';
	kindNumber = 0;
	timeMs = Number.NaN;
	nodeName = '';
	execId = '';
	pid = 0;
	signal = '';
	status = 0;
	functionName = '';
	policyName = '';
	action = 0;
	returnAction = 0;
	/** The frame, and where in it the two processes are; start -1: the event has none. */
	bytes: Buffer = noBytes;
	processStart = -1;
	processEnd = -1;
	parentStart = -1;
	parentEnd = -1;
	/** Where its case is; end 0: it has none. */
	bodyStart = 0;
	bodyEnd = 0;
	/** Instead of bytes, for an event that came decoded. */
	process: ProcessMessage | undefined = undefined;
	parent: ProcessMessage | undefined = undefined;

	readonly #outline = new ProcessOutline();

	/** Read on demand: it comes after most of the process, and only the tree needs it, once for each process. */
	get parentExecId(): string {
		if (this.process !== undefined) {
			return typeof this.process.parent_exec_id === 'string' ? this.process.parent_exec_id : '';
		}

		return this.processStart < 0 ? '' : parentExecIdIn(this.bytes, this.processStart, this.processEnd);
	}

	readonly outlineProcess = (): ProcessOutline | undefined =>
		this.process !== undefined || this.processStart < 0
			? undefined
			: readOutline(this.#outline, this.bytes, this.processStart, this.processEnd, this.execId, this.pid);

	readonly readProcess = (): ProcessFacts | undefined => {
		if (this.process !== undefined) {
			return processFactsOf(this.process);
		}

		return this.processStart < 0 ? undefined : readProcessFacts(this.bytes, this.processStart, this.processEnd);
	};

	readonly readParent = (): ProcessFacts | undefined => {
		if (this.parent !== undefined) {
			return processFactsOf(this.parent);
		}

		return this.parentStart < 0 ? undefined : readProcessFacts(this.bytes, this.parentStart, this.parentEnd);
	};

	clear(): void {
		this.kind = 'unknown';
		this.kindNumber = 0;
		this.timeMs = Number.NaN;
		this.nodeName = '';
		this.execId = '';
		this.pid = 0;
		this.signal = '';
		this.status = 0;
		this.functionName = '';
		this.policyName = '';
		this.action = 0;
		this.returnAction = 0;
		this.processStart = -1;
		this.processEnd = -1;
		this.parentStart = -1;
		this.parentEnd = -1;
		this.bodyStart = 0;
		this.bodyEnd = 0;
		this.process = undefined;
		this.parent = undefined;
	}
}

export function newFacts(): Facts {
	return new ReusedFacts();
}
