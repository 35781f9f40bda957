/** A Tetragon agent that tests command: a real gRPC server, on a unix socket or loopback, that plays what it is told. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type ServerCredentials, status} from '@grpc/grpc-js';
import {type Answers, GrpcError, type Listening, listen, type Subscriber} from '../../source/demo/server.js';
import type {Address} from '../../source/tetragon/agent/address.js';
import type {AgentOptions as ClientOptions} from '../../source/tetragon/agent/client.js';
import {decodeMessage} from '../../source/tetragon/wire/decode.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';
import {recordedBytes} from './recordings.js';

export type TestAgentOptions = {
	/** Sent to each client when it subscribes. */
	readonly frames?: readonly Buffer[];
	readonly version?: string;
	/** Calls that this agent is too old for. */
	readonly lacking?: readonly string[];
	readonly policies?: () => readonly object[];
	readonly dump?: Buffer;
	/** Milliseconds that a call is kept waiting. */
	readonly delays?: Readonly<Record<string, number>>;
	readonly answers?: Answers;
	readonly credentials?: ServerCredentials;
	/** Loopback instead of a unix socket. */
	readonly tcp?: boolean;
};

export class TestAgent {
	/** Requests in the order they came. */
	readonly calls: string[] = [];
	readonly requests: Array<Readonly<Record<string, unknown>>> = [];
	readonly #options: TestAgentOptions;
	readonly #folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
	readonly #subscribers = new Set<Subscriber>();
	#listening: Listening | undefined;
	#port = 0;

	private constructor(options: TestAgentOptions) {
		this.#options = options;
	}

	static async start(options: TestAgentOptions = {}): Promise<TestAgent> {
		const agent = new TestAgent(options);
		await agent.listen();
		return agent;
	}

	get address(): Address {
		return this.#options.tcp ? {type: 'tcp', host: '127.0.0.1', port: this.#port} : {type: 'unix', path: this.#socket};
	}

	get client(): ClientOptions {
		return {address: this.address};
	}

	get folder(): string {
		return this.#folder;
	}

	get subscribers(): number {
		return this.#subscribers.size;
	}

	/** Listens again at the same address, as an agent that was restarted does. */
	async listen(): Promise<void> {
		const target = this.#options.tcp ? `127.0.0.1:${this.#port}` : `unix:${this.#socket}`;
		this.#listening = await listen(this.#answers(), target, this.#options.credentials);
		this.#port = this.#listening.port;
	}

	/** Sockets are cut, nothing is said: SIGKILL. */
	async kill(): Promise<void> {
		this.#subscribers.clear();
		await this.#listening?.close();
	}

	send(frames: readonly Buffer[]): void {
		for (const subscriber of this.#subscribers) {
			for (const frame of frames) {
				subscriber.push(frame);
			}
		}
	}

	/** Ends the streams, with OK or a status, and goes on listening. */
	endStreams(code = status.OK as number, text = ''): void {
		for (const subscriber of this.#subscribers) {
			subscriber.end(code === status.OK ? undefined : new GrpcError(code, text));
		}

		this.#subscribers.clear();
	}

	/** Events that the clients of the moment were too slow for. */
	get dropped(): number {
		return [...this.#subscribers].reduce((sum, {dropped}) => sum + dropped, 0);
	}

	remove(): void {
		rmSync(this.#folder, {recursive: true, force: true});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.kill();
		this.remove();
	}

	get #socket(): string {
		return path.join(this.#folder, 'agent.sock');
	}

	#answers(): Answers {
		const {frames = [], version, policies, dump, lacking = []} = this.#options;
		const all: Answers = {
			GetHealth: () => recordedBytes('rpc/GetHealth.bin'),
			GetVersion: () =>
				version === undefined ? recordedBytes('rpc/GetVersion.bin') : encode('GetVersionResponse', {version}),
			GetInfo: () => recordedBytes('rpc/GetInfo.bin'),
			ListTracingPolicies: () =>
				policies
					? encode('ListTracingPoliciesResponse', {policies: policies()})
					: recordedBytes('rpc/ListTracingPolicies.bin'),
			ConfigureTracingPolicy: () => Buffer.alloc(0),
			GetDebug: request => {
				// The bug of a real agent: it dies here.
				if (decodeMessage('GetDebugRequest', request)['dump'] === undefined) {
					void this.kill();
				}

				return dump ?? recordedBytes('rpc/GetDebug.bin');
			},
			GetEvents: (request, subscriber) => {
				this.requests.push(decodeMessage('GetEventsRequest', request));
				this.#subscribers.add(subscriber);
				void push(subscriber, frames);
				return () => this.#subscribers.delete(subscriber);
			},
			...this.#options.answers,
		};
		const known = Object.entries(all).filter(([name]) => !lacking.includes(name));
		return Object.fromEntries(known.map(([name, answer]) => [name, this.#watched(name, answer)])) as Answers;
	}

	#watched(name: string, answer: unknown): unknown {
		const call = answer as (...values: unknown[]) => unknown;
		const delay = this.#options.delays?.[name];
		if (delay === undefined) {
			return (...values: unknown[]) => {
				this.calls.push(name);
				return call(...values);
			};
		}

		return async (...values: unknown[]) => {
			this.calls.push(name);
			await new Promise(resolve => setTimeout(resolve, delay).unref());
			return call(...values);
		};
	}
}

/** As fast as the client reads, and no faster: a recording is to arrive whole. */
async function push(subscriber: Subscriber, frames: readonly Buffer[]): Promise<void> {
	for (const [index, frame] of frames.entries()) {
		while (subscriber.waiting > 1000) {
			await new Promise(resolve => setImmediate(resolve));
			if (subscriber.left) {
				return;
			}
		}

		subscriber.push(frame);
		if (index % 500 === 499) {
			await new Promise(resolve => setImmediate(resolve));
		}
	}
}

function encode(name: string, object: object): Buffer {
	return Buffer.from(encodeMessage(name, object));
}
