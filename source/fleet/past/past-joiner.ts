/**
Joins the past of the nodes with their live events. While the past of a node is read, its live events are held, within a time
and a number of bytes; then both go to the store in the order of time, each event once. A past that comes later than that is
taken when it comes.
*/
import {setImmediate as nextTurn} from 'node:timers/promises';
import {Arrival} from '../../store/arrival.js';
import type {FeedMarker} from '../../store/snapshot.js';
import type {FindPast, PastSpan, PastTexts} from '../../tetragon/agent/node-past.js';
import type {EventSink} from '../event-sink.js';
import {type HeldEvent, KeyCounts, keyOf} from './past-order.js';
import {PastWindow, type WindowOptions} from './past-window.js';
import {healedWords, liveWords, lostWords} from './past-words.js';

export type PastOptions = {
	readonly store: EventSink;
	/** Which events of the past are kept. */
	readonly isKept: (node: number, arrival: Arrival) => boolean;
	/** What is asked for when a node is first reached; undefined: nothing. */
	readonly span: PastSpan | undefined;
	/** The newest events that are wanted, of all nodes together; Infinity: all. */
	readonly last: number;
	readonly texts: () => PastTexts;
	/** Missing spans are asked for. */
	readonly heals: boolean;
	/** Milliseconds that live events wait for the past. */
	readonly patienceMs: number;
	/** Bytes of live events that wait, and of the past that is kept. */
	readonly mostBytes: number;
	readonly now?: () => number;
	/** Where the past of a node comes from, or why there is none. */
	readonly onPlace?: (node: number, words: string) => void;
	/** The past of all nodes that were reached first is here, or cannot be had. */
	readonly settled?: () => void;
};

export type Heal = {
	readonly fromMs: number;
	readonly toMs: number;
	/** Drawn where nothing can be brought back. */
	readonly marker: FeedMarker;
};

/** The stream, and the file, may have an event half a minute after its time. */
const overlapMs = 35_000;
/** A stream that delivers what waited in the agent's queue delivers it within this time. */
const lateLiveMs = 60_000;

export class PastJoiner {
	readonly #options: PastOptions;
	readonly #now: () => number;
	readonly #arrival = new Arrival();
	readonly #windows = new Map<number, PastWindow>();
	/** Events that were brought and may still come live, by node. */
	readonly #brought = new Map<number, {readonly keys: KeyCounts; untilMs: number}>();
	readonly #closing = new AbortController();
	#opening: PastWindow | undefined;
	readonly #finds = new Map<number, FindPast>();

	constructor(options: PastOptions) {
		this.#options = options;
		this.#now = options.now ?? Date.now;
	}

