/** Lines of several writers, mixed: parts of a line are joined within one writer, and the events come by their own time. */
import {FormReader, type FormSink} from './forms/form-reader.js';

/** More writers than a cluster has nodes. */
const mostWriters = 20_000;

export class WrittenForms {
	readonly #sink: FormSink;
	readonly #writers = new Map<string, FormReader>();
	/** Events by the name of their form. */
	readonly forms = new Map<string, number>();
	#lines = 0;

	constructor(sink: FormSink) {
		this.#sink = {...sink, bad: (why, text) => sink.bad(why, text, this.#lines)};
	}

	push(writer: string, line: string): void {
		this.#lines++;
		let forms = this.#writers.get(writer);
		if (forms === undefined) {
			const [oldest] = this.#writers.keys();
			if (this.#writers.size >= mostWriters && oldest !== undefined) {
				this.#end(oldest);
			}

			forms = new FormReader(this.#sink);
			this.#writers.set(writer, forms);
		}

		forms.push(Buffer.from(`${line}\n`));
	}

	/** No line follows: open parts are cut off. */
	end(): void {
		for (const writer of [...this.#writers.keys()]) {
			this.#end(writer);
		}
	}

	#end(writer: string): void {
		const forms = this.#writers.get(writer);
		forms?.end();
		this.#writers.delete(writer);
		for (const [form, count] of forms?.forms ?? []) {
			this.forms.set(form, (this.forms.get(form) ?? 0) + count);
		}
	}
}

type Timed = {readonly timeMs: number};

/** A store has an event when its writer was read: writers that are late by less come in order. */
const lateMs = 2000;

export class EventOrder<Item extends Timed> {
	#held: Item[] = [];
	#newestMs = Number.NEGATIVE_INFINITY;

	/** Returns what no event of a later page is expected to be before; with `isLast` everything. Items without a time stay in place. */
	add(items: readonly Item[], isLast: boolean): readonly Item[] {
		const all = [...this.#held, ...items];
		let last = Number.NEGATIVE_INFINITY;
		const timed = all.map(item => {
			last = Number.isNaN(item.timeMs) ? last : item.timeMs;
			return {item, ms: last};
		});
		timed.sort((one, other) => (one.ms === other.ms ? 0 : one.ms - other.ms));
		this.#newestMs = Math.max(this.#newestMs, timed.at(-1)?.ms ?? Number.NEGATIVE_INFINITY);
		const sorted = timed.map(({item}) => item);
		const from = isLast ? sorted.length : timed.findIndex(({ms}) => ms > this.#newestMs - lateMs);
		const cut = from === -1 ? sorted.length : from;
		this.#held = sorted.slice(cut);
		return sorted.slice(0, cut);
	}
}
