/** The recording of --record, R and :rec: one file at a time. */

import type {Problem} from '../problem.js';
import type {RecordedPolicies} from '../recording/policies.js';
import type {RecordingWriter} from '../recording/writer.js';
import type {UiState} from '../ui/state/state.js';
import {version} from '../version.js';

export class Recorder {
	readonly #raise: (problem: Problem) => void;
	readonly #settle: (id: string) => void;
	readonly #known: () => readonly RecordedPolicies[];
	#writer: RecordingWriter | undefined;

	/** `known`: the policies known now, for the head of a recording. */
	constructor(
		raise: (problem: Problem) => void,
		settle: (id: string) => void,
		known: () => readonly RecordedPolicies[] = () => [],
	) {
		this.#raise = raise;
		this.#settle = settle;
		this.#known = known;
	}

	/** The writer of a running recording, which must be given each event; undefined: none runs. */
	get tap(): RecordingWriter | undefined {
		return this.#writer;
	}

	/** Starts a recording, or ends the running one. Returns a message for the user. */
	async toggle(path?: string): Promise<string> {
		if (this.#writer) {
			const {events, dropped, path: written} = this.#writer;
			await this.stop();
			const missing = dropped === 0 ? '' : `; ${dropped} more arrived faster than they could be written`;
			return `recorded ${events} events to ${written}${missing}`;
		}

		const {RecordingWriter} = await import('../recording/writer.js');
		const file = path ?? `tetratop-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl.gz`;
		const writer = new RecordingWriter(file, {
			version,
			startedMs: Date.now(),
			failed: why => {
				this.#writer = undefined;
				this.#raise({
					id: 'record',
					severity: 'error',
					what: `the recording ${file} has ended`,
					why,
					fix: 'R starts another; :rec FILE names it',
				});
			},
		});
		for (const {node, list, atMs} of this.#known()) {
			writer.policies(node, list, atMs);
		}

		this.#writer = writer;
		this.#settle('record');
		return `recording to ${file}`;
	}

	async stop(): Promise<void> {
		const writer = this.#writer;
		this.#writer = undefined;
		await writer?.close();
	}

	/** The state with the recording, for the header; raises a problem when events were dropped. */
	refresh(ui: UiState): UiState {
		const writer = this.#writer;
		if (writer !== undefined && writer.dropped > 0) {
			this.#raise({
				id: 'record dropped',
				severity: 'warning',
				what: `the recording ${writer.path} is not complete`,
				why: `${writer.dropped} events arrived faster than they could be written`,
				fix: 'record to a faster disk, or let the agents filter: --server-filter',
			});
		}

		return writer?.events === ui.recording?.events
			? ui
			: {...ui, recording: writer && {path: writer.path, events: writer.events}};
	}
}
