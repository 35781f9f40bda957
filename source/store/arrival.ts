/** One event on its way in: its bytes, and the facts in them. */
import {Buffer} from 'node:buffer';
import type {Event} from '../tetragon/event/event.js';
import type {Facts, Format} from '../tetragon/event/facts.js';
import {factsOfEvent} from '../tetragon/wire/facts-of-event.js';
import {newFacts} from '../tetragon/wire/new-facts.js';
import {scanFrame} from '../tetragon/wire/scan.js';
import {asBuffer} from '../tetragon/wire/wire.js';

/**
An event is scanned when its facts are first read, and never twice: the filters, the store and the recorder share them.
One instance serves a whole stream, so its values are valid until the next event only.
*/
export class Arrival {
	/** The GetEventsResponse or the JSON line. They belong to the sender: copy what is kept. */
	bytes: Buffer = Buffer.alloc(0);
	format: Format = 'protobuf';
	/** The parsed line; undefined for a frame. */
	event: Event | undefined;
	/** It was brought from what the node keeps: it does not arrive now. */
	isPast = false;
	readonly #facts = newFacts();
	#isScanned = false;

	/** Points at a GetEventsResponse in protobuf. */
	frame(bytes: Uint8Array): this {
		this.bytes = asBuffer(bytes);
		this.format = 'protobuf';
		this.event = undefined;
		this.isPast = false;
		this.#isScanned = false;
		return this;
	}

	/** Points at a JSON line and what it parsed to. */
	line(line: Uint8Array, event: Event): this {
		this.bytes = asBuffer(line);
		this.format = 'json';
		this.event = event;
		this.isPast = false;
		this.#isScanned = false;
		return this;
	}

	/** Bytes that are no event, and an event of no kind. An agent that is newer than this build has kinds with other numbers. */
	get isNoEvent(): boolean {
		const {kind, kindNumber} = this.facts;
		return kind === 'unknown' && this.format === 'protobuf' && kindNumber <= 0;
	}

	get facts(): Facts {
		if (!this.#isScanned) {
			this.#isScanned = true;
			if (this.event === undefined) {
				scanFrame(this.bytes, this.#facts);
			} else {
				factsOfEvent(this.event, this.#facts);
			}
		}

		return this.#facts;
	}
}
