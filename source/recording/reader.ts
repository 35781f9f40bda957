/**
The events of files: the agent's export log (rotated files in order), `tetra getevents -o json`, a recording of tetratop, or any
of these in the envelopes of a log shipper. What is not an event is counted with its line, and the rest goes on.
*/
import type {Readable} from 'node:stream';
import type {Event} from '../tetragon/event/event.js';
import {instantMs} from '../tetragon/wire/timestamp.js';
import {FormReader} from './forms/form-reader.js';
import {type RecordedPolicies, recordedPolicies} from './policies.js';
import {type Source, type WrittenLines, wordsOf} from './source.js';
import {membersOf} from './unpack.js';
import {EventOrder, WrittenForms} from './written.js';

export class RecordedEvent {
	readonly line: Buffer;
	readonly event: Event;
	/** Policies that the recording has before this event; undefined: none. */
	readonly policies: readonly RecordedPolicies[] | undefined;
	/** Name of its file. */
	readonly source: string;
	#timeMs: number | undefined;

	constructor(line: Buffer, event: Event, policies: readonly RecordedPolicies[] | undefined, source = '') {
		this.source = source;
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

/** What is parsed before the reader of the events has its turn. */
const sliceBytes = 64 * 1024;
/** More of them than a person reads. */
const mostNoted = 10;
const mostText = 2000;

/** A file that could not be read to its end; what came before it was played. */
type ReadProblem = {readonly source: string; readonly why: string};

export class RecordingReader {
	readonly #sources: readonly Source[];
	#malformed: NotedLines | undefined;
	#badTimes: NotedLines | undefined;
	#problems: ReadProblem[] = [];
	#header: Readonly<Record<string, unknown>> | undefined;
	#policies: RecordedPolicies[] = [];
	readonly #forms = new Map<string, number>();
	#bytes = 0;
	#storedBytes = 0;
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

	/** Its lines are those of a store, which say themselves what is to be done when there is nothing. */
	get isStore(): boolean {
		return this.#sources[0]?.lines !== undefined;
	}

	/** Why there is nothing to show, in words, after everything was read; undefined: there was an event, or a header of ours. */
	get nothing(): string | undefined {
		if (this.#events > 0 || this.#header !== undefined || this.#closed) {
			return undefined;
		}

		const lines = this.#malformed?.count ?? 0;
		if (lines === 0 && this.#problems.length === 0 && this.#sources[0]?.lines !== undefined) {
			return this.#sources[0].lines.nothing();
		}

		const has = this.#bytes === 0 ? 'it is empty' : `none of its ${lines} lines is an event of Tetragon as JSON`;
		return this.#problems[0]?.why ?? has;
	}

	/** Events by the name of the form that they were found in; plain lines have none. */
	get forms(): ReadonlyMap<string, number> {
		return this.#forms;
	}

	/** From 0 to 1; undefined: how long it is, is not known. */
	get progress(): number | undefined {
		const [{lines} = {lines: undefined}] = this.#sources;
		if (lines !== undefined) {
			return lines.progress();
		}

		const all = this.#sources.reduce((sum, {bytes}) => sum + (bytes ?? Number.NaN), 0);
		return all > 0 ? Math.min(1, this.#storedBytes / all) : undefined;
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

			yield* source.lines === undefined ? this.#read(source) : this.#readLines(source.name, source.lines);
		}
	}

	/** Ends the reading; the stream that is open is destroyed. */
	close(): void {
		this.#closed = true;
		this.#stream?.destroy();
		for (const {lines} of this.#sources) {
			lines?.close();
		}
	}

	/** The lines of a store: those of each writer by themselves, and the events by their time. */
	async *#readLines(name: string, lines: WrittenLines): AsyncGenerator<readonly RecordedEvent[]> {
		const found: RecordedEvent[] = [];
		const writers = new WrittenForms({
			event: (line, event, number) => found.push(this.#recorded(line, event, number, name)),
			own: member => this.#takeOwnLine(member),
			bad: (why, text, line) => {
				this.#malformed = noted(this.#malformed, () => ({line, source: name, why, text}));
			},
		});
		const order = new EventOrder<RecordedEvent>();
		try {
			for await (const page of lines.read()) {
				if (this.#closed) {
					return;
				}

				for (const {stream, line} of page) {
					this.#bytes += line.length;
					writers.push(stream, line);
				}

				const batch = order.add(found.splice(0), lines.isFollowed);
				if (batch.length > 0) {
					yield batch;
				}
			}
		} catch (error) {
			if (!this.#closed) {
				this.#problems.push({source: name, why: wordsOf(error)});
			}
		}

		writers.end();
		for (const [form, count] of writers.forms) {
			this.#forms.set(form, (this.#forms.get(form) ?? 0) + count);
		}

		const rest = order.add(found, true);
		if (rest.length > 0 && !this.#closed) {
			yield rest;
		}
	}

	async *#read(source: Source): AsyncGenerator<readonly RecordedEvent[]> {
		try {
			this.#stream = source.open();
			for await (const {name, chunks} of membersOf(this.#stream, bytes => this.#count(bytes))) {
				yield* this.#readMember(
					name === undefined ? source.name : `${source.name}:${name}`,
					chunks,
					name !== undefined,
				);
				if (this.#closed) {
					return;
				}
			}
		} catch (error) {
			if (!this.#closed) {
				this.#problems.push({source: source.name, why: wordsOf(error)});
			}
		}
	}

	/** `isMember`: of an archive, whose other files are no recordings. */
	// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one source from its first byte to its last
	async *#readMember(
		name: string,
		chunks: AsyncIterable<Buffer>,
		isMember: boolean,
	): AsyncGenerator<readonly RecordedEvent[]> {
		const known = this.#malformed;
		const before = this.#events;
		let batch: RecordedEvent[] = [];
		const forms = new FormReader({
			event: (line, event, number) => batch.push(this.#recorded(line, event, number, name)),
			own: member => this.#takeOwnLine(member),
			bad: (why, text, line) => {
				this.#malformed = noted(this.#malformed, () => ({line, source: name, why, text}));
			},
		});
		let failure: unknown;
		try {
			for await (const chunk of chunks) {
				this.#bytes += chunk.length;
				for (let at = 0; at < chunk.length; at += sliceBytes) {
					forms.push(chunk.subarray(at, at + sliceBytes));
					if (batch.length > 0) {
						yield batch;
						batch = [];
					}
				}

				if (this.#closed) {
					return;
				}
			}
		} catch (error) {
			failure = error ?? new Error('it could not be read');
		}

		// A file that was cut off may end within a line, and that it was cut off is said already.
		const atEnd = this.#malformed;
		forms.end();
		this.#malformed = isMember && this.#events === before ? known : failure === undefined ? this.#malformed : atEnd;
		for (const [form, count] of forms.forms) {
			this.#forms.set(form, (this.#forms.get(form) ?? 0) + count);
		}

		if (batch.length > 0 && !this.#closed) {
			yield batch;
		}

		if (failure !== undefined) {
			throw failure;
		}
	}

	#count(bytes: number): void {
		this.#storedBytes += bytes;
	}

	#recorded(line: Buffer, event: Event, number: number, source: string): RecordedEvent {
		this.#events++;
		const [badTime] = event.$badTimes ?? [];
		if (badTime !== undefined) {
			const why = `no RFC 3339: ${badTime}`;
			this.#badTimes = noted(this.#badTimes, () => ({line: number, source, why, text: startOf(line)}));
		}

		const policies = this.#policies.length > 0 ? this.#policies : undefined;
		this.#policies = policies === undefined ? this.#policies : [];
		return new RecordedEvent(line, event, policies, source);
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

function noted(known: NotedLines | undefined, make: () => NotedLine): NotedLines {
	const first = known?.first ?? [];
	return {count: (known?.count ?? 0) + 1, first: first.length < mostNoted ? [...first, make()] : first};
}

function startOf(line: Buffer): string {
	return line.toString('utf8', 0, mostText);
}
