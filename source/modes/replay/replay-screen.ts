/** A recording on the screen, with the recording's own clock. */

import {exitCodes} from '../../exit-codes.js';
import type {Options} from '../../options/options.js';
import {Player} from '../../recording/player.js';
import type {RecordedPolicies} from '../../recording/policies.js';
import {type NotedLines, RecordedEvent} from '../../recording/reader.js';
import type {Source} from '../../recording/source.js';
import {WrittenForms} from '../../recording/written.js';
import {Arrival} from '../../store/arrival.js';
import {Keep} from '../../store/keep.js';
import {Store} from '../../store/store.js';
import type {Event} from '../../tetragon/event/event.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import type {Services} from '../../ui/effects.js';
import type {UiState} from '../../ui/state/state.js';
import {Recorder} from '../recorder.js';
import {type Span, SpanTally} from '../span.js';
import {type Recording, recordingOf} from '../stores.js';
import {openScreen} from '../terminal/open-screen.js';
import {baseServices} from '../terminal/services.js';
import {asUsageError} from '../usage-error.js';
import {badTimes, formsSentence, noEvents, notedProblem} from './noted-lines.js';
import {selected} from './selected.js';

/** The speeds of a replay, one key press apart. */
const speeds = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, Number.POSITIVE_INFINITY];

/** A replay waits no longer than this for the next event. */
const longestGapMs = 2000;

export async function replayScreen(options: Options): Promise<number> {
	let screen: ReplayScreen | undefined;
	const say: (text: string) => void = text => screen?.say(text);
	const recording = await recordingOf(options, options.operands, {newestBytes: options.buffer, say});
	const opened = new ReplayScreen(options, recording);
	screen = opened;
	await openScreen({
		options,
		store: opened.store,
		targetName: opened.sourceNames,
		mode: 'replay',
		atStore: recording.pushed,
		services: opened.services(),
		onPainted: () => void opened.start(),
	});
	return exitCodes.success;
}

class ReplayScreen {
	readonly #options: Options;
	readonly #sources: readonly Source[];
	readonly #recording: Recording;
	/** The newest page of a store is shown until everything is there. */
	#isPreview = false;
	readonly store: Store;
	/** Ids of the store by the name of the node. */
	readonly #nodes = new Map<string, number>();
	readonly #keep: Keep;
	readonly #arrival = new Arrival();
	readonly #recorder: Recorder;
	readonly #player: Player;
	readonly #span: Span;
	readonly #tally: SpanTally;
	/** Where each file begins in the feed, by sequence number. */
	#files: Array<{readonly seq: number; readonly name: string}> = [];

