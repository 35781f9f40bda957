/** A recording as lines of standard output. */
import type {LineWriter} from '../../headless/line-writer.js';
import type {Options} from '../../options/options.js';
import {RecordingReader} from '../../recording/reader.js';
import {sourcesOf} from '../../recording/source.js';
import {Arrival} from '../../store/arrival.js';
import {Keep} from '../../store/keep.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import {finish, formOf, LineFaults, note, openLines} from '../terminal/lines.js';
import {asUsageError} from '../usage-error.js';
import {badTimes, formsSentence, noEvents, notedSentence} from './noted-lines.js';

/** Writes the whole recording, as fast as it can be read. */
export async function replayLines(options: Options): Promise<number> {
	const sources = sourcesOf(options.operands);
	const form = formOf(options);
	const writer = openLines();
	const keep = new Keep({request: asUsageError(() => buildRequest(options))});
	const arrival = new Arrival();
	const faults = new LineFaults();
	const reader = new RecordingReader(sources);
	void writer.left.then(() => reader.close());
	for await (const batch of reader.events()) {
		for (const {line, event} of batch) {
			faults.guard(() => {
				if (keep.judge(-1, arrival.line(line, event)) === 'kept') {
					writer.write(form.event(line, event));
				}
			});
		}

		await writer.drained();
		if (writer.closed) {
			break;
		}
	}

	return faults.code(await end(reader, writer, sources.map(({name}) => name).join(' ')));
}

/** Notes about what could not be read, and the exit code. */
async function end(reader: RecordingReader, writer: LineWriter, names: string): Promise<number> {
	const {malformed, badTimes: undated, problems, nothing, forms} = reader;
	if (nothing !== undefined) {
		note(`${names} cannot be replayed: ${nothing}; give JSON lines of tetra, of the agent's export or of --record`);
		return finish(writer, true);
	}

	if (forms.size > 0) {
		note(formsSentence(forms));
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
