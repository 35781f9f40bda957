/**
Plays a recording by a clock of its own, which starts at the time of the first event, runs `speed` times as fast as the wall
clock, and can be stopped and set. An event is due when the clock has reached its time; one that is late in the file is due at
once. Events of processes that the agent found in /proc at its start have the start time of the process, perhaps days ago: they
are due at once and do not set the clock.
*/
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {Event} from '../tetragon/event/event.js';
import {happenedMs, leastFrom} from './neighbours.js';
import type {RecordedPolicies} from './policies.js';
import {type NotedLines, type RecordedEvent, RecordingReader} from './reader.js';
import type {Source} from './source.js';

type PlayerSink = {
	/** `nowMs`: the clock of the recording. */
	readonly event: (line: Uint8Array, event: Event, nowMs: number) => void;
	/** The policies of a node. */
	readonly policies?: (policies: RecordedPolicies) => void;
	/** The number of further lines that are no events, and all so far. */
	readonly malformed: (count: number, all: NotedLines) => void;
	/** Events so far with a time that cannot be read. */
	readonly badTimes?: (all: NotedLines) => void;
	/** An event of the node is so many milliseconds newer than the one after it. */
	readonly ahead?: (nodeName: string, byMs: number) => void;
	/** The events that follow are of this file. */
	readonly file?: (name: string) => void;
	/** The recording starts again, since its clock was set back: drop everything that it gave so far. */
	readonly restart?: () => void;
};

type PlayerState = 'playing' | 'paused' | 'ended';

export type PlayerOptions = {
	/** 1: as recorded; Infinity: as fast as it can be read. */
	readonly speed?: number;
	/** A longer time without an event is passed over, in milliseconds; without it every gap is waited out. */
	readonly longestGapMs?: number;
	/** Leaves events out, or brings them into another order. */
	readonly select?: (batches: AsyncGenerator<readonly RecordedEvent[]>) => AsyncGenerator<readonly RecordedEvent[]>;
	/** Milliseconds, monotonic; only for the pace. */
	readonly clock?: () => number;
};

/** Milliseconds of events before the event loop gets a turn, for the screen. */
const turnMs = 8;

/** An event that is followed by one so much older is of a node whose clock is ahead; agents reorder events by up to 30 s. */
const aheadMs = 60_000;

/** The longest wait, so that a change of speed or position takes effect before the next event. */
const napMs = 50;

export class Player {
	readonly #sources: readonly Source[];
	readonly #sink: PlayerSink;
	readonly #clock: () => number;
	#reader: RecordingReader;
	#speed: number;
	readonly #longestGapMs: number;
	readonly #select: NonNullable<PlayerOptions['select']>;
	#file = '';
	#paused = false;
	#ended = false;
	#closed = false;
	/** The recording's clock at `#anchorMs` of ours; NaN before the first event. */
	#nowMs = Number.NaN;
	#anchorMs = 0;
	#firstMs = Number.NaN;
	#lastMs = Number.NaN;
	/** Everything before this time is due at once. */
	#seekMs = Number.NEGATIVE_INFINITY;
	#again = false;
	#batch: readonly RecordedEvent[] = [];
	/** Empty while it is not read. */
	#nextBatch: readonly RecordedEvent[] = [];
	/** The event to be played is of a node whose clock is ahead: it does not move the clock. */
	#isAhead = false;
	#reported = 0;
	#reportedTimes = 0;
	#wake: (() => void) | undefined;

	constructor(sources: readonly Source[], sink: PlayerSink, options: PlayerOptions = {}) {
		this.#sources = sources;
		this.#sink = sink;
		this.#speed = options.speed ?? 1;
		this.#longestGapMs = options.longestGapMs ?? Number.POSITIVE_INFINITY;
		this.#select = options.select ?? (batches => batches);
		this.#clock = options.clock ?? (() => performance.now());
		this.#reader = new RecordingReader(sources);
	}

