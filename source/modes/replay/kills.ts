/** `tetratop kills`: one report for each enforcement of a recording, by the store and the words of the screen. */
import process from 'node:process';
import {exitCodes} from '../../exit-codes.js';
import type {LineWriter} from '../../headless/line-writer.js';
import type {Options} from '../../options/options.js';
import {type RecordedEvent, RecordingReader} from '../../recording/reader.js';
import {Arrival} from '../../store/arrival.js';
import type {Enforcement} from '../../store/processes/process.js';
import type {KillGroup} from '../../store/snapshot.js';
import {Store} from '../../store/store.js';
import {safe} from '../../text/safe.js';
import type {Span} from '../span.js';
import {type Recording, recordingOf} from '../stores.js';
import {finish, note, openLines} from '../terminal/lines.js';
import {UsageError} from '../usage-error.js';
import {csvHeader, csvReport, jsonReport, type KillSource, textReport} from './kill-report.js';
import {noEvents, notedSentence} from './noted-lines.js';

/** With --follow: how often it is looked for new ones, and the longest wait for the exit that proves one. */
const lookMs = 250;
const proofWaitMs = 3000;
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
	readonly #span: Span;
	readonly #store: Store;
	readonly #nodes = new Map<string, number>();
	readonly #arrival = new Arrival();
	readonly #reader: RecordingReader;
	readonly #recording: Recording;
	readonly #writer: LineWriter;
	readonly #redact: (text: string) => string;
	readonly #printed = new Set<Enforcement>();
	/** When a kill was first seen, on the wall clock. */
	readonly #since = new Map<Enforcement, number>();
	#newestMs = Number.NEGATIVE_INFINITY;
	#isFound = false;

	constructor(options: Options, recording: Recording) {
		this.#options = options;
		this.#recording = recording;
		this.#span = recording.span;
		this.#redact = redactor(options.redact ?? []);
		this.#store = new Store({bufferBytes: 16 * 1024 * 1024});
		this.#reader = new RecordingReader(recording.sources);
		this.#writer = openLines();
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
		if (this.#options.output === 'csv') {
			this.#writer.write(csvHeader);
		}

		const timer = this.#options.follow ? setInterval(() => this.#look(), lookMs) : undefined;
		for await (const batch of this.#reader.events()) {
			for (const recorded of batch) {
				this.#take(recorded);
			}

			await this.#writer.drained();
		}

		clearInterval(timer);
		this.#store.tick(this.#newestMs + settleMs);
		this.#print(() => true);
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

	/** Prints what is proven, or has waited long enough for its proof. */
	#look(): void {
		const now = Date.now();
		this.#print(kill => {
			const since = this.#since.get(kill) ?? now;
			this.#since.set(kill, since);
			return Number.isFinite(kill.exitMs) || now - since >= proofWaitMs;
		});
	}

	#print(isReady: (kill: Enforcement) => boolean): void {
		const found = this.#store.kills().groups.flatMap(group => group.kills.map(kill => ({kill, group})));
		found.sort((one, other) => one.kill.timeMs - other.kill.timeMs);
		for (const {kill, group} of found) {
			const isIn = kill.timeMs >= this.#span.fromMs && kill.timeMs < this.#span.toMs;
			if (isIn && !this.#printed.has(kill) && isReady(kill)) {
				this.#printed.add(kill);
				this.#report(kill, group);
			}
		}
	}

	#report(kill: Enforcement, group: KillGroup): void {
		this.#isFound ||= (this.#options.failOn ?? []).some(word => isState(word, kill));
		const event = kill.seq < 0 ? undefined : this.#store.event(kill.seq);
		const source: KillSource = {kill, group, event, nodeName: this.#store.nodeName(kill.node), redact: this.#redact};
		switch (this.#options.output) {
			case 'json': {
				const line = jsonReport(source);
				// JSON leaves C1 controls and marks of direction as they are.
				this.#writer.write(process.stdout.isTTY ? safe(line) : line);
				break;
			}

			case 'csv': {
				this.#writer.write(safe(csvReport(source)));
				break;
			}

			default: {
				const lines = textReport(source).map(line => safe(line));
				this.#writer.write([...(this.#printed.size > 1 ? [''] : []), ...lines].join('\n'));
			}
		}
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

		const dropped = this.#store
			.kills()
			.groups.reduce((sum, {count, kills}) => sum + Math.max(0, count - kills.length), 0);
		if (dropped > 0) {
			note(`${dropped} older kills of the same pod, program and policy are counted on the screen and not listed`);
		}

		for (const {source, why} of problems) {
			note(`${source}: ${why}; what came before it was read`);
		}

		const ended = await finish(this.#writer, problems.length > 0);
		if (code !== exitCodes.success) {
			return code;
		}

		return this.#isFound && ended === exitCodes.success ? exitCodes.found : ended;
	}
}

function isState(word: string, {state}: Enforcement): boolean {
	switch (word) {
		case 'killed': {
			return state === 'KILLED';
		}

		case 'denied': {
			return state === 'DENIED';
		}

		case 'would': {
			return state.startsWith('WOULD');
		}

		default: {
			return state === 'UNSEEN';
		}
	}
}

/** Throws a UsageError for what is no regular expression. */
function redactor(patterns: readonly string[]): (text: string) => string {
	const all = patterns.map(pattern => {
		try {
			return new RegExp(pattern, 'g');
		} catch {
			throw new UsageError(`--redact ${pattern}`, 'it is no regular expression', 'correct it', false);
		}
	});
	return text =>
		all.reduce(
			(left, pattern) =>
				left.replaceAll(pattern, (whole: string, first: unknown) =>
					typeof first === 'string' && first !== '' ? whole.replace(first, '***') : '***',
				),
			text,
		);
}
