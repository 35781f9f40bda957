/**
Records what arrives as Tetragon's JSON lines, which tetratop and `tetra` read again. Taking an event costs a copy; its
text is made and written between the turns of the event loop, so a slow disk does not slow the reading of the agent's stream.

Each second what came is flushed, so that a SIGKILL costs the last second at most, and then fsync is called in a thread of the
pool, so that a loss of power costs what the disk did not confirm. A flush ends a block of gzip: about 5 bytes a second.
*/
import {once} from 'node:events';
import {createWriteStream, fdatasync, type WriteStream} from 'node:fs';
import {finished} from 'node:stream/promises';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {constants, createGzip, type Gzip} from 'node:zlib';
import type {PolicyStatus} from '../tetragon/agent/policy.js';
import {eventJson} from '../tetragon/json/json-text.js';
import {inertJson} from '../text/inert.js';
import {policiesLine} from './policies.js';
import {wordsOf} from './source.js';

export type WriterOptions = {
	/** Written into the header line. */
	readonly version: string;
	readonly startedMs: number;
	/** Called at most once: the recording ended before it was closed, and why. */
	readonly failed: (why: string) => void;
	/** Bytes of events that may wait; beyond them events are dropped and counted. */
	readonly queueBytes?: number;
	/** Milliseconds between two flushes. */
	readonly flushMs?: number;
	/** Write over what is there: the person was asked. */
	readonly overwrite?: boolean;
};

type Waiting = {readonly bytes: Uint8Array; readonly isFrame: boolean; readonly isEvent?: boolean};

/** Milliseconds of work before the event loop gets a turn, for the screen. */
const turnMs = 4;

const defaultQueueBytes = 64 * 1024 * 1024;

/** Above this, a source that can wait should. */
const highWaterBytes = 16 * 1024 * 1024;

/** Text that is handed to the file at once. */
const blockBytes = 256 * 1024;

export class RecordingWriter {
	readonly path: string;
	readonly #options: WriterOptions;
	readonly #file: WriteStream;
	readonly #gzip: Gzip | undefined;
	#queue: Waiting[] = [];
	#queuedBytes = 0;
	#events = 0;
	#dropped = 0;
	#bytes = 0;
	/** Events whose text was handed to the file; those that the last flush has written. */
	#handed = 0;
	#flushed = 0;
	/** Events that came after the recording had failed. */
	#late = 0;
	#flushing = false;
	readonly #timer: NodeJS.Timeout;
	#pumping: Promise<void> | undefined;
	/** By node: the policies written last. */
	readonly #policies = new Map<string, string>();
	#closed = false;
	#failure: string | undefined;

	/** The file is made anew, for this user alone, and never over another. Failures come through `failed`, none is thrown. */
	constructor(path: string, options: WriterOptions) {
		this.path = path;
		this.#options = options;
		this.#file = createWriteStream(path, {flags: options.overwrite ? 'w' : 'wx', mode: 0o600});
		this.#file.on('error', error => this.#fail(wordsOf(error)));
		if (path.endsWith('.gz')) {
			this.#gzip = createGzip({level: 1});
			this.#gzip.on('error', error => this.#fail(wordsOf(error)));
			this.#gzip.pipe(this.#file);
		}

		this.#put(headerLine(options));
		this.#pump();
		this.#timer = setInterval(() => void this.#flush(), options.flushMs ?? 1000).unref();
	}

	/** Events written or waiting to be. */
	get events(): number {
		return this.#events;
	}

	/** Events that did not fit because the disk or the processor was too slow. */
	get dropped(): number {
		return this.#dropped;
	}

	/** Events that came and are not in the file: dropped, or after the last flush of a recording that failed. */
	get missing(): number {
		return this.#dropped + this.#late + (this.#failure === undefined ? 0 : this.#events - this.#flushed);
	}

	/** Events that the last flush has written; after close() all that were written. */
	get flushed(): number {
		return this.#flushed;
	}

	/** Bytes of text, before compression. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Why it ended; undefined while it runs. */
	get failure(): string | undefined {
		return this.#failure;
	}

	/** Resolves when there is room for more; undefined: there is room now. Without asking, events beyond the limit are dropped. */
	drained(): Promise<void> | undefined {
		return this.#queuedBytes < highWaterBytes ? undefined : this.#pumping;
	}

	/** A GetEventsResponse. Copied; returns at once. */
	frame(bytes: Uint8Array): void {
		this.#take({bytes: Uint8Array.from(bytes), isFrame: true, isEvent: true});
	}

	/** A line that came as JSON: written as it is, but for characters that act: see text/inert. */
	line(line: Uint8Array): void {
		this.#take({bytes: Uint8Array.from(line), isFrame: false, isEvent: true});
	}

	/** The policies of a node, when they are not as they were written last. */
	policies(node: string, list: readonly PolicyStatus[], nowMs: number): void {
		if (this.#closed || this.#failure !== undefined) {
			return;
		}

		const same = policiesLine({node, list, atMs: 0});
		if (this.#policies.get(node) !== same) {
			this.#policies.set(node, same);
			this.#put({bytes: Buffer.from(policiesLine({node, list, atMs: nowMs})), isFrame: false});
			this.#pump();
		}
	}

