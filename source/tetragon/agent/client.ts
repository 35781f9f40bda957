/** A Link over grpc-js: from an address to the calls of one agent. */
import {type CallOptions, type Client, Metadata, status} from '@grpc/grpc-js';
import {Refusal} from '../../problem.js';
import {decodeMessage} from '../wire/decode.js';
import {encodeMessage} from '../wire/encode.js';
import {type Address, addressText} from './address.js';
import {defaultLongestMessage, openChannel} from './channel.js';
import {diagnose} from './diagnosis.js';
import {readDump} from './dump.js';
import type {Connection, EventsRequest, EventsSink, Link, PolicyChange, Subscription} from './link.js';
import {fetchMetrics, type MetricsAddress, metricsBeside} from './metrics.js';
import type {PolicyStatus} from './policy.js';
import {missingIn} from './release.js';
import {requestFor} from './request-for.js';
import {type MethodName, methodPath, methods, passBytes} from './service.js';
import {exceededLimit, inWords, isServiceError, isUnknownDump, plainDetails, tooLong} from './status-words.js';
import {type TlsMaterial, type TlsOptions, tlsFor, wantsTls} from './tls.js';

/** Milliseconds that a call may take. */
type Deadlines = {readonly open: number; readonly health: number; readonly unary: number; readonly dump: number};

const noDeadline = Number.POSITIVE_INFINITY;

/** Milliseconds after which an open stream counts as accepted: a stream without events does not even send headers. */
const probeMs = 500;

const defaultDeadlines: Deadlines = {open: 10_000, health: 5000, unary: 10_000, dump: 60_000};

export type AgentOptions = {
	readonly address: Address;
	readonly tls?: TlsOptions | undefined;
	/** Shown in the Nodes view; the address where nothing better is known. */
	readonly agent?: string;
	/** Default: tcp or unix, by the address; a tunnel gives its own. */
	readonly via?: string;
	/** The Kubernetes node where it is known. */
	readonly node?: string;
	/** Where its losses are counted. Default: that of an agent on this machine. */
	readonly metrics?: MetricsAddress | undefined;
	/** --max-recv-size, in bytes. Default: 16 MiB. */
	readonly longestMessage?: number | undefined;
	readonly deadlines?: Partial<Deadlines>;
};

/** The link to an agent at an address. Opening it proves with GetVersion that an agent answers. */
export function agentLink(options: AgentOptions): Link {
	return {
		node: options.node ?? addressText(options.address),
		open: async signal => openAgent(options, signal),
	};
}

/** Throws a Refusal with the address, the cause and what to do. */
export async function openAgent(options: AgentOptions, signal: AbortSignal): Promise<Connection> {
	signal.throwIfAborted();
	const tls = wantsTls(options.tls) ? tlsFor(options.tls, options.address, options.via) : undefined;
	const client = openChannel(options.address, tls, options.longestMessage);
	const connection = new AgentConnection(client, options);

	function close(): void {
		connection.close();
	}

	signal.addEventListener('abort', close, {once: true});
	try {
		await connection.greet();
		return connection;
	} catch (error) {
		connection.close();
		signal.throwIfAborted();
		throw await refusalFor(error, options.address, tls);
	} finally {
		signal.removeEventListener('abort', close);
	}
}

async function refusalFor(error: unknown, address: Address, tls: TlsMaterial | undefined): Promise<Refusal> {
	if (!isServiceError(error)) {
		return new Refusal(
			`cannot reach the agent at ${addressText(address)}`,
			error instanceof Error ? error.message : String(error),
			'check the address',
		);
	}

	if (error.code === status.UNIMPLEMENTED) {
		return new Refusal(
			`there is no Tetragon agent at ${addressText(address)}`,
			'what answers there is another gRPC service',
			'give the address of the agent to --server-address',
			false,
		);
	}

	return diagnose(address, tls, error.details || error.message);
}

class AgentConnection implements Connection {
	readonly agent: string;
	readonly via: string;
	readonly metrics?: () => Promise<string>;
	readonly #client: Client;
	readonly #deadlines: Deadlines;
	readonly #longestMessage: number;
	readonly #missing = new Set<string>();
	/** Closing a channel leaves its calls waiting for their deadlines: they are ended here. */
	readonly #calls = new Set<{cancel: () => void}>();
	#version = '';

