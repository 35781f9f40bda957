/** The events of one stream: recorded, judged once, and handed to the store with their facts. Nothing here may wait. */

import {Arrival} from '../store/arrival.js';
import type {Keep} from '../store/keep.js';
import type {EventsSink} from '../tetragon/agent/link.js';
import type {PolicyStatus} from '../tetragon/agent/policy.js';
import type {EventSink} from './event-sink.js';

/** A recording in progress. Bytes may be reused after the call. */
export type Tap = {
	readonly frame: (bytes: Uint8Array) => void;
	readonly line: (line: Uint8Array) => void;
	/** The policy list of a node, by the name that its events use; its modes distinguish KILLED from WOULD-KILL. */
	readonly policies: (node: string, list: readonly PolicyStatus[], nowMs: number) => void;
};

export type EventStreamOptions = {
	readonly store: EventSink;
	/** The store's id of the node. */
	readonly node: number;
	/** Called for each event, before it is judged: a recording holds every event. */
	readonly tap: (() => Tap | undefined) | undefined;
	readonly keep: Keep;
	readonly now: () => number;
	/** Called before each event is handed on. */
	readonly arrived: (nowMs: number) => void;
	/** Called once, with node_name of the first event. */
	readonly named: (name: string) => void;
	/** In place of the store's: live events that wait for the past. */
	readonly take?: EventSink['take'] | undefined;
	/** Called after an event that asks for an enforcement. */
	readonly enforced?: () => void;
};

/** Lines whose text is kept, and how much of each. */
const mostShown = 10;
const mostText = 2000;

export class EventStream implements Omit<EventsSink, 'end' | 'room'> {
	readonly #options: EventStreamOptions;
	readonly #arrival = new Arrival();
	#events = 0;
	#lines = 0;
	#malformed = 0;
	/** node_name of the first event. */
	#name = '';
	/** The first lines that were no events, in words. */
	readonly #badLines: string[] = [];

	constructor(options: EventStreamOptions) {
		this.#options = options;
	}

	/** Events that arrived, kept or not. */
	get events(): number {
		return this.#events;
	}

	readonly frame: EventsSink['frame'] = bytes => {
		const nowMs = this.#begin();
		this.#options.tap?.()?.frame(bytes);
		this.#take(this.#arrival.frame(bytes), nowMs);
	};

	readonly event: EventsSink['event'] = (line, event) => {
		const nowMs = this.#begin();
		this.#options.tap?.()?.line(line);
		this.#lines++;
		this.#take(this.#arrival.line(line, event), nowMs);
	};

	readonly malformed: EventsSink['malformed'] = (line, why) => {
		this.#lines++;
		this.#malformed++;
		const {store, node} = this.#options;
		store.malformed(1, this.#lines);
		if (this.#badLines.length < mostShown) {
			const text = Buffer.from(line.subarray(0, mostText)).toString();
			this.#badLines.push(`line ${this.#lines}: ${why}: ${text}`);
		} else if (!/^10*$/.test(String(this.#malformed))) {
			return;
		}

		const what = this.#malformed === 1 ? '1 line is no event' : `${this.#malformed} lines are no events`;
		store.raise({
			id: `malformed/${node}`,
			severity: 'warning',
			what: `${what} (${this.#name === '' ? 'of one agent' : this.#name})`,
			why: this.#badLines.join('; '),
			fix: 'the others are shown',
		});
	};

	#begin(): number {
		const nowMs = this.#options.now();
		this.#options.arrived(nowMs);
		return nowMs;
	}

	#take(arrival: Arrival, nowMs: number): void {
		const {store, node, keep, named, enforced} = this.#options;
		if (this.#events++ === 0) {
			this.#name = arrival.facts.nodeName;
			named(this.#name);
		}

		const verdict = keep.judge(node, arrival);
		if (verdict === 'kept') {
			const {take = store.take.bind(store)} = this.#options;
			if (take(node, arrival, nowMs)) {
				enforced?.();
			}

			return;
		}

		if (arrival.isNoEvent) {
			// No filter may hide that an agent sends them.
			store.malformed(1, undefined);
			return;
		}

		store.pass(node, arrival, nowMs);
		if (verdict === 'own') {
			store.hide(node);
		}
	}
}
