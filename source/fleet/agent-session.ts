import type {Refusal} from '../problem.js';
import {pause} from '../runtime/pause.js';
import {inSlices} from '../runtime/slices.js';
import type {Connection, EndReason, Subscription} from '../tetragon/agent/link.js';
import type {PolicyStatus} from '../tetragon/agent/policy.js';
import {asksForWhole} from '../tetragon/filter/whole-policies.js';
import {countTooLong, isRejection, refusedFilter, wordsOf} from './end-reasons.js';
import {EventStream} from './event-stream.js';
import {Hold} from './hold.js';
import {LossMeter, readCounters} from './loss.js';
import type {Heal} from './past/past-joiner.js';
import {PolicyPoll} from './policy-poll.js';
import {type AgentIdentity, countersOf} from './restart.js';
import type {AgentSessionOptions} from './session-options.js';
import {repeat} from './timers.js';

const notGiven = {
	severity: 'note',
	why: 'this agent or transport does not give it; without a process cache the tree grows from events',
	fix: 'update the agent, or use another --transport',
} as const;

export class AgentSession {
	readonly connection: Connection;
	readonly identity: AgentIdentity;
	/** Resolves at the end of the session, with the reason; everything is closed then. */
	readonly over: Promise<EndReason>;
	/** The agent sent nothing, and may have done so because of the request. */
	isRejected = false;
	/** Set when a retry with the same request would end in the same way. */
	refusal: Refusal | undefined;
	/** Set when tetratop did not end the stream: milliseconds since its last event. */
	cutAfterMs: number | undefined;
	/** The feed has the marker for this connection. */
	announced = false;
	/** The time of the agent's last event or answer. */
	lastSeenMs: number;
	readonly #options: AgentSessionOptions;
	readonly #node: number;
	readonly #scope = new AbortController();
	readonly #meter: LossMeter;
	readonly #resolve: (reason: EndReason) => void;
	#subscription: Subscription | undefined;
	readonly #policyPoll: PolicyPoll;
	readonly #stream: EventStream;
	readonly #fromMs: number;
	#lastEventMs: number;
	/** node_name of the events; '': no event came yet. */
	#nodeName = '';
	/** Policies that were listed before the first event: a recording needs them with the node's name. */
	#unnamed: readonly PolicyStatus[] | undefined;
	#quiet = false;
	#metricsFailed = false;
	/** When the counters were read. */
	#metricsMs: number | undefined;
	readonly #hold: Hold;