	get state(): PlayerState {
		return this.#ended ? 'ended' : this.#paused ? 'paused' : 'playing';
	}

	get speed(): number {
		return this.#speed;
	}

	/** The recording's clock, milliseconds since 1970; NaN before the first event. */
	get nowMs(): number {
		if (this.#paused || this.#ended || !Number.isFinite(this.#speed) || Number.isNaN(this.#nowMs)) {
			return this.#nowMs;
		}

		return this.#nowMs + (this.#clock() - this.#anchorMs) * this.#speed;
	}

	/** Times of the first event, and of the newest one played. */
	get firstMs(): number {
		return this.#firstMs;
	}

	get lastMs(): number {
		return this.#lastMs;
	}

	get reader(): RecordingReader {
		return this.#reader;
	}

	/** A pipe cannot be set back. */
	get canSeekBack(): boolean {
		return this.#sources.every(source => source.isFile);
	}

	/** Plays to the end; resolves when it was reached or the player was closed. May be called again after a seek back. */
	async play(): Promise<void> {
		do {
			this.#again = false;
			this.#ended = false;
			await this.#playOnce();
		} while (this.#again);

		this.#stopAt(this.nowMs);
		this.#ended = true;
	}

	pause(): void {
		this.#stopAt(this.nowMs);
		this.#paused = true;
	}

	resume(): void {
		this.#paused = false;
		this.#stopAt(this.#nowMs);
		this.#wake?.();
	}

	/** Throws a RangeError unless the speed is above 0. */
	setSpeed(speed: number): void {
		if (!(speed > 0)) {
			throw new RangeError(`${speed} is no speed`);
		}

		this.#stopAt(this.nowMs);
		this.#speed = speed;
		this.#wake?.();
	}

	/**
	Sets the clock. Forward: what lies between is played at once. Back: the recording begins anew, which a pipe cannot;
	false then. After the end, play() must be called again.
	*/
	seek(toMs: number): boolean {
		const back = toMs < this.nowMs;
		if (back && !this.canSeekBack) {
			return false;
		}

		this.#seekMs = toMs;
		this.#stopAt(toMs);
		if (back) {
			this.#again = true;
			this.#reader.close();
		}

		this.#wake?.();
		return true;
	}

	close(): void {
		this.#closed = true;
		this.#again = false;
		this.#reader.close();
		this.#wake?.();
	}

	async #playOnce(): Promise<void> {
		if (this.#reported > 0 || !Number.isNaN(this.#firstMs)) {
			this.#reader = new RecordingReader(this.#sources);
			this.#file = '';
			this.#reported = 0;
			this.#reportedTimes = 0;
			this.#sink.restart?.();
		}

		let until = this.#clock() + turnMs;
		const batches = this.#select(this.#reader.events())[Symbol.asyncIterator]();
		let next = this.#readAhead(batches);
		for (let read = await next; read.done !== true; read = await next) {
			const batch = read.value;
			next = this.#readAhead(batches);
			this.#findFirst(batch);
			this.#batch = batch;
			for (const [index, recorded] of batch.entries()) {
				await this.#due(recorded, index);
				if (this.#closed || this.#again) {
					return;
				}

				this.#play(recorded);
				if (this.#clock() > until) {
					await nextTurn();
					until = this.#clock() + turnMs;
				}
			}

			this.#reportMalformed();
		}

		this.#givePolicies(this.#reader.lastPolicies);
		this.#reportMalformed();
	}

