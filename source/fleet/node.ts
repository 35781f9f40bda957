/**
One node of the cluster: finds its agent, listens to it, and starts over when the way breaks.

	looking → connecting → streaming ⇄ quiet → retrying → connecting …
	                     ↘ blocked (only a change elsewhere, or the user, helps)            any → ended

Whatever ends a stream, a code of success and a cancel that nobody asked for included, is a disconnect: an agent never
ends one while it runs.
*/

import {Refusal} from '../problem.js';
import {Backoff, type BackoffOptions} from '../runtime/backoff.js';
import {pause} from '../runtime/pause.js';
import type {Keep} from '../store/keep.js';
import type {Connection, EndReason, EventsRequest, Link} from '../tetragon/agent/link.js';
import {AgentSession} from './agent-session.js';
import type {DialLimiter} from './dial-limiter.js';
import type {EventSink} from './event-sink.js';
import type {Tap} from './event-stream.js';
import type {IdleCuts} from './idle-cuts.js';
import {type AgentIdentity, type LastEnd, restartReason} from './restart.js';
import {defaultTimers, type Timers} from './timers.js';

export type NodeOptions = {
	readonly store: EventSink;
	readonly gate: DialLimiter;
	readonly idleCuts: IdleCuts;
	readonly request: EventsRequest;
	/** What a stream that is opened now asks for, where that is narrower than `request`; the rest is left to others. */
	readonly narrowed?: () => EventsRequest;
	/** Decides which events are kept. */
	readonly keep: Keep;
	/** Sees all that arrives, before any filter: a recording. */
	readonly tap?: () => Tap | undefined;
	readonly pace?: Partial<Timers>;
	readonly backoff?: Partial<BackoffOptions>;
	/** Milliseconds since 1970. */
	readonly now?: () => number;
	/** A stream ended; it will be opened again all the same. */
	readonly ended?: (reason: EndReason) => void;
};

export class FleetNode {
	/** The store's id of this node. */
	readonly id: number;
	readonly #options: NodeOptions;
	readonly #pace: Timers;
	readonly #now: () => number;
	readonly #backoff: Backoff;
	readonly #closing = new AbortController();
	#link: Link;
	/** Ends the wait of a retrying or blocked node. */
	#wake = new AbortController();
	#visit: AgentSession | undefined;
	#before: AgentIdentity | undefined;
	#parting: LastEnd = {code: undefined, nobodyThere: false};
	/** When this node was last known to be there, and why it is not now. */
	#gap: {readonly fromMs: number; readonly reason: string} | undefined;
	/** Events that the agent lost, as far as it told. */
	#lost = 0;
	#done: Promise<void> = Promise.resolve();

	constructor(link: Link, options: NodeOptions) {
		this.#link = link;
		this.#options = options;
		this.#pace = {...defaultTimers, ...options.pace};
		this.#now = options.now ?? Date.now;
		this.#backoff = new Backoff(options.backoff);
		this.id = options.store.openNode(link.node);
	}

	/** The connection of the moment, for switching a policy or asking for a dump; undefined while there is none. */
	get connection(): Connection | undefined {
		return this.#visit?.connection;
	}

	start(): void {
		this.#done = this.#live();
	}

	/** Tries now instead of at the end of the wait. */
	retry(): void {
		this.#backoff.reset();
		this.#wake.abort();
	}

	/** Drops a connection that stands, and makes a new one. */
	reconnect(reason = 'reconnecting as asked'): void {
		this.#visit?.end({code: undefined, text: reason});
		this.retry();
	}

	/** Another way to the same node: its agent pod was replaced. The next try takes it. */
	relink(link: Link): void {
		this.#link = link;
		this.retry();
	}

	/** This process stood still for so long, until now. */
	stalled(forMs: number): void {
		const now = this.#now();
		this.#visit?.stalled(now - forMs, now);
	}

	/** Leaves no socket, no timer, no call behind. The node stays in the store as `ended`. */
	async close(reason = 'closed'): Promise<void> {
		if (!this.#closing.signal.aborted) {
			this.#closing.abort();
			this.#wake.abort();
			this.#visit?.end({code: undefined, text: reason});
		}

		await this.#done;
		this.#set({state: 'ended', note: reason, retryAtMs: undefined});
		this.#options.store.settle(this.#problemId);
	}

	async #live(): Promise<void> {
		while (!this.#closing.signal.aborted) {
			this.#set({state: 'connecting', retryAtMs: undefined, attempt: this.#backoff.attempt, note: ''});
			const wait = await this.#attempt();
			if (!this.#closing.signal.aborted) {
				this.#wake = new AbortController();
				await pause(wait, this.#wake.signal);
			}
		}
	}

	/** One connection from dial to end; returns the milliseconds to wait before the next. */
	async #attempt(): Promise<number> {
		let connection: Connection;
		try {
			connection = await this.#dial();
		} catch (error) {
			return this.#failed(error);
		}

