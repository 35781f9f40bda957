/**
One node of the cluster: connects to its agent, and connects again when the connection ends.

	looking → connecting → streaming ⇄ quiet → retrying → connecting …
	                     ↘ blocked (waits for the user or for a change elsewhere)           any → ended

Every end of a stream is a disconnect, also with status OK or CANCELLED: an agent that runs never ends a stream.
*/

import {Refusal} from '../problem.js';
import {Backoff, type BackoffOptions} from '../runtime/backoff.js';
import {pause} from '../runtime/pause.js';
import type {Keep} from '../store/keep.js';
import type {Connection, EndReason, EventsRequest, Link} from '../tetragon/agent/link.js';
import {asksForWhole} from '../tetragon/filter/whole-policies.js';
import {AgentSession} from './agent-session.js';
import {AskedRequest, type Widened} from './asked-request.js';
import type {DialLimiter} from './dial-limiter.js';
import {endWords} from './end-words.js';
import type {EventSink} from './event-sink.js';
import type {Tap} from './event-stream.js';
import {Handover} from './handover.js';
import type {IdleCuts} from './idle-cuts.js';
import type {Heal, PastJoiner} from './past/past-joiner.js';
import {type AgentIdentity, type LastEnd, restartReason} from './restart.js';
import {defaultTimers, type Timers} from './timers.js';

export type NodeOptions = {
	readonly store: EventSink;
	readonly limiter: DialLimiter;
	readonly idleCuts: IdleCuts;
	readonly request: EventsRequest;
	/** The request for a stream that is opened now, if it is narrower than `request`. */
	readonly narrowed?: () => EventsRequest;
	/** What is asked for beside that, for tetratop's own sake; left out where an agent rejects it. */
	readonly widened?: Widened;
	/** Decides which events are kept. */
	readonly keep: Keep;
	/** Gets all events, before any filter: a recording. */
	readonly tap?: () => Tap | undefined;
	/** Joins what the nodes keep of the past with what comes live. */
	readonly past?: PastJoiner | undefined;
	readonly timers?: Partial<Timers>;
	readonly backoff?: Partial<BackoffOptions>;
	/** Milliseconds since 1970. */
	readonly now?: () => number;
	/** A stream ended; it is opened again in any case. */
	readonly ended?: (reason: EndReason) => void;
};

/** Characters of a reason that is repeated. */
const shortReason = 60;

export class FleetNode {
	/** The store's id of this node. */
	readonly id: number;
	readonly #options: NodeOptions;
	readonly #timers: Timers;
	/** The reason of the last gap: a long one is written once. */
	#lastReason = '';
	readonly #now: () => number;
	readonly #backoff: Backoff;
	readonly #closing = new AbortController();
	#link: Link;
	readonly #asked: AskedRequest;
	/** Aborting it ends the wait of a retrying or blocked node. */
	#wake = new AbortController();
	#session: AgentSession | undefined;
	#handover: Handover | undefined;
	#before: AgentIdentity | undefined;
	#lastEnd: LastEnd = {code: undefined, wasRefused: false};
	/** Since when the node is not connected, and why. */
	#gap: {readonly fromMs: number; readonly reason: string} | undefined;
	/** Events that the agent lost, according to its metrics. */
	#lost = 0;
	#done: Promise<void> = Promise.resolve();

	constructor(link: Link, options: NodeOptions) {
		this.#link = link;
		this.#options = options;
		this.#asked = new AskedRequest(options);
		this.#timers = {...defaultTimers, ...options.timers};
		this.#now = options.now ?? Date.now;
		this.#backoff = new Backoff(options.backoff);
		this.id = options.store.openNode(link.node);
	}

	/** The open connection, for switching a policy or reading a dump; undefined: there is none. */
	get connection(): Connection | undefined {
		return this.#session?.connection;
	}

	start(): void {
		this.#options.past?.expect(this.id, this.#link.past);
		this.#done = this.#live();
	}

	/** Ends the wait before the next attempt. */
	retry(): void {
		this.#backoff.reset();
		this.#wake.abort();
	}

	/** Closes an open connection and makes a new one. */
	reconnect(reason = 'the user reconnected'): void {
		this.#session?.end({code: undefined, text: reason});
		this.retry();
	}

	/** Gives the agent the request as it is now; a stream that is opened later gets it anyway. */
	refilter(): void {
		const request = this.#asked.now();
		if (this.#handover !== undefined) {
			this.#handover.refilter(request);
			this.#options.store.setRequest(this.id, policy => asksForWhole(request, policy));
		}
	}

	/** The node's agent pod was replaced: the next attempt uses this link. */
	relink(link: Link): void {
		this.#link = link;
		this.#asked.renew();
		this.retry();
	}

	/** This process stood still for this long, until now. */
	stalled(forMs: number): void {
		const now = this.#now();
		this.#session?.stalled(now - forMs, now);
	}

	/** Resolves when every socket, timer and call is closed. The node stays in the store as `ended`. */
	async close(reason = 'closed'): Promise<void> {
		if (!this.#closing.signal.aborted) {
			this.#closing.abort();
			this.#wake.abort();
			this.#session?.end({code: undefined, text: reason});
		}

		await this.#done;
		this.#set({state: 'ended', note: reason, retryAtMs: undefined});
		this.#options.store.settle(this.#problemId);
		this.#options.store.settle(this.#plainId);
	}

