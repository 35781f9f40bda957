/**
One connection to an agent while it lasts: subscribes first, so that nothing falls between, then fills the tree from the
cache dump, then asks for the policies and whether the agent still lives, again and again.
*/

import type {Refusal} from '../problem.js';
import {pause} from '../runtime/pause.js';
import type {Keep} from '../store/keep.js';
import type {Connection, EndReason, EventsRequest, Subscription} from '../tetragon/agent/link.js';
import type {PolicyStatus} from '../tetragon/agent/policy.js';
import {refusedFilter, wordsOf} from './end-reasons.js';
import type {EventSink} from './event-sink.js';
import {EventStream, type Tap} from './event-stream.js';
import {LossMeter, readCounters} from './loss.js';
import {type AgentIdentity, countersOf} from './restart.js';
import {repeat, type Timers} from './timers.js';

export type AgentSessionOptions = {
	readonly store: EventSink;
	readonly request: EventsRequest;
	readonly tap: (() => Tap | undefined) | undefined;
	readonly keep: Keep;
	readonly pace: Timers;
	readonly now: () => number;
	/** Events that the agent lost in earlier connections of this node. */
	readonly lostBefore: number;
	readonly problemId: string;
	readonly nodeName: string;
	/** The agent showed itself, or more of it became known. */
	readonly sighted: (sighting: AgentIdentity) => void;
};

export class AgentSession {
	readonly connection: Connection;
	readonly sighting: AgentIdentity;
	/** Resolves once, with the reason; everything of this visit is closed then. */
	readonly over: Promise<EndReason>;
	/** Set where trying again with the same request would end the same way. */
	refusal: Refusal | undefined;
	/** Set where the stream ended by itself: the milliseconds since its last event. */
	cutAfterMs: number | undefined;
	/** The node has drawn that this connection stands. */
	announced = false;
	/** The last time the agent gave a sign of life. */
	lastSeenMs: number;
	readonly #options: AgentSessionOptions;
	readonly #node: number;
	readonly #scope = new AbortController();
	readonly #meter: LossMeter;
	readonly #resolve: (reason: EndReason) => void;
	#subscription: Subscription | undefined;
	readonly #arrivals: EventStream;
	readonly #fromMs: number;
	#lastEventMs: number;
	/** As the events call it; '' before the first. */
	#nodeName = '';
	/** Policies that were listed before an event had named the node: a recording wants them with the name. */
	#unnamed: readonly PolicyStatus[] | undefined;
	#quiet = false;
	#metricsFailed = false;

