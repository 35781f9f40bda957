/** Bytes of an export → the events of a span, a chunk's worth at a time. */
import type {PastEvent, PastSpan} from '../agent/node-past.js';
import {BadLine, readLine} from '../json/json-lines.js';
import {instantMs} from '../wire/timestamp.js';

/** No real event is longer. */
const longestLine = 10 * 1024 * 1024;
const newline = 0x0a;

export class PastLines {
	readonly #span: PastSpan;
	#begun: Buffer[] = [];
	#length = 0;
	/** The rest of a line that is too long. */
	#isSkipping = false;
	/** Lines that are no events; the first line may lack its start, where the newest bytes only are read. */
	malformed = 0;

	constructor(span: PastSpan) {
		this.#span = span;
	}

	push(chunk: Buffer): PastEvent[] {
		const events: PastEvent[] = [];
		let start = 0;
		for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
			this.#add(chunk.subarray(start, at));
			this.#end(events);
			start = at + 1;
		}

		this.#add(chunk.subarray(start));
		return events;
	}

	/** The input has ended. A last line without its newline is still being written: the stream has its event. */
	end(): void {
		this.#begun = [];
		this.#length = 0;
	}

	#add(part: Buffer): void {
		if (!this.#isSkipping && part.length > 0) {
			this.#begun.push(part);
			this.#length += part.length;
			if (this.#length > longestLine) {
				this.malformed++;
				this.#isSkipping = true;
				this.end();
			}
		}
	}

	#end(events: PastEvent[]): void {
		const wasSkipping = this.#isSkipping;
		this.#isSkipping = false;
		// Copied: a few lines of a chunk must not keep all of it.
		const line = Buffer.concat(this.#begun, this.#length);
		this.end();
		if (wasSkipping || line.length === 0) {
			return;
		}

		const event = readLine(line);
		if (event instanceof BadLine) {
			this.malformed++;
			return;
		}

		const timeMs = instantMs(event.time);
		if (timeMs >= this.#span.fromMs && timeMs < this.#span.toMs) {
			events.push({line, event});
		}
	}
}

/** The events of a stream of bytes. Throws what the stream throws. */
export async function* pastEvents(bytes: AsyncIterable<Buffer>, span: PastSpan): AsyncGenerator<readonly PastEvent[]> {
	const lines = new PastLines(span);
	for await (const chunk of bytes) {
		const events = lines.push(chunk);
		if (events.length > 0) {
			yield events;
		}
	}
}