	constructor(client: Client, options: AgentOptions) {
		const {address, via, metrics = via === undefined ? metricsBeside(address) : undefined} = options;
		this.#client = client;
		this.#deadlines = {...defaultDeadlines, ...options.deadlines};
		this.#longestMessage = options.longestMessage ?? defaultLongestMessage;
		this.agent = options.agent ?? addressText(address);
		this.via = via ?? address.type;
		if (metrics) {
			this.metrics = async () => fetchMetrics(metrics);
		}
	}

	/** The event stream is silent until the first event: only a unary call proves that an agent answers. */
	async greet(): Promise<void> {
		try {
			const {version} = await this.#ask('GetVersion', {}, this.#deadlines.open);
			this.#version = String(version ?? '');
		} catch (error) {
			// A relay that has GetEvents alone is accepted; another service is not.
			if (!isServiceError(error) || error.code !== status.UNIMPLEMENTED || !(await this.#sendsEvents())) {
				throw error;
			}

			this.#missing.add('no version: what answers there knows GetEvents alone');
		}

		for (const missing of missingIn(this.#version)) {
			this.#missing.add(missing);
		}
	}

	async version(): Promise<string> {
		return this.#version;
	}

	async health(): Promise<void> {
		// Every answer proves that the agent runs, "unknown method" too; the state in it is always "running".
		try {
			await this.#call('GetHealth', {}, this.#deadlines.health);
		} catch (error) {
			if (!isServiceError(error) || error.code !== status.UNIMPLEMENTED) {
				throw error;
			}
		}
	}

	/** Whether GetEvents is there: it ends at once where it is not. */
	async #sendsEvents(): Promise<boolean> {
		const {promise, resolve} = Promise.withResolvers<boolean>();
		const subscription = this.events(
			{},
			{
				frame: () => resolve(true),
				event() {},
				malformed() {},
				end: ({code}) => resolve(code !== status.UNIMPLEMENTED),
			},
		);
		const timer = setTimeout(() => resolve(true), probeMs);
		const answer = await promise;
		clearTimeout(timer);
		subscription.cancel();
		return answer;
	}

	events(request: EventsRequest, sink: EventsSink): Subscription {
		// The call itself and not grpc-js' stream over it: what that adds to a message costs as much as scanning it.
		const call = this.#client.getChannel().createCall(methodPath('GetEvents'), noDeadline, null, null, null);
		const known = {cancel: () => call.cancelWithStatus(status.CANCELLED, 'cancelled here')};
		this.#calls.add(known);
		let open = true;
		call.start(new Metadata(), {
			onReceiveMetadata() {},
			onReceiveMessage(bytes: Buffer) {
				if (open) {
					sink.frame(bytes);
				}

				// At once, unless the sink has no room: an agent drops events in silence for a client that reads too slowly.
				const room = open ? sink.room?.() : undefined;
				if (room === undefined) {
					call.startRead();
				} else {
					void room.then(() => call.startRead());
				}
			},
			onReceiveStatus: ({code, details}) => {
				this.#calls.delete(known);
				if (open) {
					open = false;
					const limit = exceededLimit(code, details);
					const isTooLong = limit !== undefined;
					const text = isTooLong ? tooLong('a message', limit, true) : plainDetails(details);
					sink.end({code, text: text || (status[code] ?? `code ${code}`), ...(isTooLong ? {isTooLong} : {})});
				}
			},
		});
		call.startRead();
		call.sendMessageWithContext({}, bytesOf('GetEvents', this.#sendable(request)));
		call.halfClose();
		return {
			cancel() {
				open = false;
				known.cancel();
			},
		};
	}

	async policies(): Promise<readonly PolicyStatus[] | undefined> {
		const answer = await this.#optional('ListTracingPolicies', {}, this.#deadlines.unary, 'no policies');
		if (answer === undefined) {
			return undefined;
		}

		const {policies = []} = answer;
		return policies as readonly PolicyStatus[];
	}

	async dump(): ReturnType<Connection['dump']> {
		// `dump` must be there: an agent that is asked for the cache without it dies of a nil pointer.
		const request = {flag: 'CONFIG_FLAG_DUMP_PROCESS_CACHE', dump: {skip_zero_refcnt: true}};
		let bytes: Buffer;
		try {
			bytes = await this.#retrySizeMismatch(async () => this.#call('GetDebug', request, this.#deadlines.dump));
		} catch (error) {
			if (isServiceError(error) && isUnknownDump(error)) {
				this.#missing.add(`no process cache: the agent is ${this.#version || 'older'}, it came with v1.3`);
				return undefined;
			}

			throw error;
		}

		const processes = await readDump(bytes);
		if (processes.length === 0) {
			this.#missing.add('no process cache: the agent answers with an empty one (--disable-process-cache?)');
			return undefined;
		}

		return processes;
	}

	async configurePolicy(change: PolicyChange): Promise<void> {
		await this.#ask('ConfigureTracingPolicy', {...change, domain: change.domain ?? ''}, this.#deadlines.unary);
	}

	missing(): readonly string[] {
		return [...this.#missing];
	}

	close(): void {
		for (const call of this.#calls) {
			call.cancel();
		}

		this.#client.close();
	}

	/** Fields that this agent would ignore are kept from it and named; fleet/ applies all that it can of them itself. */
	#sendable(request: EventsRequest): EventsRequest {
		const known = requestFor(this.#version, request);
		for (const field of known.ignored) {
			const here = field === 'cel_expression' ? 'it is not applied' : 'tetratop filters itself';
			this.#missing.add(`no filter by ${field}: the agent is ${this.#version}, so ${here}`);
		}

		return known.request;
	}

	async #optional(
		name: MethodName,
		request: object,
		deadline: number,
		missing: string,
	): Promise<Record<string, unknown> | undefined> {
		try {
			return await this.#ask(name, request, deadline);
		} catch (error) {
			if (isServiceError(error) && error.code === status.UNIMPLEMENTED) {
				this.#missing.add(`${missing}: the agent ${this.#version} does not know ${name}`);
				return undefined;
			}

			throw error;
		}
	}

	/** v1.3 may answer a dump with INTERNAL "size mismatch" while processes come and go. */
	async #retrySizeMismatch(call: () => Promise<Buffer>): Promise<Buffer> {
		for (let attempt = 1; ; attempt++) {
			try {
				return await call();
			} catch (error) {
				const again = isServiceError(error) && error.code === status.INTERNAL && /size mismatch/.test(error.details);
				if (!again || attempt === 3) {
					throw error;
				}
			}
		}
	}

	async #ask(name: MethodName, request: object, deadline: number): Promise<Record<string, unknown>> {
		const bytes = await this.#call(name, request, deadline);
		return decodeMessage(methods[name].response, bytes) as Record<string, unknown>;
	}

	#call(name: MethodName, request: object, deadline: number): Promise<Buffer> {
		const {promise, resolve, reject} = Promise.withResolvers<Buffer>();
		const options: CallOptions = {deadline: Date.now() + deadline};
		const call = this.#client.makeUnaryRequest(
			methodPath(name),
			passBytes,
			passBytes,
			bytesOf(name, request),
			new Metadata(),
			options,
			(error, bytes) => {
				this.#calls.delete(call);
				if (error && exceededLimit(error.code, error.details) !== undefined) {
					this.#missing.add(`no answer to ${name}: it is longer than its limit`);
				}

				if (error || !bytes) {
					reject(error ? inWords(error, name, this.#longestMessage) : new Error('no answer'));
				} else {
					resolve(bytes);
				}
			},
		);
		this.#calls.add(call);
		return promise;
	}
}

/** An empty request is no bytes: most calls need no encoder, which takes its time to load. */
function bytesOf(name: MethodName, request: object): Buffer {
	return Object.keys(request).length === 0
		? Buffer.alloc(0)
		: Buffer.from(encodeMessage(methods[name].request, request));
}