	constructor(connection: Connection, node: number, options: AgentSessionOptions) {
		this.connection = connection;
		this.#node = node;
		this.#options = options;
		this.#meter = new LossMeter(options.lostBefore);
		this.sighting = {agent: connection.agent, version: '', startedAt: undefined, counters: new Map()};
		this.lastSeenMs = options.now();
		this.#lastEventMs = this.lastSeenMs;
		this.#fromMs = this.lastSeenMs;
		this.#arrivals = new EventStream({
			...options,
			node,
			arrived: nowMs => this.#arrived(nowMs),
			named: name => this.#learnName(name),
		});
		const {promise, resolve} = Promise.withResolvers<EndReason>();
		this.over = promise;
		this.#resolve = resolve;
		// On the next turn: the node must know of its visit before the first event comes.
		queueMicrotask(() => {
			void this.#begin();
		});
	}

	/** Events that the agent lost, as far as it tells. */
	get lost(): number {
		return this.#meter.total;
	}

	/** This process stood still: what the agent dropped meanwhile is in its metrics, and nowhere else. */
	stalled(fromMs: number, toMs: number): void {
		if (!this.#scope.signal.aborted && this.announced) {
			this.#options.store.rule(this.#node, {type: 'stalled', fromMs, toMs}, toMs);
			void this.#readMetrics();
		}
	}

	/** Ends the visit; later reasons are not news. */
	end(reason: EndReason): void {
		if (this.#scope.signal.aborted) {
			return;
		}

		this.#scope.abort();
		this.#subscription?.cancel();
		this.connection.close();
		this.#resolve(reason);
	}

	async #begin(): Promise<void> {
		const {connection} = this;
		const {signal} = this.#scope;
		try {
			this.#subscribe();
			const version = await connection.version();
			if (signal.aborted) {
				return;
			}

			Object.assign(this.sighting, {version});
			this.#standing(version);
			await this.#fill();
		} catch (error) {
			this.end({code: undefined, text: wordsOf(error)});
		}
	}

	#subscribe(): void {
		const {signal} = this.#scope;
		const {frame, event, malformed} = this.#arrivals;
		// What still comes after the end of the visit belongs to nobody: the gap has begun.
		const subscription = this.connection.events(this.#options.request, {
			frame: bytes => signal.aborted || frame(bytes),
			event: (line, parsed) => signal.aborted || event(line, parsed),
			malformed: line => signal.aborted || malformed(line),
			end: reason => {
				if (!signal.aborted) {
					this.cutAfterMs = this.#options.now() - this.#lastEventMs;
				}

				this.refusal = this.#arrivals.events === 0 ? refusedFilter(reason, this.#options.nodeName) : undefined;
				this.end(reason);
			},
		});
		if (signal.aborted) {
			subscription.cancel();
		}

		this.#subscription = subscription;
	}

	#arrived(nowMs: number): void {
		this.lastSeenMs = nowMs;
		this.#lastEventMs = nowMs;
		if (this.#quiet) {
			this.#quiet = false;
			this.#show('streaming');
		}
	}

	/** An address is a stopgap: the events know the node's name. Where Kubernetes named the node, it stays. */
	#learnName(name: string): void {
		const {via} = this.connection;
		this.#nodeName = name;
		if (this.#unnamed !== undefined && name !== '') {
			this.#options.tap?.()?.policies(name, this.#unnamed, this.lastSeenMs);
			this.#unnamed = undefined;
		}

		if (name !== '' && name !== this.#options.nodeName && (via === 'tcp' || via === 'unix')) {
			this.#options.store.renameNode(this.#node, name);
		}
	}

	#standing(version: string): void {
		const {store, problemId, sighted} = this.#options;
		const {agent, via} = this.connection;
		store.settle(problemId);
		// The store takes a process of the dump for older than this moment: events that came since are the newer truth.
		store.setNode(this.#node, {
			state: 'streaming',
			sinceMs: this.#fromMs,
			agent,
			via,
			version,
			retryAtMs: undefined,
			attempt: 0,
		});
		sighted(this.sighting);
	}

	/** The dump, once; the policies at once and then steadily; liveness and losses beside them. */
	async #fill(): Promise<void> {
		const {pace} = this.#options;
		const {signal} = this.#scope;
		void repeat(pace.healthMs, signal, async () => this.#checkHealth());
		await this.#readPolicies();
		void repeat(pace.policiesMs, signal, async () => this.#readPolicies());
		if (this.connection.metrics) {
			await this.#readMetrics();
			void repeat(pace.metricsMs, signal, async () => this.#readMetrics());
		}

		await this.#readDump();
		this.#showMissing();
	}

	async #readDump(): Promise<void> {
		const {store, now, pace} = this.#options;
		const {signal} = this.#scope;
		let failure = '';
		for (let attempt = 0; attempt < 3 && !signal.aborted; attempt++) {
			try {
				const processes = await this.connection.dump();
				if (processes && !signal.aborted) {
					store.takeDump(this.#node, processes, now());
				}

				return;
			} catch (error) {
				failure = wordsOf(error);
				await pause(pace.dumpAgainMs, signal);
			}
		}

		if (!signal.aborted) {
			this.#showMissing(`no process cache: ${failure}`);
		}
	}

	async #readPolicies(): Promise<void> {
		const {store, now, sighted, tap} = this.#options;
		const {signal} = this.#scope;
		try {
			const policies = await this.connection.policies();
			if (signal.aborted) {
				return;
			}

			if (policies === undefined) {
				store.takePolicies(this.#node, undefined, now());
				return;
			}

			this.lastSeenMs = now();
			const first = this.sighting.counters.size === 0;
			this.sighting.counters = countersOf(policies);
			store.takePolicies(this.#node, policies, this.lastSeenMs);
			if (this.#nodeName === '') {
				this.#unnamed = policies;
			} else {
				tap?.()?.policies(this.#nodeName, policies, this.lastSeenMs);
			}

			if (first && this.sighting.counters.size > 0) {
				sighted(this.sighting);
			}
		} catch {
			// The health check says whether the agent is gone; a list that could not be read is read again.
		}
	}

	async #checkHealth(): Promise<void> {
		const {now, pace} = this.#options;
		const {signal} = this.#scope;
		for (let missed = 1; !signal.aborted; missed++) {
			const askedMs = now();
			try {
				await this.connection.health();
				this.lastSeenMs = now();
				break;
			} catch (error) {
				// Events are as good as an answer: an agent under load may leave the call waiting.
				if (this.#lastEventMs >= askedMs) {
					break;
				}

				if (missed >= pace.missedHealth) {
					this.end({code: undefined, text: `no answer from the agent (${wordsOf(error)})`});
					return;
				}
			}
		}

		if (!signal.aborted && !this.#quiet && now() - this.#lastEventMs >= pace.quietMs) {
			this.#quiet = true;
			this.#show('quiet');
		}
	}

	async #readMetrics(): Promise<void> {
		const {store, now, sighted} = this.#options;
		const {signal} = this.#scope;
		let text: string;
		try {
			text = (await this.connection.metrics?.()) ?? '';
		} catch {
			this.#metricsFailed = true;
			store.setLostServer(this.#node, undefined);
			return;
		}

		const counters = readCounters(text);
		if (signal.aborted || counters === undefined) {
			return;
		}

		for (const {count, reason} of this.#meter.read(counters)) {
			store.rule(this.#node, {type: 'lost', where: 'server', count, reason}, now());
		}

		store.setLostServer(this.#node, this.#meter.total);
		if (this.sighting.startedAt !== counters.startedAt || this.#metricsFailed) {
			this.#metricsFailed = false;
			this.sighting.startedAt = counters.startedAt;
			sighted(this.sighting);
		}
	}

	#show(state: 'streaming' | 'quiet'): void {
		this.#options.store.setNode(this.#node, {state});
	}

	/** What an older agent cannot tell is said once, and the rest goes on. */
	#showMissing(...more: readonly string[]): void {
		if (this.#scope.signal.aborted) {
			return;
		}

		const {store, nodeName, problemId} = this.#options;
		const missing = [...this.connection.missing(), ...more];
		store.setNode(this.#node, {note: missing.join('; ')});
		if (missing.length > 0) {
			store.raise({
				id: `${problemId}/missing`,
				severity: 'note',
				what: `${nodeName}: ${missing.join('; ')}`,
				why: 'what is missing here is missing on the screen; the tree then grows from events',
				fix: 'a newer agent tells more',
			});
		} else {
			store.settle(`${problemId}/missing`);
		}
	}
}
