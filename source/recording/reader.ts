/**
Tetragon's JSON lines, from the agent's export log (rotated files in order), `tetra getevents -o json`, or a recording of
tetratop. What is not an event is counted with its line, and the rest goes on.
*/
import type {Readable} from 'node:stream';
import type {Event} from '../tetragon/event/event.js';
import {BadLine, readLine} from '../tetragon/json/json-lines.js';
import {instantMs} from '../tetragon/wire/timestamp.js';
import {LineSplitter} from './lines.js';
import {type RecordedPolicies, recordedPolicies} from './policies.js';
import {plainChunks, type Source, wordsOf} from './source.js';

export class RecordedEvent {
	readonly line: Buffer;
	readonly event: Event;
	/** Policies that the recording has before this event; undefined: none. */
	readonly policies: readonly RecordedPolicies[] | undefined;
	#timeMs: number | undefined;

	constructor(line: Buffer, event: Event, policies: readonly RecordedPolicies[] | undefined) {
		this.line = line;
		this.event = event;
		this.policies = policies;
	}

	/** Event time, milliseconds since 1970; NaN where it has none. Parsed on demand: a replay that prints lines does not need it. */
	get timeMs(): number {
		this.#timeMs ??= this.event.time === undefined ? Number.NaN : instantMs(this.event.time);
		return this.#timeMs;
	}
}

/** A line that is no event, or an event whose time is none. */
export type NotedLine = {
	/** Counted from 1. */
	readonly line: number;
	readonly source: string;
	/** One clause; foreign and raw, as `text` is, the start of the line. */
	readonly why: string;
	readonly text: string;
};

/** Lines of a kind: how many, and the first of them. */
export type NotedLines = {readonly count: number; readonly first: readonly NotedLine[]};

/** More of them than a person reads. */
const mostNoted = 10;
const mostText = 2000;

/** A file that could not be read to its end; what came before it was played. */
type ReadProblem = {readonly source: string; readonly why: string};

const blank = /^\s*$/;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export class RecordingReader {
	readonly #sources: readonly Source[];
	#malformed: NotedLines | undefined;
	#badTimes: NotedLines | undefined;
	#problems: ReadProblem[] = [];
	#header: Readonly<Record<string, unknown>> | undefined;
	#policies: RecordedPolicies[] = [];
	#bytes = 0;
	#events = 0;
	#stream: Readable | undefined;
	#closed = false;

	constructor(sources: readonly Source[]) {
		this.#sources = sources;
	}

	/** Lines that are no events. */
	get malformed(): NotedLines | undefined {
		return this.#malformed;
	}

	/** Events with a time that cannot be read. */
	get badTimes(): NotedLines | undefined {
		return this.#badTimes;
	}

	get problems(): readonly ReadProblem[] {
		return this.#problems;
	}

	/** The header line of a recording that tetratop wrote. */
	get header(): Readonly<Record<string, unknown>> | undefined {
		return this.#header;
	}

	/** Policies after the last event. */
	get lastPolicies(): readonly RecordedPolicies[] {
		return this.#policies;
	}

	/** Why there is nothing to show, in words, after everything was read; undefined: there was an event, or a header of ours. */
	get nothing(): string | undefined {
		if (this.#events > 0 || this.#header !== undefined || this.#closed) {
			return undefined;
		}

		const lines = this.#malformed?.count ?? 0;
		const has = this.#bytes === 0 ? 'it is empty' : `none of its ${lines} lines is an event of Tetragon as JSON`;
		return this.#problems[0]?.why ?? has;
	}

	/** Plain bytes read so far. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Events in the order of the files, a chunk's worth at a time. Never throws for what is in the files. */
	async *events(): AsyncGenerator<readonly RecordedEvent[]> {
		for (const source of this.#sources) {
			if (this.#closed) {
				return;
			}

			yield* this.#read(source);
		}
	}

	/** Ends the reading; the stream that is open is destroyed. */
	close(): void {
		this.#closed = true;
		this.#stream?.destroy();
	}

	async *#read(source: Source): AsyncGenerator<readonly RecordedEvent[]> {
		let batch: RecordedEvent[] = [];
		let number = 0;
		const splitter = new LineSplitter(line => {
			number++;
			const recorded = this.#parse(line, number, source.name);
			if (recorded) {
				batch.push(recorded);
			}
		});
		try {
			this.#stream = source.open();
			for await (const chunk of plainChunks(this.#stream)) {
				this.#bytes += chunk.length;
				splitter.push(chunk);
				if (batch.length > 0) {
					yield batch;
					batch = [];
				}

				if (this.#closed) {
					return;
				}
			}
		} catch (error) {
			if (!this.#closed) {
				this.#problems.push({source: source.name, why: wordsOf(error)});
			}
		}

		const before = this.#malformed;
		if (!this.#closed) {
			splitter.end();
		}

		// A file that was cut off may end within a line, and that it was cut off is said already.
		if (this.#problems.some(problem => problem.source === source.name)) {
			this.#malformed = before;
		}

		if (batch.length > 0 && !this.#closed) {
			yield batch;
		}
	}

	#parse(line: Buffer | undefined, number: number, source: string): RecordedEvent | undefined {
		let bytes = line;
		if (number === 1 && bytes?.subarray(0, 3).equals(byteOrderMark)) {
			bytes = bytes.subarray(3);
		}

		if (bytes !== undefined && isBlank(bytes)) {
			return undefined;
		}

		const event = bytes === undefined ? tooLong : readLine(bytes);
		if (bytes === undefined || event instanceof BadLine) {
			const {why} = event as BadLine;
			this.#malformed = noted(this.#malformed, () => ({line: number, source, why, text: startOf(bytes)}));
			return undefined;
		}

		const {tetratop} = event as {tetratop?: unknown};
		if (typeof tetratop === 'object' && tetratop !== null) {
			this.#takeOwnLine(tetratop as Record<string, unknown>);
			return undefined;
		}

		this.#events++;
		const [badTime] = event.$badTimes ?? [];
		if (badTime !== undefined) {
			const why = `no RFC 3339: ${badTime}`;
			this.#badTimes = noted(this.#badTimes, () => ({line: number, source, why, text: startOf(bytes)}));
		}

		const policies = this.#policies.length > 0 ? this.#policies : undefined;
		this.#policies = policies === undefined ? this.#policies : [];
		return new RecordedEvent(bytes, event, policies);
	}

	/** A line that tetratop wrote: the header of the recording, or the policies of a node. */
	#takeOwnLine(member: Readonly<Record<string, unknown>>): void {
		const policies = recordedPolicies(member);
		if (policies !== undefined) {
			this.#policies.push(policies);
		} else if (!('policies' in member)) {
			this.#header ??= member;
		}
	}
}

const tooLong = new BadLine('it is longer than 10 MiB');

function noted(known: NotedLines | undefined, make: () => NotedLine): NotedLines {
	const first = known?.first ?? [];
	return {count: (known?.count ?? 0) + 1, first: first.length < mostNoted ? [...first, make()] : first};
}

function startOf(line: Buffer | undefined): string {
	return line === undefined ? '' : line.toString('utf8', 0, mostText);
}

function isBlank(line: Buffer): boolean {
	return line.length === 0 || (line.length < 64 && blank.test(line.toString('latin1')));
}