	/** The clock starts at the first event whose time is that of the recording: see happenedMs. */
	#findFirst(batch: readonly RecordedEvent[]): void {
		if (!Number.isNaN(this.#nowMs) && !Number.isNaN(this.#firstMs)) {
			return;
		}

		const first = batch.find(recorded => !Number.isNaN(happenedMs(recorded)));
		if (!first) {
			return;
		}

		this.#firstMs = first.timeMs;
		if (Number.isNaN(this.#nowMs)) {
			this.#stopAt(first.timeMs);
		}
	}

	/** Begins to read the next batch while one is played: its times show which events of that one are ahead of their neighbours. */
	#readAhead(batches: AsyncIterator<readonly RecordedEvent[]>): Promise<IteratorResult<readonly RecordedEvent[]>> {
		this.#nextBatch = [];
		const next = batches.next();
		next.then(
			({value}: IteratorResult<readonly RecordedEvent[] | undefined>) => {
				this.#nextBatch = value ?? [];
				this.#wake?.();
			},
			() => undefined,
		);
		return next;
	}

	/** Resolves when the event at the index of the batch is to be played. */
	async #due(recorded: RecordedEvent, index: number): Promise<void> {
		const timeMs = happenedMs(recorded);
		this.#isAhead = false;
		while (!this.#closed && !this.#again && !this.#isDue(timeMs)) {
			this.#isAhead ||= this.#seesAhead(recorded, timeMs, index);
			// The others must not wait for a node whose clock is ahead.
			if (this.#isAhead && !this.#paused) {
				return;
			}

			if (timeMs - this.nowMs > this.#longestGapMs && !this.#paused) {
				this.#stopAt(timeMs);
				return;
			}

			// The clock goes on between two looks at it.
			const waitMs = this.#paused ? napMs : Math.min(napMs, Math.max(0, (timeMs - this.nowMs) / this.#speed));
			const {promise, resolve} = Promise.withResolvers<void>();
			this.#wake = resolve;
			const timer = setTimeout(resolve, waitMs);
			await promise;
			clearTimeout(timer);
			this.#wake = undefined;
		}
	}

	#seesAhead({event}: RecordedEvent, timeMs: number, index: number): boolean {
		const byMs = timeMs - Math.min(leastFrom(this.#batch, index + 1), leastFrom(this.#nextBatch, 0));
		if (!(byMs > aheadMs)) {
			return false;
		}

		this.#sink.ahead?.(event.node_name ?? '', byMs);
		return true;
	}

	#isDue(timeMs: number): boolean {
		if (timeMs < this.#seekMs) {
			return true;
		}

		if (this.#paused) {
			return false;
		}

		return !Number.isFinite(this.#speed) || Number.isNaN(timeMs) || timeMs <= this.nowMs;
	}

	#play(recorded: RecordedEvent): void {
		const {line, event, policies = [], source} = recorded;
		if (source !== this.#file) {
			this.#file = source;
			this.#sink.file?.(source);
		}

		this.#givePolicies(policies);
		const timeMs = this.#isAhead ? Number.NaN : happenedMs(recorded);
		// As fast as possible, and on the way to a place that was sought, the events move the clock.
		if (!Number.isFinite(this.#speed) && timeMs > this.#nowMs) {
			this.#nowMs = timeMs;
		}

		this.#lastMs = Number.isNaN(this.#lastMs) || timeMs > this.#lastMs ? timeMs : this.#lastMs;
		const onTheWay = timeMs < this.#seekMs;
		const {nowMs} = this;
		// No clock yet: the event's own time is the best that is known.
		this.#sink.event(line, event, onTheWay ? timeMs : Number.isNaN(nowMs) ? recorded.timeMs : nowMs);
	}

	#givePolicies(policies: readonly RecordedPolicies[]): void {
		for (const each of policies) {
			this.#sink.policies?.(each);
		}
	}

	#reportMalformed(): void {
		const {malformed, badTimes} = this.#reader;
		if (malformed && malformed.count > this.#reported) {
			this.#sink.malformed(malformed.count - this.#reported, malformed);
			this.#reported = malformed.count;
		}

		if (badTimes && badTimes.count > this.#reportedTimes) {
			this.#sink.badTimes?.(badTimes);
			this.#reportedTimes = badTimes.count;
		}
	}

	#stopAt(nowMs: number): void {
		this.#nowMs = nowMs;
		this.#anchorMs = this.#clock();
	}
}