	constructor(options: Options, recording: Recording) {
		this.#options = options;
		this.#recording = recording;
		this.#span = recording.span;
		this.#tally = new SpanTally(this.#span);
		this.#sources = recording.sources;
		this.#keep = new Keep({request: asUsageError(() => buildRequest(options))});
		const store = new Store({bufferBytes: options.buffer});
		this.store = store;
		this.#recorder = new Recorder(
			problem => store.raise(problem),
			id => store.settle(id),
			() => store.policyLists(),
		);
		this.#player = new Player(
			this.#sources,
			{
				event: (line, event, nowMs) => {
					this.#endPreview();
					this.#takeEvent(line, event, nowMs);
				},
				policies: recorded => this.#takePolicies(recorded),
				malformed: (count, all) => this.#takeMalformed(count, all),
				badTimes: all => this.store.raise(notedProblem(badTimes, all)),
				ahead: (name, byMs) => this.#takeAhead(name, byMs),
				file: name => this.#takeFile(name),
				restart: () => {
					this.#files = [];
					store.reset();
				},
			},
			{
				speed: this.#isPlayed ? options.speed : Number.POSITIVE_INFINITY,
				longestGapMs: options.realTime ? Number.POSITIVE_INFINITY : longestGapMs,
				select: batches => selected(batches, this.#span, this.#tally),
			},
		);
	}

	/** Without a word about its pace everything is shown at once. */
	get #isPlayed(): boolean {
		return this.#options.play || this.#options.given.has('speed');
	}

	get sourceNames(): string {
		return this.#sources.map(({name}) => name).join(' ');
	}

	async start(): Promise<void> {
		if (this.#options.record) {
			await this.#recorder.toggle(this.#options.record);
		}

		await this.#preview();
		await this.#play();
	}

	/** What a store says while it is asked. */
	say(text: string): void {
		this.store.raise({
			id: 'store',
			severity: 'warning',
			what: this.sourceNames,
			why: text,
			fix: 'nothing is lost: it is asked again',
		});
	}

	/** The newest events of a store, at once: reading all may take seconds. What fails here fails again with all, and is said then. */
	async #preview(): Promise<void> {
		const [store] = this.#recording.stores;
		const lines = await store?.newest().catch(() => undefined);
		if (lines === undefined || lines.length === 0 || this.#isPlayed) {
			return;
		}

		const forms = new WrittenForms({
			event: (line, event) => this.#keepEvent(line, event, new RecordedEvent(line, event, undefined).timeMs),
			own: () => {},
			bad: () => {},
		});
		for (const {stream, line} of lines) {
			forms.push(stream, line);
		}

		this.#isPreview = true;
	}

	#endPreview(): void {
		if (this.#isPreview) {
			this.#isPreview = false;
			this.#files = [];
			this.store.reset();
		}
	}

	services(): Services {
		return {
			...baseServices,
			now: () => this.#now(),
			refresh: ui => this.#refresh(ui),
			replay: change => (change === 'pause' ? this.#togglePause() : this.#changeSpeed(change === 'faster' ? 1 : -1)),
			seek: timeMs => this.#seek(timeMs),
			record: async path => this.#recorder.toggle(path),
			close: async () => {
				this.#player.close();
				await this.#recorder.stop();
			},
		};
	}

	#takeEvent(line: Uint8Array, event: Event, nowMs: number): void {
		this.#recorder.tap?.line(line);
		this.#keepEvent(line, event, nowMs);
	}

	#keepEvent(line: Uint8Array, event: Event, nowMs: number): void {
		const node = this.#nodeOf(event.node_name ?? '');
		const arrival = this.#arrival.line(line, event);
		if (this.#keep.judge(node, arrival) === 'kept') {
			this.store.take(node, arrival, nowMs);
		} else {
			this.store.pass(node, arrival, nowMs);
			this.store.hide(node);
		}
	}

	#takePolicies({node, list, atMs}: RecordedPolicies): void {
		this.#recorder.tap?.policies(node, list, atMs);
		this.store.takePolicies(this.#nodeOf(node), list, atMs);
	}

	/** The first file begins the feed; a line of the feed says where another begins. */
	#takeFile(name: string): void {
		const isFirst = this.#files.length === 0;
		const seq = isFirst ? -1 : this.store.rule(-1, {type: 'mark', text: name}, this.#now());
		this.#files.push({seq, name});
	}

	#fileAt(seq: number | undefined): string {
		const found = seq === undefined ? this.#files.at(-1) : this.#files.findLast(file => file.seq <= seq);
		return found?.name ?? '';
	}

	#takeMalformed(count: number, all: NotedLines): void {
		this.store.malformed(count, all.first[0]?.line);
		this.store.raise(notedProblem(noEvents, all));
	}

	#takeAhead(name: string, byMs: number): void {
		this.store.raise({
			id: `ahead/${name}`,
			severity: 'note',
			what: `${name}: its clock is ${Math.round(byMs / 1000)} s ahead of the events around it`,
			why: 'events are shown at their own times, and the replay does not wait for those of this node',
			fix: 'keep the clocks of the nodes together (NTP)',
		});
	}

	#nodeOf(name: string): number {
		let id = this.#nodes.get(name);
		if (id === undefined) {
			id = this.store.openNode(name);
			this.#nodes.set(name, id);
			this.store.setNode(id, {state: 'streaming', via: 'file', agent: this.sourceNames, lostServer: undefined});
		}

		return id;
	}

	async #play(): Promise<void> {
		await this.#player.play();
		// The screen is painted after a change of the store, and the end of the recording is none.
		for (const id of this.#nodes.values()) {
			this.store.setNode(id, {});
		}

		const outside = this.#tally.sentence();
		if (outside !== undefined) {
			const fix = 'give another --since or --until';
			this.store.raise({id: 'span', severity: 'warning', what: this.sourceNames, why: outside, fix});
		}

		const {nothing} = this.#player.reader;
		if (nothing !== undefined) {
			this.store.raise({
				id: 'read nothing',
				severity: 'error',
				what: `${this.sourceNames} cannot be replayed`,
				why: nothing,
				fix: this.#player.reader.isStore
					? 'give another span, --query or --org-id'
					: "give JSON lines of tetra, of the agent's export or of --record",
			});
		}

		for (const text of this.#recording.stores.flatMap(store => store.notes())) {
			this.store.raise({
				id: `store ${text}`,
				severity: 'warning',
				what: this.sourceNames,
				why: text,
				fix: 'see docs/history.md',
			});
		}

		const {forms} = this.#player.reader;
		if (forms.size > 0) {
			this.store.raise({
				id: 'forms',
				severity: 'note',
				what: formsSentence(forms),
				why: 'the events were found in envelopes',
				fix: 'nothing is to be done',
			});
		}

		for (const {source, why} of this.#player.reader.problems) {
			this.store.raise({
				id: `read ${source}`,
				severity: 'error',
				what: source,
				why,
				fix: 'the events before that place are shown',
			});
		}
	}

	/** The recording's time; before its first event, the machine's. */
	#now(): number {
		return Number.isNaN(this.#player.nowMs) ? Date.now() : this.#player.nowMs;
	}

	#refresh(ui: UiState): UiState {
		const {speed, state} = this.#player;
		return {
			...this.#recorder.refresh(ui),
			replay: {
				speed,
				paused: state === 'paused',
				atMs: this.#now(),
				done: state === 'ended',
				progress: this.#isPlayed || state === 'ended' ? undefined : this.#player.reader.progress,
				file: this.#fileAt(ui.events.follow ? undefined : (ui.cursors.events?.id as number | undefined)),
			},
		};
	}

	#togglePause(): void {
		if (this.#player.state === 'paused') {
			this.#player.resume();
		} else {
			this.#player.pause();
		}
	}

	#changeSpeed(step: 1 | -1): void {
		const at = speeds.findIndex(speed => speed >= this.#player.speed);
		this.#player.setSpeed(speeds[Math.max(0, Math.min(speeds.length - 1, at + step))] ?? 1);
	}

	#seek(timeMs: number): boolean {
		const player = this.#player;
		const wasEnded = player.state === 'ended';
		// A time before the first event would show an empty screen that waits.
		const isDone = player.seek(Number.isNaN(player.firstMs) ? timeMs : Math.max(timeMs, player.firstMs));
		if (isDone && wasEnded) {
			void this.#play();
		}

		return isDone;
	}
}