	/** Writes what waits, and resolves when the file is complete. Never rejects: see `failure`. */
	async close(): Promise<void> {
		if (!this.#closed) {
			this.#closed = true;
			await this.#pumping;
			await this.#sync();
			this.#sink.end();
		}

		try {
			await finished(this.#file, {readable: false});
			this.#flushed = this.#handed;
		} catch {
			// `failed` was called.
		} finally {
			clearInterval(this.#timer);
		}
	}

	get #sink(): Gzip | WriteStream {
		return this.#gzip ?? this.#file;
	}

	#take(waiting: Waiting): void {
		if (this.#failure !== undefined) {
			this.#late++;
			return;
		}

		if (this.#closed) {
			return;
		}

		if (this.#queuedBytes + waiting.bytes.length > (this.#options.queueBytes ?? defaultQueueBytes)) {
			this.#dropped++;
			return;
		}

		this.#events++;
		this.#put(waiting);
		this.#pump();
	}

	#put(waiting: Waiting): void {
		this.#queue.push(waiting);
		this.#queuedBytes += waiting.bytes.length;
	}

	#pump(): void {
		this.#pumping ??= this.#drain().finally(() => {
			this.#pumping = undefined;
		});
	}

	async #drain(): Promise<void> {
		await nextTurn();
		while (this.#queue.length > 0 && this.#failure === undefined) {
			const block = this.#block();
			if (!this.#sink.write(block) && this.#failure === undefined) {
				await this.#drained();
			}

			await nextTurn();
		}
	}

	/** The next lines, as many as a few milliseconds make. */
	#block(): Buffer {
		const lines: Buffer[] = [];
		const until = performance.now() + turnMs;
		let taken = 0;
		let length = 0;
		while (taken < this.#queue.length && length < blockBytes && (taken === 0 || performance.now() < until)) {
			const waiting = this.#queue[taken++];
			if (waiting) {
				const text = textOf(waiting);
				lines.push(text, newline);
				length += text.length + 1;
				this.#queuedBytes -= waiting.bytes.length;
				this.#handed += waiting.isEvent === true ? 1 : 0;
			}
		}

		this.#queue = taken === this.#queue.length ? [] : this.#queue.slice(taken);
		this.#bytes += length;
		return Buffer.concat(lines);
	}

	/** Writes what was handed over, and asks the disk to keep it. One flush at a time: a slow disk delays the next. */
	async #flush(): Promise<void> {
		if (this.#flushing || this.#closed || this.#failure !== undefined || this.#handed === this.#flushed) {
			return;
		}

		this.#flushing = true;
		await this.#sync();
		this.#flushing = false;
	}

	async #sync(): Promise<void> {
		const handed = this.#handed;
		if (this.#gzip) {
			const gzip = this.#gzip;
			await this.#settled(done => gzip.flush(constants.Z_SYNC_FLUSH, done));
			while (gzip.readableLength > 0 && this.#failure === undefined) {
				await this.#settled(done => this.#file.once('drain', done));
			}
		}

		// What the file was given before is written when this is.
		await this.#settled(done => this.#file.write(nothing, done));
		const {fd} = this.#file as WriteStream & {readonly fd: number | null};
		if (this.#failure === undefined && typeof fd === 'number') {
			await this.#settled(done => fdatasync(fd, () => done()));
		}

		if (this.#failure === undefined) {
			this.#flushed = handed;
		}
	}

	/** Resolves when the work is done, or when the file has failed and will not do it. */
	async #settled(work: (done: () => void) => void): Promise<void> {
		const stop = new AbortController();
		const {promise, resolve} = Promise.withResolvers<void>();
		try {
			if (!this.#file.destroyed) {
				work(resolve);
				await Promise.race([promise, once(this.#file, 'close', {signal: stop.signal})]);
			}
		} catch {
			// The file failed: `failed` was called.
		} finally {
			stop.abort();
		}
	}

	async #drained(): Promise<void> {
		const stop = new AbortController();
		const {signal} = stop;
		try {
			await Promise.race([once(this.#sink, 'drain', {signal}), once(this.#file, 'close', {signal})]);
		} catch {
			// The file failed: `failed` was called.
		} finally {
			stop.abort();
		}
	}

	#fail(why: string): void {
		if (this.#failure !== undefined) {
			return;
		}

		this.#failure = why;
		this.#queue = [];
		this.#queuedBytes = 0;
		clearInterval(this.#timer);
		this.#gzip?.destroy();
		this.#file.destroy();
		this.#options.failed(why);
	}
}

const newline = Buffer.from('\n');
const nothing = Buffer.alloc(0);

function textOf({bytes, isFrame}: Waiting): Buffer {
	if (isFrame) {
		return Buffer.from(inertJson(eventJson(bytes)));
	}

	const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	const text = line.toString();
	const inert = inertJson(text);
	return inert === text ? line : Buffer.from(inert);
}

/**
`time` is not a valid time on purpose: `tetra` skips a line that it cannot parse, but exits at a parsed line that is no event.
jq reads it as an object.
*/
function headerLine({version, startedMs}: WriterOptions): Waiting {
	const header = {tetratop: {recording: 1, version, started: new Date(startedMs).toISOString()}, time: 'none: header'};
	return {bytes: Buffer.from(JSON.stringify(header)), isFrame: false};
}
