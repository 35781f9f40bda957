/**
Gives an agent another filter without a gap: the stream with the new filter is opened beside the old one, both are read for a
moment, and an event that both deliver counts once. A stream that was closed first would lose the events in between.
*/
import {createHash} from 'node:crypto';
import type {Connection, EventsRequest, EventsSink, Subscription} from '../tetragon/agent/link.js';

/** Milliseconds that the old stream is read after the first event of the new one, and without such an event. */
const afterFirstMs = 500;
const longestMs = 5000;

type Stream = {subscription: Subscription | undefined; isOver: boolean};

export class Handover {
	/** The same connection; its streams can be given another filter. */
	readonly connection: Connection;
	readonly #inner: Connection;
	#sink: EventsSink | undefined;
	#stream: Stream | undefined;
	#old: Stream | undefined;
	#timer: NodeJS.Timeout | undefined;
	#hasFirst = false;
	/** Digest of an event → how often the old stream delivered it more often than the new one. */
	readonly #ahead = new Map<string, number>();

	constructor(connection: Connection) {
		const {configurePolicy, metrics} = connection;
		this.#inner = connection;
		this.connection = {
			agent: connection.agent,
			via: connection.via,
			version: () => connection.version(),
			health: () => connection.health(),
			events: (request, sink) => this.#start(request, sink),
			policies: () => connection.policies(),
			dump: () => connection.dump(),
			missing: () => connection.missing(),
			close: () => {
				this.#endOld();
				connection.close();
			},
			...(configurePolicy === undefined ? {} : {configurePolicy: change => configurePolicy.call(connection, change)}),
			...(metrics === undefined ? {} : {metrics: () => metrics.call(connection)}),
		};
	}

	/** The events that the agent sends from now on. Does nothing where no stream is open. */
	refilter(request: EventsRequest): void {
		const sink = this.#sink;
		// The log of a container cannot be filtered.
		if (sink === undefined || this.#stream === undefined || this.#stream.isOver || this.connection.via === 'logs') {
			return;
		}

		this.#endOld();
		this.#old = this.#stream;
		this.#hasFirst = false;
		this.#subscribe(request, sink);
		this.#endOldIn(longestMs);
	}

	#start(request: EventsRequest, sink: EventsSink): Subscription {
		this.#sink = sink;
		this.#subscribe(request, sink);
		return {
			cancel: () => {
				this.#endOld();
				this.#stream?.subscription?.cancel();
				this.#sink = undefined;
			},
		};
	}

	#subscribe(request: EventsRequest, sink: EventsSink): void {
		const stream: Stream = {subscription: undefined, isOver: false};
		this.#stream = stream;
		stream.subscription = this.#inner.events(request, {
			frame: bytes => {
				if (this.#isFirst(stream, bytes)) {
					sink.frame(bytes);
				}
			},
			event: (line, event) => {
				if (this.#isFirst(stream, line)) {
					sink.event(line, event);
				}
			},
			malformed: (line, why) => {
				if (this.#isFirst(stream, line)) {
					sink.malformed(line, why);
				}
			},
			room: () => sink.room?.(),
			end: reason => {
				const counts = !stream.isOver && this.#stream === stream;
				stream.isOver = true;
				if (counts) {
					sink.end(reason);
				}
			},
		});
	}

	/** Returns false for an event that the other stream has delivered. */
	#isFirst(stream: Stream, bytes: Uint8Array): boolean {
		if (this.#old === undefined) {
			return !stream.isOver;
		}

		const isNew = stream !== this.#old;
		if (isNew && !this.#hasFirst) {
			this.#hasFirst = true;
			this.#endOldIn(afterFirstMs);
		}

		const digest = createHash('sha1').update(bytes).digest('base64');
		const ahead = this.#ahead.get(digest) ?? 0;
		this.#ahead.set(digest, ahead + (isNew ? -1 : 1));
		return isNew ? ahead <= 0 : ahead >= 0;
	}

	#endOldIn(ms: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#endOld(), ms);
		this.#timer.unref();
	}

	#endOld(): void {
		clearTimeout(this.#timer);
		const old = this.#old;
		this.#old = undefined;
		this.#ahead.clear();
		if (old !== undefined) {
			old.isOver = true;
			old.subscription?.cancel();
		}
	}
}
