/** The recording that R turns on and off: one file at a time. */
import type {RecordingWriter} from '../recording/writer.js';
import type {Problem} from '../store/snapshot.js';
import type {UiState} from '../ui/state.js';
import {version} from '../version.js';

export class Recorder {
	readonly #raise: (problem: Problem) => void;
	readonly #settle: (id: string) => void;
	#writer: RecordingWriter | undefined;

	constructor(raise: (problem: Problem) => void, settle: (id: string) => void) {
		this.#raise = raise;
		this.#settle = settle;
	}

	/** Where events go that arrive now; undefined: nowhere. */
	get tap(): RecordingWriter | undefined {
		return this.#writer;
	}

	/** Starts a recording, or ends the one that runs. Says how it went. */
	async toggle(path?: string): Promise<string> {
		if (this.#writer) {
			const {events, path: written} = this.#writer;
			await this.stop();
			return `recorded ${events} events to ${written}`;
		}

		const {RecordingWriter} = await import('../recording/writer.js');
		const file = path ?? `tetratop-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl.gz`;
		this.#writer = new RecordingWriter(file, {
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
		this.#settle('record');
		return `recording to ${file}`;
	}

	async stop(): Promise<void> {
		const writer = this.#writer;
		this.#writer = undefined;
		await writer?.close();
	}

	/** What the header says of it. */
	refresh(ui: UiState): UiState {
		const writer = this.#writer;
		return writer?.events === ui.recording?.events
			? ui
			: {...ui, recording: writer && {path: writer.path, events: writer.events}};
	}
}
