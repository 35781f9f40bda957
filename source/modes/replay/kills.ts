/** `tetratop kills`: one report for each enforcement of a recording, by the store and the words of the screen. */
import process from 'node:process';
import {exitCodes} from '../../exit-codes.js';
import type {LineWriter} from '../../headless/line-writer.js';
import type {Options} from '../../options/options.js';
import {type RecordedEvent, RecordingReader} from '../../recording/reader.js';
import {Arrival} from '../../store/arrival.js';
import {Store} from '../../store/store.js';
import {type Recording, recordingOf} from '../stores.js';
import {finish, note, openLines} from '../terminal/lines.js';
import {KillPrinter} from './kill-printer.js';
import {noEvents, notedSentence} from './noted-lines.js';

/** With --follow: how often it is looked for new ones. */
const lookMs = 250;
/** A kill whose exit is no event yet by then is not proven by one. */
const settleMs = 60_000;

export async function runKills(options: Options): Promise<number> {
	const words = {...options, last: undefined};
	const recording = await recordingOf(words, options.inputFile ?? [], {say: text => note(text)});
	const reports = new KillReports(options, recording);
	return reports.run();
}

class KillReports {
	readonly #options: Options;
	readonly #store: Store;
	readonly #nodes = new Map<string, number>();
	readonly #arrival = new Arrival();
	readonly #reader: RecordingReader;
	readonly #recording: Recording;
	readonly #writer: LineWriter;
	readonly #printer: KillPrinter;
	#newestMs = Number.NEGATIVE_INFINITY;

	constructor(options: Options, recording: Recording) {
		this.#options = options;
		this.#recording = recording;
		this.#store = new Store({bufferBytes: 16 * 1024 * 1024});
		this.#reader = new RecordingReader(recording.sources);
		this.#writer = openLines();
		this.#printer = new KillPrinter(options, recording.span, this.#store, this.#writer);
	}

	async run(): Promise<number> {
		let code: number = exitCodes.success;

		function endWith(reader: RecordingReader, signalCode: number) {
			return () => {
				code = signalCode;
				reader.close();
			};
		}

		process.once('SIGINT', endWith(this.#reader, exitCodes.interrupted));
		process.once('SIGTERM', endWith(this.#reader, exitCodes.terminated));
		void this.#writer.left.then(() => this.#reader.close());
		this.#printer.begin();

		const timer = this.#options.follow ? setInterval(() => this.#printer.look(), lookMs) : undefined;
		for await (const batch of this.#reader.events()) {
			for (const recorded of batch) {
				this.#take(recorded);
			}

			await this.#writer.drained();
		}

		clearInterval(timer);
		this.#store.tick(this.#newestMs + settleMs);
		this.#printer.print(() => true);
		return this.#end(code);
	}

	#take({line, event, timeMs, policies = []}: RecordedEvent): void {
		this.#newestMs = timeMs > this.#newestMs ? timeMs : this.#newestMs;
		const nowMs = Number.isFinite(this.#newestMs) ? this.#newestMs : 0;
		for (const {node, list, atMs} of policies) {
			this.#store.takePolicies(this.#nodeOf(node), list, atMs);
		}

		this.#store.take(this.#nodeOf(event.node_name ?? ''), this.#arrival.line(line, event), nowMs);
	}

	#nodeOf(name: string): number {
		const id = this.#nodes.get(name) ?? this.#store.openNode(name);
		this.#nodes.set(name, id);
		return id;
	}

	async #end(code: number): Promise<number> {
		const {malformed, problems, nothing} = this.#reader;
		const names = this.#recording.sources.map(({name}) => name).join(' ');
		for (const text of this.#recording.stores.flatMap(store => store.notes())) {
			note(text);
		}

		if (nothing !== undefined) {
			note(`${names} cannot be read: ${nothing}`);
			return finish(this.#writer, true);
		}

		if (malformed !== undefined) {
			note(notedSentence(noEvents, malformed));
		}

		this.#printer.end();
		for (const {source, why} of problems) {
			note(`${source}: ${why}; what came before it was read`);
		}

		const ended = await finish(this.#writer, problems.length > 0);
		if (code !== exitCodes.success) {
			return code;
		}

		return this.#printer.isFound && ended === exitCodes.success ? exitCodes.found : ended;
	}
}
