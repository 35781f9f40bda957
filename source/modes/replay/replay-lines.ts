/** A recording as lines of standard output. */
import type {Form} from '../../headless/form.js';
import type {LineWriter} from '../../headless/line-writer.js';
import type {Options} from '../../options/options.js';
import {type RecordedEvent, RecordingReader} from '../../recording/reader.js';
import {Arrival} from '../../store/arrival.js';
import {Keep} from '../../store/keep.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import {Newest, SpanTally} from '../span.js';
import {type Recording, recordingOf} from '../stores.js';
import {finish, formOf, LineFaults, note, openLines} from '../terminal/lines.js';
import {asUsageError} from '../usage-error.js';
import {badTimes, formsSentence, noEvents, notedSentence} from './noted-lines.js';

/** Writes the recording as fast as it can be read; with --follow it goes on until the reader leaves or a signal ends it. */
export async function replayLines(options: Options): Promise<number> {
	const recording = await recordingOf(options, options.operands, {say: text => note(text)});
	return new ReplayLines(options, recording).run();
}

class ReplayLines {
	readonly #form: Form;
	readonly #writer = openLines();
	readonly #keep: Keep;
	readonly #arrival = new Arrival();
	readonly #faults = new LineFaults();
	readonly #reader: RecordingReader;
	readonly #recording: Recording;
	readonly #tally: SpanTally;
	/** With --last the newest are known at the end. */
	readonly #newest: Newest<RecordedEvent> | undefined;

	constructor(options: Options, recording: Recording) {
		const {span, sources} = recording;
		this.#recording = recording;
		this.#form = formOf(options);
		this.#keep = new Keep({request: asUsageError(() => buildRequest(options))});
		this.#reader = new RecordingReader(sources);
		this.#tally = new SpanTally(span);
		this.#newest = Number.isFinite(span.last) ? new Newest(span.last) : undefined;
	}

	async run(): Promise<number> {
		const {sources, stores} = this.#recording;
		const names = sources.map(({name}) => name).join(' ');
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

		for (const text of stores.flatMap(store => store.notes())) {
			note(text);
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

	#write({event}: RecordedEvent): void {
		this.#writer.add(this.#form.event, event);
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
		note(
			`${names} cannot be replayed: ${nothing}${reader.isStore ? '' : "; give JSON lines of tetra, of the agent's export or of --record"}`,
		);
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
