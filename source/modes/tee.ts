/**
Stands between the fleet and the store: writes what arrives to a recording (all of it, before filters) and leaves out what
the flags ask to leave out, since an agent that is older than a filter sends everything.
*/
import type {Intake} from '../fleet/intake.js';
import type {EventsRequest} from '../fleet/link.js';
import type {RecordingWriter} from '../recording/writer.js';
import type {Store} from '../store/store.js';
import {clientFilter} from '../tetragon/filter.js';
import {factsOfEvent} from '../tetragon/json-lines.js';
import {newFacts, scanFrame} from '../tetragon/scan.js';
import {version} from '../version.js';
import type {Facts} from '../tetragon/facts.js';
import type {Event} from '../tetragon/event.js';
import type {UiState} from '../ui/state.js';

type Filter = {
	readonly frame: (bytes: Uint8Array) => boolean;
	readonly event: (event: Event) => boolean;
};

function filterOf(request: EventsRequest): Filter | undefined {
	const test = clientFilter(request);
	const facts: Facts = newFacts();
	return test
		? {
				frame(bytes) {
					scanFrame(bytes, facts);
					return test(facts);
				},
				event(event) {
					factsOfEvent(event, facts);
					return test(facts);
				},
			}
		: undefined;
}

export class Tee implements Intake {
	readonly #store: Store;
	readonly #filter: Filter | undefined;
	#writer: RecordingWriter | undefined;

	constructor(store: Store, request: EventsRequest) {
		this.#store = store;
		this.#filter = filterOf(request);
	}

	openNode = (name: string): number => this.#store.openNode(name);
	setNode: Intake['setNode'] = (node, change) => this.#store.setNode(node, change);
	renameNode: Intake['renameNode'] = (node, name) => this.#store.renameNode(node, name);
	takeDump: Intake['takeDump'] = (node, processes, nowMs) => this.#store.takeDump(node, processes, nowMs);
	takePolicies: Intake['takePolicies'] = (node, policies, nowMs) => this.#store.takePolicies(node, policies, nowMs);
	rule: Intake['rule'] = (node, rule, nowMs) => this.#store.rule(node, rule, nowMs);
	setLostServer: Intake['setLostServer'] = (node, count) => this.#store.setLostServer(node, count);
	malformed: Intake['malformed'] = (count, line) => this.#store.malformed(count, line);
	raise: Intake['raise'] = problem => this.#store.raise(problem);
	settle: Intake['settle'] = id => this.#store.settle(id);

	takeFrame: Intake['takeFrame'] = (node, bytes, nowMs) => {
		this.#writer?.frame(bytes);
		if (this.#filter === undefined || this.#filter.frame(bytes)) {
			this.#store.takeFrame(node, bytes, nowMs);
		}
	};

	takeEvent: Intake['takeEvent'] = (node, line, event, nowMs) => {
		this.#writer?.line(line);
		if (this.#filter === undefined || this.#filter.event(event)) {
			this.#store.takeEvent(node, line, event, nowMs);
		}
	};

	/** Starts, or without a path and with one open stops. Says how it went. */
	async record(path: string | undefined): Promise<string> {
		if (this.#writer) {
			const {events, path: written} = this.#writer;
			await this.stop();
			return `recorded ${events} events to ${written}`;
		}

		const {RecordingWriter} = await import('../recording/writer.js');
		const file = path ?? `tetratop-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl.gz`;
		const writer = new RecordingWriter(file, {
			version,
			startedMs: Date.now(),
			failed: why => {
				this.#writer = undefined;
				this.#store.raise({
					id: 'record',
					severity: 'error',
					what: `the recording ${file} has ended`,
					why,
					fix: 'R starts another; :rec FILE names it',
				});
			},
		});
		this.#writer = writer;
		return `recording to ${file}`;
	}

	async stop(): Promise<void> {
		const writer = this.#writer;
		this.#writer = undefined;
		await writer?.close();
	}

	refresh(ui: UiState): UiState {
		const events = this.#writer?.events;
		if (events === ui.recording?.events) {
			return ui;
		}

		return {...ui, recording: this.#writer && {path: this.#writer.path, events: this.#writer.events}};
	}
}