	async #live(): Promise<void> {
		while (!this.#closing.signal.aborted) {
			this.#set({state: 'connecting', retryAtMs: undefined, attempt: this.#backoff.attempt, note: ''});
			const fromMs = performance.now();
			const wait = await this.#attempt();
			if (!this.#closing.signal.aborted) {
				this.#wake = new AbortController();
				await pause(wait, this.#wake.signal);
				if (this.#wake.signal.aborted) {
					await pause(fromMs + this.#timers.attemptMs - performance.now(), this.#closing.signal);
				}
			}
		}
	}

	/** One connection, from dial to end; returns the milliseconds to wait before the next one. */
	async #attempt(): Promise<number> {
		let connection: Connection;
		try {
			connection = await this.#dial();
		} catch (error) {
			return this.#failed(error);
		}

		const fromMs = this.#now();
		this.#handover = new Handover(connection);
		const {past} = this.#options;
		const session = new AgentSession(this.#handover.connection, this.id, {
			store: this.#options.store,
			request: this.#asked.now(),
			tap: this.#options.tap,
			keep: this.#options.keep,
			timers: this.#timers,
			now: this.#now,
			lostBefore: this.#lost,
			problemId: this.#problemId,
			nodeName: this.#link.node,
			take: past?.take.bind(past),
			missed: heal => this.#missed(heal),
			identified: identity => this.#identified(identity),
		});
		this.#session = session;
		const reason = await session.over;
		this.#session = undefined;
		this.#handover = undefined;
		this.#before = session.identity;
		this.#lost = session.lost;
		const fallback = session.isRejected ? this.#asked.fallBack(this.#link.node, reason.text) : undefined;
		if (fallback !== undefined) {
			this.#options.store.raise({...fallback, id: this.#plainId});
			return 0;
		}

		this.#options.ended?.(reason);
		this.#lastEnd = {code: reason.code, wasRefused: false};
		this.#gap = {fromMs: session.lastSeenMs, reason: this.#shortAgain(endWords(reason))};
		this.#backoff.ended(this.#now() - fromMs);
		if (session.cutAfterMs !== undefined && session.cutAfterMs >= this.#timers.quietMs) {
			this.#options.idleCuts.ended(this.id, connection.via, session.cutAfterMs);
		}

		return session.refusal ? this.#blocked(session.refusal) : this.#retrying(endWords(reason));
	}

	/** The same long reason as before is only named: a server may send one with each end of a stream. */
	#shortAgain(reason: string): string {
		const isAgain = reason === this.#lastReason && reason.length > shortReason;
		this.#lastReason = reason;
		return isAgain ? `${reason.slice(0, shortReason)}…` : reason;
	}

	async #dial(): Promise<Connection> {
		return this.#options.limiter.pass(async () => this.#open(), this.#closing.signal);
	}

	/** Called when the limiter has a place: the deadline starts then. */
	async #open(): Promise<Connection> {
		const limit = AbortSignal.timeout(this.#timers.dialMs);
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
			// A link that ignores its signal may still open a connection later: it is closed.
			opening.then(
				late => late.close(),
				() => undefined,
			);
			throw limit.aborted
				? new Refusal(
						`cannot reach ${this.#link.node}`,
						`no connection in ${this.#timers.dialMs / 1000} s`,
						'check the network, or run tetratop doctor',
					)
				: error;
		} finally {
			signal.removeEventListener('abort', abort);
		}
	}

	/** Called by a session when the agent has answered, and again when more is known. Adds markers for what happened since the last session. */
	#identified(identity: AgentIdentity): void {
		const {store, past} = this.#options;
		const now = this.#now();
		if (this.#gap) {
			const {fromMs, reason} = this.#gap;
			void this.#missed({fromMs, toMs: now, marker: {type: 'gap', fromMs, toMs: now, reason}});
			this.#gap = undefined;
		}

		const reason = this.#before && restartReason(this.#before, this.#lastEnd, identity);
		if (reason !== undefined) {
			store.rule(this.id, {type: 'restart', reason}, now);
			this.#before = undefined;
		} else if (this.#before === undefined && !this.#session?.announced) {
			const reason = `${identity.version} via ${this.#session?.connection.via ?? ''}`.trim();
			(past ?? store).rule(this.id, {type: 'connected', reason}, now);
		}

		if (this.#session && !this.#session.announced) {
			this.#session.announced = true;
			past?.reached(this.id);
		}
	}

	/** Without a way to the past only the marker is drawn. */
	async #missed(heal: Heal): Promise<number | undefined> {
		const {past, store} = this.#options;
		return past === undefined ? void store.rule(this.id, heal.marker, this.#now()) : past.heal(this.id, heal);
	}

	#failed(error: unknown): number {
		if (this.#closing.signal.aborted) {
			return 0;
		}

		this.#options.past?.failed(this.id);

		const refusal =
			error instanceof Refusal
				? error
				: new Refusal(
						`cannot reach ${this.#link.node}`,
						error instanceof Error ? error.message : String(error),
						'tetratop tries again',
					);
		const {code} = (refusal.cause ?? {}) as {code?: unknown};
		if (code === 'ECONNREFUSED' || code === 'ENOENT') {
			this.#lastEnd = {...this.#lastEnd, wasRefused: true};
		}

		if (!refusal.retry) {
			return this.#blocked(refusal);
		}

		this.#raise(refusal, 'warning');
		return this.#retrying(refusal.why);
	}

	#blocked(refusal: Refusal): number {
		this.#raise(refusal, 'error');
		const wait = this.#timers.blockedMs;
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

	get #plainId(): string {
		return `${this.#problemId}/plain`;
	}

	get #problemId(): string {
		return `node/${this.id}`;
	}
}
