/** What comes down one event stream: counted, filtered once more, and handed to the store. Nothing here may wait. */

import type {EventsSink} from '../tetragon/agent/link.js';
import type {PolicyStatus} from '../tetragon/agent/policy.js';
import type {Facts} from '../tetragon/event/facts.js';
import {factsOfEvent} from '../tetragon/event/facts-of-event.js';
import {newFacts, scanFrame} from '../tetragon/wire/scan.js';
import type {EventSink} from './event-sink.js';

/** What a recording is given: bytes that may be reused after the call. */
export type Tap = {
	readonly frame: (bytes: Uint8Array) => void;
	readonly line: (line: Uint8Array) => void;
	/** ListTracingPolicies of the node that events call so: the modes that tell a kill from a would-be one. */
	readonly policies: (node: string, list: readonly PolicyStatus[], nowMs: number) => void;
};

export type EventStreamOptions = {
	readonly store: EventSink;
	/** The store's id of the node. */
	readonly node: number;
	readonly tap: (() => Tap | undefined) | undefined;
	/** undefined: everything. */
	readonly wanted: ((facts: Facts) => boolean) | undefined;
	readonly now: () => number;
	/** Before each event is handed on. */
	readonly arrived: (nowMs: number) => void;
	/** node_name of the first event. */
	readonly named: (name: string) => void;
};

export class EventStream implements Omit<EventsSink, 'end'> {
	readonly #options: EventStreamOptions;
	readonly #facts = newFacts();
	#events = 0;
	#lines = 0;

	constructor(options: EventStreamOptions) {
		this.#options = options;
	}

	/** Events that came, wanted or not. */
	get events(): number {
		return this.#events;
	}

	readonly frame: EventsSink['frame'] = bytes => {
		const {store, node, tap, wanted, now, arrived, named} = this.#options;
		const nowMs = now();
		arrived(nowMs);
		tap?.()?.frame(bytes);
		const first = this.#events++ === 0;
		if (first || wanted) {
			scanFrame(bytes, this.#facts);
		}

		if (first) {
			named(this.#facts.nodeName);
		}

		if (wanted === undefined || wanted(this.#facts)) {
			store.takeFrame(node, bytes, nowMs);
		}
	};

	readonly event: EventsSink['event'] = (line, event) => {
		const {store, node, tap, wanted, now, arrived, named} = this.#options;
		const nowMs = now();
		arrived(nowMs);
		tap?.()?.line(line);
		this.#lines++;
		if (this.#events++ === 0) {
			named(event.node_name ?? '');
		}

		if (wanted) {
			factsOfEvent(event, this.#facts);
		}

		if (wanted === undefined || wanted(this.#facts)) {
			store.takeEvent(node, line, event, nowMs);
		}
	};

	readonly malformed: EventsSink['malformed'] = () => {
		this.#lines++;
		this.#options.store.malformed(1, this.#lines);
	};
}
