/** The recording of --record, R and :rec: one file at a time. */

import {mkdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import nodePath from 'node:path';
import process from 'node:process';
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
	/** A recording that failed: it counts what it misses. */
	#failed: RecordingWriter | undefined;

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
		return this.#writer ?? this.#failed;
	}

	get hasFailed(): boolean {
		return this.#failed !== undefined;
	}

	/** Events that are not in the recording of the moment, or in the one that failed. */
	get missing(): number {
		return this.tap?.missing ?? 0;
	}

	/** See EventSink: undefined where a recording has room for the next event, and where none runs. */
	room(): Promise<void> | undefined {
		return this.#writer?.drained();
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
		const file = nodePath.resolve(path ?? (await newName()));
		this.#failed = undefined;
		const writer: RecordingWriter = new RecordingWriter(file, {
			version,
			startedMs: Date.now(),
			failed: why => {
				this.#writer = undefined;
				this.#failed = writer;
				this.#raise({
					id: 'record',
					severity: 'error',
					what: `the recording ${file} has ended with ${writer.flushed} events`,
					why,
					fix: 'R starts another; :rec FILE names it',
				});
			},
		});
		for (const {node, list, atMs} of this.#known()) {
			writer.policies(node, list, atMs);
		}

		this.#writer = writer.failure === undefined ? writer : undefined;
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

/** A path in the state folder of the user, named after the time. Creates the folder. */
async function newName(): Promise<string> {
	const {XDG_STATE_HOME: state} = process.env;
	const folder = nodePath.join(state || nodePath.join(homedir(), '.local', 'state'), 'tetratop');
	await mkdir(folder, {recursive: true, mode: 0o700});
	return nodePath.join(folder, `tetratop-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl.gz`);
}