		const fromMs = this.#now();
		const visit = new AgentSession(connection, this.id, {
			store: this.#options.store,
			request: this.#options.narrowed?.() ?? this.#options.request,
			tap: this.#options.tap,
			keep: this.#options.keep,
			pace: this.#pace,
			now: this.#now,
			lostBefore: this.#lost,
			problemId: this.#problemId,
			nodeName: this.#link.node,
			sighted: sighting => this.#sighted(sighting),
		});
		this.#visit = visit;
		const reason = await visit.over;
		this.#visit = undefined;
		this.#before = visit.sighting;
		this.#lost = visit.lost;
		this.#options.ended?.(reason);
		this.#parting = {code: reason.code, nobodyThere: false};
		this.#gap = {fromMs: visit.lastSeenMs, reason: endWords(reason)};
		this.#backoff.ended(this.#now() - fromMs);
		if (visit.cutAfterMs !== undefined && visit.cutAfterMs >= this.#pace.quietMs) {
			this.#options.idleCuts.ended(this.id, connection.via, visit.cutAfterMs);
		}

		return visit.refusal ? this.#blocked(visit.refusal) : this.#retrying(endWords(reason));
	}

	async #dial(): Promise<Connection> {
		return this.#options.gate.pass(async () => this.#open(), this.#closing.signal);
	}

	/** The deadline begins when it is this node's turn. */
	async #open(): Promise<Connection> {
		const limit = AbortSignal.timeout(this.#pace.dialMs);
		const signal = AbortSignal.any([this.#closing.signal, limit]);
		const {promise: aborted, reject} = Promise.withResolvers<never>();

		function abort(): void {
			reject(signal.reason as Error);
		}

		signal.addEventListener('abort', abort, {once: true});
		const opening = this.#link.open(signal);
		try {
			return await Promise.race([opening, aborted]);
		} catch (error) {
			// A way that does not heed its signal may still open one day: nobody waits for it any more.
			opening.then(
				late => late.close(),
				() => undefined,
			);
			throw limit.aborted
				? new Refusal(
						`cannot reach ${this.#link.node}`,
						`no connection in ${this.#pace.dialMs / 1000} s`,
						'check the way to it',
					)
				: error;
		} finally {
			signal.removeEventListener('abort', abort);
		}
	}

	/** Called by a visit when the agent has shown itself, and again when it is better known. Draws what lies between. */
	#sighted(sighting: AgentIdentity): void {
		const {store} = this.#options;
		const now = this.#now();
		if (this.#gap) {
			store.rule(this.id, {type: 'gap', fromMs: this.#gap.fromMs, toMs: now, reason: this.#gap.reason}, now);
			this.#gap = undefined;
		}

		const reason = this.#before && restartReason(this.#before, this.#parting, sighting);
		if (reason !== undefined) {
			store.rule(this.id, {type: 'restart', reason}, now);
			this.#before = undefined;
		} else if (this.#before === undefined && !this.#visit?.announced) {
			store.rule(
				this.id,
				{type: 'connected', reason: `${sighting.version} via ${this.#visit?.connection.via ?? ''}`.trim()},
				now,
			);
		}

		if (this.#visit) {
			this.#visit.announced = true;
		}
	}

	#failed(error: unknown): number {
		if (this.#closing.signal.aborted) {
			return 0;
		}

		const refusal =
			error instanceof Refusal
				? error
				: new Refusal(
						`cannot reach ${this.#link.node}`,
						error instanceof Error ? error.message : String(error),
						'tetratop goes on trying',
					);
		const {code} = (refusal.cause ?? {}) as {code?: unknown};
		if (code === 'ECONNREFUSED' || code === 'ENOENT') {
			this.#parting = {...this.#parting, nobodyThere: true};
		}

		if (!refusal.retry) {
			return this.#blocked(refusal);
		}

		this.#raise(refusal, 'warning');
		return this.#retrying(refusal.why);
	}

	#blocked(refusal: Refusal): number {
		this.#raise(refusal, 'error');
		const wait = this.#pace.blockedMs;
		this.#set({state: 'blocked', note: refusal.why, retryAtMs: this.#now() + wait, attempt: this.#backoff.attempt});
		return wait;
	}

	#retrying(note: string): number {
		const wait = this.#backoff.next();
		this.#set({state: 'retrying', note, retryAtMs: this.#now() + wait, attempt: this.#backoff.attempt});
		return wait;
	}

	#raise({what, why, fix}: Refusal, severity: 'error' | 'warning'): void {
		this.#options.store.raise({id: this.#problemId, severity, what, why, fix});
	}

	#set(change: Parameters<EventSink['setNode']>[1]): void {
		const {state} = change;
		this.#options.store.setNode(this.id, state ? {...change, sinceMs: this.#now()} : change);
	}

	get #problemId(): string {
		return `node/${this.id}`;
	}
}

/** gRPC's status codes in the words of a person. */
function endWords({code, text}: EndReason): string {
	switch (code) {
		case undefined:
			return text;
		case 0:
		case 1:
			return `the agent ended the stream (${text})`;
		case 14:
			return `connection lost (${text})`;
		default:
			return `the stream ended with code ${code}: ${text}`;
	}
}
