/** The event sink of a fleet without a screen: events become lines of standard output, everything else notes of standard error. */
import type {EventSink, NodeChange} from '../../fleet/event-sink.js';
import type {Form} from '../../headless/form.js';
import type {LineWriter} from '../../headless/line-writer.js';
import type {Problem} from '../../problem.js';
import type {Arrival} from '../../store/arrival.js';
import type {FeedMarker} from '../../store/snapshot.js';
import type {Recorder} from '../recorder.js';
import {LineFaults, note} from '../terminal/lines.js';
import {BadFrames} from './bad-frames.js';
import {HoldNote} from './hold-note.js';
import type {FleetMode} from './mode.js';

export class EventLines implements EventSink {
	readonly #mode: FleetMode;
	readonly #form: Form;
	readonly #writer: LineWriter;
	readonly #fail: () => void;
	readonly faults = new LineFaults();
	readonly badFrames = new BadFrames(note);
	/** Names of nodes by their id. */
	readonly #names: string[] = [];
	/** The last note of each problem, so that it is written once. */
	readonly #notes = new Map<string, string>();
	#hasStreamed = false;
	readonly #held: HoldNote;
	readonly #recorder: Pick<Recorder, 'room'> | undefined;

	/** `fail` ends the program with the exit code of a failure. */
	constructor(mode: FleetMode, form: Form, writer: LineWriter, fail: () => void, recorder?: Pick<Recorder, 'room'>) {
		this.#recorder = recorder;
		this.#mode = mode;
		this.#form = form;
		this.#writer = writer;
		this.#fail = fail;
		this.#held = new HoldNote(note);
	}

	room(): Promise<void> | undefined {
		const room = this.#writer.drained();
		return room === undefined ? this.#recorder?.room() : this.#held.until(room);
	}

	openNode(name: string): number {
		const known = this.#names.indexOf(name);
		return known === -1 ? this.#names.push(name) - 1 : known;
	}

	setNode(_node: number, {state}: NodeChange): void {
		this.#hasStreamed ||= state === 'streaming' || state === 'quiet';
	}

	renameNode(node: number, name: string): void {
		this.#names[node] = name;
	}

	take(node: number, arrival: Arrival): boolean {
		const {bytes, event} = arrival;
		this.faults.guard(() => {
			if (event === undefined) {
				const kind = this.#writer.add(this.#form.frame, bytes);
				if (arrival.isNoEvent || kind === 'no event') {
					this.badFrames.add(this.nameOf(node), bytes);
				}
			} else {
				this.#writer.add(this.#form.event, event);
			}
		});
		return false;
	}

	pass(): void {}

	setRequest(): void {}

	hide(): void {}

	takeDump(): readonly [] {
		return [];
	}

	takePolicies(): void {}

	setLostServer(): void {}

	/** The end of the stream is a note of its own. */
	shed(): void {}

	rule(node: number, marker: FeedMarker): void {
		const text = markerNote(marker);
		if (text !== undefined) {
			note(`${this.nameOf(node)}: ${text}`);
		}
	}

	/** Of lines the stream raises a problem that has their text, too. */
	malformed(_count: number, line: number | undefined): void {
		if (line === undefined) {
			this.badFrames.add('');
		}
	}

	raise(problem: Problem): void {
		const text = `${problem.what}: ${problem.why}; ${problem.fix}`;
		if (this.#notes.get(problem.id) === text) {
			return;
		}

		this.#notes.set(problem.id, text);
		// The lines of what to do are those of tetratop: YAML can be copied.
		const [first = '', ...more] = problem.fix.split('\n');
		note(`${problem.what}: ${problem.why}; ${first}`, ...more);
		if (this.#isFatal(problem)) {
			this.#fail();
		}
	}

	settle(id: string): void {
		this.#notes.delete(id);
	}

	/**
	An address that never answered ends the program, and so does an error about it at any time. In a cluster only an error
	before the first stream does, unless it is about one node: the other nodes go on, and a lost node may return. A name, a pod
	or a node that is not there yet is waited for, unless --no-wait is given.
	*/
	#isFatal({severity, id, isAwaited = false}: Problem): boolean {
		// A recording that ends does not end the lines.
		if (id === 'record') {
			return false;
		}

		if (isAwaited && !this.#hasStreamed) {
			return this.#mode.options.noWait === true;
		}

		if (this.#mode.isSingle === true) {
			return severity === 'error' || !this.#hasStreamed;
		}

		return severity === 'error' && !this.#hasStreamed && !id.startsWith('node/');
	}

	/** The name of a node by its id. */
	nameOf(node: number): string {
		return this.#names[node] ?? '';
	}
}

/** undefined: a marker that says nothing about missing events. */
function markerNote(marker: FeedMarker): string | undefined {
	switch (marker.type) {
		case 'gap': {
			const seconds = Math.max(1, Math.round((marker.toMs - marker.fromMs) / 1000));
			return `${marker.reason}; the events of ${seconds} s are missing`;
		}

		case 'restart':
			return marker.reason;
		case 'past':
			return marker.text;
		case 'lost':
			return `${marker.count} events are lost: ${marker.reason}`;
		case 'stalled': {
			const seconds = Math.round((marker.toMs - marker.fromMs) / 1000);
			return `tetratop did not run for ${seconds} s; what the agent dropped meanwhile is missing`;
		}

		default:
			return undefined;
	}
}
