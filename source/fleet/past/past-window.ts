/** A time in which live events of one or more nodes wait for what the nodes keep of the past. */
import {setImmediate as nextTurn} from 'node:timers/promises';
import {Arrival} from '../../store/arrival.js';
import type {FeedMarker} from '../../store/snapshot.js';
import type {EventSink} from '../event-sink.js';
import {type HeldEvent, inOrderOfTime, KeyCounts, keyOf, newestOf, withoutLive} from './past-order.js';
import type {Brought} from './past-words.js';

export type WindowOptions = {
	readonly store: EventSink;
	/** Milliseconds that live events wait for the past. */
	readonly patienceMs: number;
	/** Bytes of live events that wait, and of the past that is kept. */
	readonly mostBytes: number;
	/** The newest events that are wanted. */
	readonly last: number;
	readonly now: () => number;
	/** true: the line is drawn where live begins; false: before what was brought back. */
	readonly isOpening: boolean;
	readonly marker: (window: PastWindow, isLate: boolean) => FeedMarker | undefined;
	/** What was given to the store, before it is given. */
	readonly given: (past: readonly HeldEvent[]) => void;
	/** Nobody waits any more. */
	readonly ended: (window: PastWindow, count: number) => void;
};

/** Milliseconds of work before the event loop has its turn. */
const sliceMs = 8;

export class PastWindow {
	/** Nodes whose past is not here yet. */
	readonly pending = new Set<number>();
	readonly brought: Array<Brought & {readonly node: number; count: number}> = [];
	/** Why there is no past, a sentence for each node. */
	readonly failures: string[] = [];
	/** `open`: live events go to the store, and the past comes late. */
	state: 'holding' | 'draining' | 'open' = 'holding';
	readonly #options: WindowOptions;
	readonly #held: HeldEvent[] = [];
	#heldBytes = 0;
	readonly #past: HeldEvent[] = [];
	#pastBytes = 0;
	/** Keys of the live events by node. */
	readonly #live = new Map<number, KeyCounts>();
	readonly #arrival = new Arrival();
	#timer: NodeJS.Timeout | undefined;
	#count = 0;
	/** Live events went to the store before the past. */
	#hasShown = false;
	/** Rules of the live stream. */
	readonly #rules: Array<readonly [number, FeedMarker, number]> = [];

	constructor(options: WindowOptions) {
		this.#options = options;
	}

	/** The time that live events wait begins now. */
	wait(): void {
		this.#timer ??= setTimeout(() => void this.#release(), this.#options.patienceMs);
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	/** A live event. Returns what the store says of it; false where it waits. */
	take(node: number, arrival: Arrival, key: string, nowMs: number): boolean {
		const {store, mostBytes} = this.#options;
		if (!this.#isKnown) {
			this.#liveOf(node).add(key);
		}

		if (this.state === 'open') {
			this.#hasShown = true;
			return store.take(node, arrival, nowMs);
		}

		this.#held.push(heldOf(node, arrival, key, false));
		this.#heldBytes += arrival.bytes.length;
		if (this.#heldBytes > mostBytes && this.state === 'holding') {
			void this.#release();
		}

		return false;
	}

	/** A rule of the live stream: it waits as the events do. */
	rule(node: number, rule: FeedMarker, nowMs: number): void {
		if (this.state === 'open') {
			this.#options.store.rule(node, rule, nowMs);
		} else {
			this.#rules.push([node, rule, nowMs]);
		}
	}

	/** An event of the past. */
	bring(node: number, arrival: Arrival): void {
		const {mostBytes} = this.#options;
		this.#past.push(heldOf(node, arrival, keyOf(arrival.facts), true));
		this.#pastBytes += arrival.bytes.length;
		if (this.#pastBytes > 2 * mostBytes) {
			this.#past.sort((one, other) => one.timeMs - other.timeMs);
			this.#past.splice(0, this.#past.length - newestOf(this.#past, mostBytes, this.#options.last).length);
			this.#pastBytes = this.#past.reduce((sum, {bytes}) => sum + bytes.length, 0);
		}
	}

	/** The past of the node is here, or cannot be had. */
	done(node: number): void {
		if (this.pending.delete(node) && (this.pending.size === 0 || this.state === 'open')) {
			void this.#release();
		}
	}

	/** The store says itself what came live: before the window was opened, too. */
	get #isKnown(): boolean {
		return !this.#options.isOpening && this.#options.store.known !== undefined;
	}