	constructor(connection: Connection, node: number, options: AgentSessionOptions) {
		this.connection = connection;
		this.#policyPoll = new PolicyPoll(options.timers.policiesMs);
		this.#node = node;
		this.#options = options;
		this.#meter = new LossMeter(options.lostBefore);
		this.identity = {agent: connection.agent, version: '', startedAt: undefined, counters: new Map()};
		this.lastSeenMs = options.now();
		this.#lastEventMs = this.lastSeenMs;
		this.#fromMs = this.lastSeenMs;
		this.#hold = new Hold(options.store);
		this.#stream = new EventStream({
			...options,
			node,
			arrived: nowMs => this.#arrived(nowMs),
			named: name => this.#learnName(name),
			enforced: () => this.#policyPoll.hurry(),
		});
		const {promise, resolve} = Promise.withResolvers<EndReason>();
		this.over = promise;
		this.#resolve = resolve;
		// In a microtask: the node must hold this session before its first event.
		queueMicrotask(() => {
			void this.#begin();
		});
	}

	/** Events that the agent lost, according to its metrics. */
	get lost(): number {
		return this.#meter.total;
	}

	/** This process stood still: only the agent's metrics know what it dropped. */
	stalled(fromMs: number, toMs: number): void {
		if (!this.#scope.signal.aborted && this.announced) {
			void this.#missed({fromMs, toMs, marker: {type: 'stalled', fromMs, toMs}});
			void this.#readMetrics();
		}
	}

	/** Events that were brought back are not lost. */
	async #missed(heal: Heal): Promise<void> {
		this.#meter.back((await this.#options.missed(heal)) ?? 0);
		if (!this.#scope.signal.aborted && this.#meter.isKnown) {
			this.#options.store.setLostServer(this.#node, this.#meter.total);
		}
	}

	/** Ends the session. Only the first call counts. */
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

			// The tag of an image may differ from what the same agent says of itself: it identifies nobody.
			Object.assign(this.identity, {version: connection.isVersionOfImage === true ? '' : version});
			this.#connected(version);
			await this.#fill();
		} catch (error) {
			this.end({code: undefined, text: wordsOf(error)});
		}
	}

	#subscribe(): void {
		const [{signal}, {frame, event, malformed}] = [this.#scope, this.#stream];
		const {request} = this.#options;
		this.#options.store.setRequest(this.#node, policy => asksForWhole(request, policy));
		// Events after the end of the session are ignored: the gap has begun, and the next session counts from there.
		const subscription = this.connection.events(request, {
			frame: bytes => signal.aborted || frame(bytes),
			event: (line, parsed) => signal.aborted || event(line, parsed),
			malformed: (line, why) => signal.aborted || malformed(line, why),
			room: () => (signal.aborted ? undefined : this.#hold.room()),
			end: reason => {
				if (!signal.aborted) {
					this.cutAfterMs = this.#options.now() - this.#lastEventMs;
					countTooLong(this.#options.store, reason);
				}

				this.isRejected = isRejection(reason, this.#stream.events);
				this.refusal = this.#stream.events === 0 ? refusedFilter(reason, this.#options.nodeName) : undefined;
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
			this.#options.store.setNode(this.#node, {state: 'streaming'});
		}
	}

	/** A node that was given by its address gets the name of its events. A name from Kubernetes stays. */
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

	#connected(version: string): void {
		const {store, problemId, identified} = this.#options;
		const {agent, via} = this.connection;
		store.settle(problemId);
		// sinceMs: processes of the dump are older than the start of the session, events are newer.
		store.setNode(this.#node, {
			state: 'streaming',
			sinceMs: this.#fromMs,
			agent,
			via,
			version,
			retryAtMs: undefined,
			attempt: 0,
		});
		identified(this.identity);
	}

	/** Reads the dump once, and policies, health and losses periodically. */
	async #fill(): Promise<void> {
		const {timers} = this.#options;
		const {signal} = this.#scope;
		void repeat(timers.healthMs, signal, async () => this.#checkHealth());
		await this.#readPolicies();
		void this.#policyPoll.run(signal, async () => this.#readPolicies());
		if (this.connection.metrics) {
			await this.#readMetrics();
			void repeat(timers.metricsMs, signal, async () => this.#readMetrics());
			void repeat(timers.heldMetricsMs, signal, async () => (this.#hold.take() ? this.#readMetrics() : undefined));
		}

		this.#showMissing(...(await this.#readDump()));
	}

	/** Three attempts; returns what is missing without the dump, for the user. */
	async #readDump(): Promise<readonly string[]> {
		const [{signal}, {store, now, timers}] = [this.#scope, this.#options];
		let failure = '';
		for (let attempt = 0; attempt < 3 && !signal.aborted; attempt++) {
			try {
				const processes = await this.connection.dump();
				if (processes && !signal.aborted) {
					await inSlices(store.takeDump(this.#node, processes, now()), signal);
				}

				return [];
			} catch (error) {
				failure = wordsOf(error);
				await pause(timers.dumpAgainMs, signal);
			}
		}

		return [`no process cache: ${failure}`];
	}

	async #readPolicies(): Promise<void> {
		const {store, now, identified, tap} = this.#options;
		const {signal} = this.#scope;
		const askedMs = now();
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
			const first = this.identity.counters.size === 0;
			this.identity.counters = countersOf(policies);
			store.takePolicies(this.#node, policies, this.lastSeenMs, askedMs);
			if (this.#nodeName === '') {
				this.#unnamed = policies;
			} else {
				tap?.()?.policies(this.#nodeName, policies, this.lastSeenMs);
			}

			if (first && this.identity.counters.size > 0) {
				identified(this.identity);
			}
		} catch {
			// The health check notices an agent that is gone; the list is read again after the period.
		}
	}

	async #checkHealth(): Promise<void> {
		const [{signal}, {now, timers}] = [this.#scope, this.#options];
		for (let missed = 1; !signal.aborted; missed++) {
			const askedMs = now();
			try {
				await this.connection.health();
				this.lastSeenMs = now();
				break;
			} catch (error) {
				// An event proves as well that the agent is alive: under load it may answer late.
				if (this.#lastEventMs >= askedMs) {
					break;
				}

				if (missed >= timers.missedHealth) {
					this.end({code: undefined, text: `no answer from the agent (${wordsOf(error)})`});
					return;
				}
			}
		}

		if (!signal.aborted && !this.#quiet && now() - this.#lastEventMs >= timers.quietMs) {
			this.#quiet = true;
			this.#options.store.setNode(this.#node, {state: 'quiet'});
		}
	}

	async #readMetrics(): Promise<void> {
		const {store, now, identified} = this.#options;
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

		const fromMs = this.#metricsMs ?? this.#fromMs;
		this.#metricsMs = now();
		for (const {count, reason} of this.#meter.read(counters)) {
			void this.#missed({fromMs, toMs: now(), marker: {type: 'lost', where: 'server', count, reason}});
		}

		store.setLostServer(this.#node, this.#meter.total);
		if (this.identity.startedAt !== counters.startedAt || this.#metricsFailed) {
			this.#metricsFailed = false;
			this.identity.startedAt = counters.startedAt;
			identified(this.identity);
		}
	}

	/** Reports once what this agent or transport cannot give. */
	#showMissing(...more: readonly string[]): void {
		if (this.#scope.signal.aborted) {
			return;
		}

		const {store, nodeName, problemId} = this.#options;
		const missing = [...this.connection.missing(), ...more];
		store.setNode(this.#node, {note: missing.join('; ')});
		if (missing.length > 0) {
			store.raise({...notGiven, id: `${problemId}/missing`, what: `${nodeName}: ${missing.join('; ')}`});
		} else {
			store.settle(`${problemId}/missing`);
		}
	}
}
