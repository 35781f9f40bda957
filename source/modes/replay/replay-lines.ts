/** A recording as lines of standard output. */
import type {Form} from '../../headless/form.js';
import type {LineWriter} from '../../headless/line-writer.js';
import type {Options} from '../../options/options.js';
import {type RecordedEvent, RecordingReader} from '../../recording/reader.js';
import {sourcesOf} from '../../recording/source.js';
import {Arrival} from '../../store/arrival.js';
import {Keep} from '../../store/keep.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import {Newest, type Span, SpanTally, spanOf} from '../span.js';
import {finish, formOf, LineFaults, note, openLines} from '../terminal/lines.js';
import {asUsageError} from '../usage-error.js';
import {badTimes, formsSentence, noEvents, notedSentence} from './noted-lines.js';

/** Writes the recording as fast as it can be read; with --follow it goes on until the reader leaves or a signal ends it. */
export async function replayLines(options: Options): Promise<number> {
	const span = spanOf(options, Date.now());
	const sources = sourcesOf(options.operands, undefined, {follow: options.follow});
	const lines = new ReplayLines(options, span, new RecordingReader(sources));
	return lines.run(sources.map(({name}) => name).join(' '));
}

class ReplayLines {
	readonly #form: Form;
	readonly #writer = openLines();
	readonly #keep: Keep;
	readonly #arrival = new Arrival();
	readonly #faults = new LineFaults();
	readonly #reader: RecordingReader;
	readonly #tally: SpanTally;
	/** With --last the newest are known at the end. */
	readonly #newest: Newest<RecordedEvent> | undefined;

	constructor(options: Options, span: Span, reader: RecordingReader) {
		this.#form = formOf(options);
		this.#keep = new Keep({request: asUsageError(() => buildRequest(options))});
		this.#reader = reader;
		this.#tally = new SpanTally(span);
		this.#newest = Number.isFinite(span.last) ? new Newest(span.last) : undefined;
	}

	async run(names: string): Promise<number> {
		void this.#writer.left.then(() => this.#reader.close());
		for await (const batch of this.#reader.events()) {
			for (const recorded of batch) {
				this.#faults.guard(() => this.#take(recorded));
			}

			await this.#writer.drained();
			if (this.#writer.closed) {
				break;
			}
		}

		for (const recorded of this.#newest?.all() ?? []) {
			this.#faults.guard(() => this.#write(recorded));
		}

		return this.#faults.code(await end(this.#reader, this.#writer, names, this.#tally.sentence()));
	}

	#take(recorded: RecordedEvent): void {
		const {line, event} = recorded;
		if (!this.#tally.has(recorded.timeMs) || this.#keep.judge(-1, this.#arrival.line(line, event)) !== 'kept') {
			return;
		}

		if (this.#newest === undefined) {
			this.#write(recorded);
		} else {
			this.#newest.add(recorded, recorded.timeMs);
		}
	}

	#write({line, event}: RecordedEvent): void {
		this.#writer.write(this.#form.event(line, event));
	}
}

/** Notes about what could not be read, and the exit code. */
async function end(
	reader: RecordingReader,
	writer: LineWriter,
	names: string,
	outside: string | undefined,
): Promise<number> {
	const {malformed, badTimes: undated, problems, nothing, forms} = reader;
	if (nothing !== undefined) {
		note(`${names} cannot be replayed: ${nothing}; give JSON lines of tetra, of the agent's export or of --record`);
		return finish(writer, true);
	}

	if (forms.size > 0) {
		note(formsSentence(forms));
	}

	if (outside !== undefined) {
		note(outside);
	}

	if (malformed) {
		note(notedSentence(noEvents, malformed));
	}

	if (undated) {
		note(notedSentence(badTimes, undated));
	}

	for (const {source, why} of problems) {
		note(`${source}: ${why}; what came before it was read`);
	}

	return finish(writer, problems.length > 0);
}
