/** The agent of one node of the demo. */
import {createServer, type Server as HttpServer} from 'node:http';
import path from 'node:path';
import {status} from '@grpc/grpc-js';
import type {AgentOptions} from '../tetragon/agent/client.js';
import type {EventsRequest} from '../tetragon/agent/link.js';
import {clientFilter} from '../tetragon/filter/filter-match.js';
import {decodeMessage} from '../tetragon/wire/decode.js';
import {encodeMessage} from '../tetragon/wire/encode.js';
import {newFacts} from '../tetragon/wire/new-facts.js';
import {scanFrame} from '../tetragon/wire/scan.js';
import {standingCache} from './cache.js';
import {PolicyBook} from './policies.js';
import {readBytes} from './recordings.js';
import type {NodeScript} from './script.js';
import {GrpcError, type Listening, listen, type Subscriber} from './server.js';
import {fillTemplate, type Template} from './template.js';
import type {Epoch} from './track.js';

/** How often due frames are sent, milliseconds: a reader at 10 frames a second sees no difference. */
const tickMs = 20;

export class NodeAgent {
	readonly node: string;
	/** Called once. */
	onFirstSubscriber: (() => void) | undefined;
	readonly #script: NodeScript;
	readonly #epoch: Epoch;
	readonly #loopMs: number;
	readonly #policies = new PolicyBook();
	readonly #subscribers = new Set<(frame: Buffer) => void>();
	#templates: readonly Template[] = [];
	#listening: Listening | undefined;
	#metrics: HttpServer | undefined;
	#timer: NodeJS.Timeout | undefined;
	#startedMs = 0;
	#playedMs = 0;
	#dropped = 0;

	constructor(script: NodeScript, epoch: Epoch, loopSeconds: number) {
		this.node = script.node;
		this.#script = script;
		this.#epoch = epoch;
		this.#loopMs = loopSeconds * 1000;
	}

	/** How tetratop reaches it. */
	reach(folder: string): AgentOptions {
		return {
			address: {type: 'unix', path: path.join(folder, `${this.node}.sock`)},
			node: this.node,
			agent: 'demo',
			metrics: {socketPath: path.join(folder, `${this.node}.metrics`)},
		};
	}

	add(templates: readonly Template[]): void {
		this.#templates = [...this.#templates, ...templates].sort((a, b) => a.atMs - b.atMs);
	}

	/** Starts the loop, once. */
	play(): void {
		if (this.#timer) {
			return;
		}

		// Times of frames move by whole seconds: the loop begins with the next one, and the client has its time for the dump.
		this.#startedMs = Math.ceil(Date.now() / 1000) * 1000;
		this.#playedMs = 0;
		this.#timer = setInterval(() => this.#tick(Date.now() - this.#startedMs), tickMs);
		this.#timer.unref();
	}

	async listen(folder: string): Promise<void> {
		const [health, version, info] = await Promise.all(
			['GetHealth', 'GetVersion', 'GetInfo'].map(async name => readBytes(`rpc/${name}.bin`)),
		);
		const cache = await standingCache(this.#script, this.#epoch);
		this.#listening = await listen(
			{
				GetHealth: () => health ?? Buffer.alloc(0),
				GetVersion: () => version ?? Buffer.alloc(0),
				GetInfo: () => info ?? Buffer.alloc(0),
				ListTracingPolicies: () => encode('ListTracingPoliciesResponse', {policies: this.#policies.list()}),
				ConfigureTracingPolicy: request => {
					this.#policies.configure(decodeMessage('ConfigureTracingPolicyRequest', request));
					return Buffer.alloc(0);
				},
				GetDebug: request => {
					const {flag, dump} = decodeMessage('GetDebugRequest', request);
					if (flag !== 'CONFIG_FLAG_DUMP_PROCESS_CACHE' || dump === undefined) {
						throw new GrpcError(status.UNKNOWN, `client requested unknown config flag ${String(flag ?? 0)}`);
					}

					return encode('GetDebugResponse', {flag, processes: {processes: cache}});
				},
				GetEvents: (request, subscriber) => this.#subscribe(request, subscriber),
			},
			`unix:${path.join(folder, `${this.node}.sock`)}`,
		);
		await this.#listenMetrics(path.join(folder, `${this.node}.metrics`));
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#metrics?.close();
		this.#metrics?.closeAllConnections();
		await this.#listening?.close();
	}

	#subscribe(bytes: Buffer, subscriber: Subscriber): () => void {
		const request = decodeMessage('GetEventsRequest', bytes) as EventsRequest;
		if ([...(request.allow_list ?? []), ...(request.deny_list ?? [])].some(filter => filter.cel_expression?.length)) {
			throw new GrpcError(status.UNKNOWN, 'error compiling CEL expression: the agents of the demo evaluate none');
		}

		const wanted = clientFilter(request);
		const facts = newFacts();
		const send: (frame: Buffer) => void = frame => {
			if (wanted) {
				scanFrame(frame, facts);
				if (!wanted(facts)) {
					return;
				}
			}

			if (!subscriber.push(frame)) {
				this.#dropped++;
			}
		};

		this.#subscribers.add(send);
		this.onFirstSubscriber?.();
		this.onFirstSubscriber = undefined;
		return () => this.#subscribers.delete(send);
	}

	/** Sends what became due since the last tick, over the end of the loop if need be. */
	#tick(elapsedMs: number): void {
		while (this.#playedMs < elapsedMs) {
			const loop = Math.floor(this.#playedMs / this.#loopMs);
			const fromMs = this.#playedMs - loop * this.#loopMs;
			const toMs = Math.min(elapsedMs - loop * this.#loopMs, this.#loopMs);
			const shift = this.#startedMs / 1000 - this.#epoch.seconds + (loop * this.#loopMs) / 1000;
			for (let index = this.#firstAfter(fromMs); index < this.#templates.length; index++) {
				const template = this.#templates[index];
				if (template === undefined || template.atMs > toMs) {
					break;
				}

				this.#send(template, shift);
			}

			this.#playedMs = loop * this.#loopMs + toMs;
		}
	}

	#send(template: Template, shift: number): void {
		if (template.policy !== '') {
			this.#policies.count(template.policy, template.enforced);
		}

		if (this.#subscribers.size > 0) {
			const frame = fillTemplate(template, shift);
			for (const send of this.#subscribers) {
				send(frame);
			}
		}
	}

	#firstAfter(atMs: number): number {
		let low = 0;
		let high = this.#templates.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#templates[middle]?.atMs ?? 0) > atMs) {
				high = middle;
			} else {
				low = middle + 1;
			}
		}

		return low;
	}

	async #listenMetrics(socket: string): Promise<void> {
		const server = createServer((_request, response) => {
			response.setHeader('content-type', 'text/plain; version=0.0.4');
			response.end(
				[
					'# TYPE tetragon_notify_overflowed_events_total counter',
					`tetragon_notify_overflowed_events_total ${this.#dropped}`,
					'# TYPE tetragon_observer_ringbuf_events_lost_total counter',
					'tetragon_observer_ringbuf_events_lost_total 0',
					'# TYPE process_start_time_seconds gauge',
					`process_start_time_seconds ${this.#epoch.seconds}`,
					'',
				].join('\n'),
			);
		});
		this.#metrics = server;
		const {promise, resolve, reject} = Promise.withResolvers<void>();
		server.once('error', reject);
		server.listen(socket, resolve);
		await promise;
		server.unref();
	}
}

function encode(name: string, object: object): Buffer {
	return Buffer.from(encodeMessage(name, object));
}
