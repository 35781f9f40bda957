/** A store as a source of a recording: its lines go the way of the lines of a file. */
import {Refusal} from '../problem.js';
import type {Source, WrittenLine} from '../recording/source.js';
import {History} from './history.js';
import {type Entry, type HistoryStore, type NsSpan, nsPerMs} from './store-record.js';

export type Reading = {
	readonly span: NsSpan;
	/** Entries so much after the span belong to it: the clock of the store may be ahead of ours. */
	readonly slackNs?: bigint;
	/** Goes on after the end of the span. */
	readonly isFollowed: boolean;
	/** The filter of the store, see HistoryStore.pushDown. */
	readonly filter?: string | undefined;
	/** The newest lines that are wanted; undefined: all. */
	readonly last?: number | undefined;
	/** Newest first, and not more bytes than these; they are given oldest first. undefined: oldest first, in a stream. */
	readonly newestBytes?: number | undefined;
	readonly nowNs?: () => bigint;
	/** The store cannot be asked at the moment, in words. */
	readonly failed?: (why: string) => void;
};

const pageLines = 500;
const screenLines = 200;
/** What begins an event, in whatever envelope. */
const eventStart = /\{\\*"(?:process_|rate_limit_info|throttle)/;

export class StoreReading {
	readonly #store: HistoryStore;
	readonly #reading: Reading;
	readonly #controller = new AbortController();
	readonly history: History;
	#opened: Promise<void> | undefined;
	#at: bigint;
	/** Older lines that --buffer had no room for. */
	#isCut = false;

	constructor(store: HistoryStore, reading: Reading) {
		this.#store = store;
		this.#reading = reading;
		this.history = new History(store, this.#controller.signal, reading.filter);
		this.#at = reading.newestBytes === undefined ? reading.span.from : reading.span.to;
	}

	get name(): string {
		return this.#store.name;
	}

	/** What is to be said after everything was read. */
	notes(): readonly string[] {
		const {repeats, cutTies} = this.history.counts;
		return [
			...this.#store.words.notes(),
			...(repeats === 0
				? []
				: [`${repeats} lines came twice, since a shipper has read its file again, and are shown once`]),
			...(cutTies === 0 ? [] : [`${cutTies} nanoseconds have more entries than ${this.name} gives: some are missing`]),
			...(this.#isCut ? ['older events of the span are left out: --buffer has no room for them'] : []),
		];
	}

	source(): Source {
		return {
			name: this.name,
			// A seek back would ask the store for everything again.
			isFile: false,
			bytes: undefined,
			open: () => {
				throw new Error('a store has no bytes');
			},
			lines: {
				read: () => this.#inWords(this.#lines()),
				progress: () => this.#progress(),
				nothing: () => this.#store.words.nothing(this.#reading.span),
				close: () => this.close(),
				isFollowed: this.#reading.isFollowed,
			},
		};
	}

	/** The newest page, for the first screen; it is read once more with all. */
	async newest(): Promise<readonly WrittenLine[]> {
		await this.#open();
		const first = new History(this.#store, this.#controller.signal, this.#reading.filter);
		const pages: Array<readonly Entry[]> = [];
		let lines = 0;
		for await (const page of first.backward(this.#whole)) {
			pages.push(page);
			lines += page.length;
			if (lines >= screenLines) {
				break;
			}
		}

		return pages.toReversed().flat();
	}

	/** Ends every request. */
	close(): void {
		this.#controller.abort();
		this.#store.close();
	}

	#open(): Promise<void> {
		this.#opened ??= this.#store.open();
		return this.#opened;
	}

	async *#lines(): AsyncGenerator<readonly Entry[]> {
		await this.#open();
		const {span, isFollowed, last, newestBytes, nowNs = now, failed = () => {}} = this.#reading;
		const whole = this.#whole;
		const held = newestBytes !== undefined || last !== undefined;
		for await (const page of held ? this.#held() : this.history.forward(whole)) {
			this.#at = held ? this.#at : (page.at(-1)?.ns ?? this.#at);
			yield page;
		}

		if (isFollowed) {
			const {newestNs} = this.history.counts;
			yield* this.history.follow(newestNs > 0n ? newestNs : span.to, nowNs, error => failed(wordsOfStore(error)));
		}

		if (!this.#controller.signal.aborted) {
			this.#store.close();
		}
	}

	/** Reads from the newest on, as far as there is room, and gives it from the oldest on. */
	async *#held(): AsyncGenerator<readonly Entry[]> {
		const {last = Number.POSITIVE_INFINITY, newestBytes = Number.POSITIVE_INFINITY} = this.#reading;
		const pages: Array<readonly Entry[]> = [];
		let bytes = 0;
		let events = 0;
		for await (const page of this.history.backward(this.#whole)) {
			pages.push(page);
			this.#at = page[0]?.ns ?? this.#at;
			bytes += page.reduce((sum, {line}) => sum + line.length, 0);
			events += page.filter(({line}) => eventStart.test(line)).length;
			if (bytes > newestBytes || events >= last) {
				this.#isCut = bytes > newestBytes;
				break;
			}
		}

		for (let page = pages.pop(); page !== undefined; page = pages.pop()) {
			for (let at = 0; at < page.length; at += pageLines) {
				yield this.history.once(page.slice(at, at + pageLines));
			}
		}
	}

	get #whole(): NsSpan {
		const {span, slackNs = 0n} = this.#reading;
		return {from: span.from, to: span.to + slackNs};
	}

	#progress(): number | undefined {
		const {span, newestBytes} = this.#reading;
		const all = Number((span.to - span.from) / nsPerMs);
		const done = Number((newestBytes === undefined ? this.#at - span.from : span.to - this.#at) / nsPerMs);
		return all > 0 ? Math.min(1, Math.max(0, done / all)) : undefined;
	}

	async *#inWords(pages: AsyncGenerator<readonly Entry[]>): AsyncGenerator<readonly Entry[]> {
		try {
			yield* pages;
		} catch (error) {
			if (!this.#controller.signal.aborted) {
				throw new Error(wordsOfStore(error));
			}
		}
	}
}

function wordsOfStore(error: unknown): string {
	return error instanceof Refusal
		? `${error.why}; ${error.fix}`
		: error instanceof Error
			? error.message
			: String(error);
}

function now(): bigint {
	return BigInt(Date.now()) * nsPerMs;
}