	#liveOf(node: number): KeyCounts {
		const keys = this.#live.get(node) ?? new KeyCounts();
		this.#live.set(node, keys);
		return keys;
	}

	/** Live events that come meanwhile are held until the last one is in the store. */
	async #release(): Promise<void> {
		if (this.state === 'draining') {
			return;
		}

		const isLate = this.#hasShown;
		this.state = 'draining';
		this.stop();
		const isWhole = this.pending.size === 0;
		const past = await this.#fresh();
		const line = new Once(() => this.#draw(isLate));
		if (!isWhole) {
			this.#drawRules();
			line.skip();
		} else if (!this.#options.isOpening) {
			line.draw();
		}

		for (let events = inOrderOfTime(past, this.#held.splice(0)); events.length > 0; events = this.#held.splice(0)) {
			await this.#give(events, line);
		}

		line.draw();
		this.#over(isWhole);
	}

	/** The past without what came live, in the order of time. */
	async #fresh(): Promise<readonly HeldEvent[]> {
		const {mostBytes, last, given} = this.#options;
		await this.#readKnown();
		const past = newestOf(
			withoutLive(this.#past.splice(0), node => this.#live.get(node)),
			mostBytes,
			last,
		);
		this.#pastBytes = 0;
		for (const {node} of past) {
			const brought = this.brought.find(one => one.node === node);
			if (brought !== undefined) {
				brought.count++;
			}
		}

		this.#count += past.length;
		given(past);
		return past;
	}

	async #readKnown(): Promise<void> {
		const {store} = this.#options;
		if (!this.#isKnown || this.#past.length === 0) {
			return;
		}

		for (const {node, key} of this.#held) {
			this.#liveOf(node).add(key);
		}

		const times = new Set(this.#past.map(({timeMs}) => timeMs));
		for (const node of new Set(this.#past.map(one => one.node))) {
			let sinceMs = performance.now();
			for (const facts of store.known?.(node, times) ?? []) {
				if (facts !== undefined) {
					this.#liveOf(node).add(keyOf(facts));
				}

				if (performance.now() - sinceMs > sliceMs) {
					await nextTurn();
					sinceMs = performance.now();
				}
			}
		}
	}

	async #give(events: readonly HeldEvent[], line: Once): Promise<void> {
		const {store, now} = this.#options;
		let sinceMs = performance.now();
		for (const {node, bytes, event, isPast} of events) {
			if (!isPast) {
				line.draw();
				this.#hasShown = true;
			}

			const arrival = event === undefined ? this.#arrival.frame(bytes) : this.#arrival.line(bytes, event);
			arrival.isPast = isPast;
			store.take(node, arrival, now());
			if (performance.now() - sinceMs > sliceMs) {
				await nextTurn();
				sinceMs = performance.now();
			}
		}
	}

	#drawRules(): void {
		for (const [node, rule, nowMs] of this.#rules.splice(0)) {
			this.#options.store.rule(node, rule, nowMs);
		}
	}

	#draw(isLate: boolean): void {
		const {store, marker, now} = this.#options;
		const rule = marker(this, isLate);
		const nodes = new Set(this.brought.map(({node}) => node));
		this.#drawRules();
		if (rule !== undefined) {
			store.rule(nodes.size === 1 ? ([...nodes][0] ?? -1) : -1, rule, now());
		}
	}

	#over(wasWhole: boolean): void {
		this.#heldBytes = 0;
		this.state = 'open';
		if (!wasWhole && this.pending.size === 0) {
			// The last past came while this was done.
			void this.#release();
		} else if (wasWhole) {
			this.#options.ended(this, this.#count);
		}
	}
}

/** A line that is drawn at most once. */
class Once {
	readonly #draw: () => void;
	#isOver = false;

	constructor(draw: () => void) {
		this.#draw = draw;
	}

	draw(): void {
		if (!this.#isOver) {
			this.#isOver = true;
			this.#draw();
		}
	}

	skip(): void {
		this.#isOver = true;
	}
}

/** The bytes of a live event belong to its stream. */
function heldOf(node: number, {bytes, event, facts}: Arrival, key: string, isPast: boolean): HeldEvent {
	return {node, bytes: isPast ? bytes : Buffer.from(bytes), event, timeMs: facts.timeMs, key, isPast};
}