	/** A node is about to be reached for the first time. */
	expect(node: number, find: FindPast | undefined): void {
		if (find === undefined) {
			return;
		}

		this.#finds.set(node, find);
		if (this.#options.span === undefined || this.#windows.has(node)) {
			return;
		}

		if (this.#opening?.state !== 'holding') {
			this.#opening = this.#open({
				isOpening: true,
				marker: (window, isLate) => ({type: 'past', text: liveWords(window.brought, window.failures, isLate)}),
				ended: () => this.#options.settled?.(),
			});
		}

		this.#opening.pending.add(node);
		this.#windows.set(node, this.#opening);
	}

	/** The stream of the node is open: what comes from now on is live. */
	reached(node: number): void {
		const window = this.#windows.get(node);
		const {span} = this.#options;
		const find = this.#finds.get(node);
		if (window !== undefined && window === this.#opening && span !== undefined && find !== undefined) {
			window.wait();
			void this.#bring(node, find, span, window);
		}
	}

	/** The node cannot be reached now: the others do not wait for it. */
	failed(node: number): void {
		const window = this.#windows.get(node);
		if (window !== undefined && window === this.#opening) {
			window.done(node);
		}
	}

	/** Asks for a span that the stream did not deliver. Resolves with the number of events; undefined: none can be had. */
	async heal(node: number, heal: Heal): Promise<number | undefined> {
		const find = this.#finds.get(node);
		const {heals, mostBytes, store} = this.#options;
		if (find === undefined || !heals || this.#windows.has(node)) {
			store.rule(node, heal.marker, this.#now());
			return undefined;
		}

		const {promise, resolve} = Promise.withResolvers<number | undefined>();
		const window = this.#open({
			isOpening: false,
			marker: ({brought, failures}) => (failures.length > 0 ? heal.marker : healMarker(heal, brought[0])),
			ended: ({failures}, count) => resolve(failures.length > 0 ? undefined : count),
		});
		window.pending.add(node);
		this.#windows.set(node, window);
		window.wait();
		void this.#bring(node, find, {fromMs: heal.fromMs - overlapMs, toMs: Number.POSITIVE_INFINITY, mostBytes}, window);
		return promise;
	}

	/** A live event that is kept. Returns whether it asks for an enforcement, where that is known at once. */
	take(node: number, arrival: Arrival, nowMs: number): boolean {
		const window = this.#windows.get(node);
		const brought = this.#brought.get(node);
		if (window === undefined && brought === undefined) {
			return this.#options.store.take(node, arrival, nowMs);
		}

		const key = keyOf(arrival.facts);
		if (brought !== undefined && this.#isBrought(node, brought, key, nowMs)) {
			return false;
		}

		return window === undefined
			? this.#options.store.take(node, arrival, nowMs)
			: window.take(node, arrival, key, nowMs);
	}

	/** A rule about the live stream of a node. */
	rule(node: number, rule: FeedMarker, nowMs: number): void {
		const window = this.#windows.get(node);
		if (window === undefined) {
			this.#options.store.rule(node, rule, nowMs);
		} else {
			window.rule(node, rule, nowMs);
		}
	}

	close(): void {
		this.#closing.abort();
		for (const window of this.#windows.values()) {
			window.stop();
		}
	}

	#isBrought(node: number, brought: {readonly keys: KeyCounts; untilMs: number}, key: string, nowMs: number): boolean {
		if (nowMs > brought.untilMs || brought.keys.size === 0) {
			this.#brought.delete(node);
			return false;
		}

		return brought.keys.take(key);
	}

	#open({isOpening, marker, ended}: Pick<WindowOptions, 'isOpening' | 'marker' | 'ended'>): PastWindow {
		const {store, patienceMs, mostBytes, last} = this.#options;
		return new PastWindow({
			store,
			patienceMs,
			mostBytes,
			last: isOpening ? last : Number.POSITIVE_INFINITY,
			now: this.#now,
			isOpening,
			marker,
			given: past => this.#expectLive(past),
			ended: (window, count) => {
				for (const [node] of [...this.#windows].filter(([, of]) => of === window)) {
					this.#windows.delete(node);
				}

				ended(window, count);
			},
		});
	}

	/** Never rejects. */
	async #bring(node: number, find: FindPast, span: PastSpan, window: PastWindow): Promise<void> {
		const {isKept, texts, onPlace} = this.#options;
		const {signal} = this.#closing;
		try {
			const {words, leftOut, open} = await find(signal);
			onPlace?.(node, words);
			window.brought.push({count: 0, node, words, leftOut});
			for await (const batch of open(span, texts(), signal)) {
				for (const {line, event} of batch) {
					const arrival = this.#arrival.line(line, event);
					if (isKept(node, arrival)) {
						window.bring(node, arrival);
					}
				}

				await nextTurn();
			}
		} catch (error) {
			const {what, why} = error as {what?: string; why?: string};
			const text = why === undefined ? `no past: ${(error as Error).message}` : `${what}: ${why}`;
			onPlace?.(node, text);
			window.failures.push(text);
		}

		if (!signal.aborted) {
			window.done(node);
		}
	}

	#expectLive(past: readonly HeldEvent[]): void {
		const nowMs = this.#now();
		for (const {node, key, timeMs} of past) {
			if (timeMs > nowMs - 10 * lateLiveMs) {
				const brought = this.#brought.get(node) ?? {keys: new KeyCounts(), untilMs: 0};
				brought.untilMs = nowMs + lateLiveMs;
				brought.keys.add(key);
				this.#brought.set(node, brought);
			}
		}
	}
}

/** A gap is healed when its place was read; where the agent dropped events, only what was brought back says so. */
function healMarker(heal: Heal, brought: PastWindow['brought'][number] | undefined): FeedMarker {
	if (brought === undefined || (brought.count === 0 && heal.marker.type !== 'gap')) {
		return heal.marker;
	}

	const {marker} = heal;
	return {type: 'past', text: marker.type === 'lost' ? lostWords(marker.count, brought) : healedWords(heal, brought)};
}
