/** The API server over tetratop's own HTTPS requests and WebSockets. After a 401 the login is renewed and the request repeated, once. */
import http, {type IncomingMessage} from 'node:http';
import https from 'node:https';
import type {Readable} from 'node:stream';
import {createGunzip} from 'node:zlib';
import WebSocket from 'ws';
import {readBeginning, readBounded, TooLong} from '../../runtime/bounded-body.js';
import {type Authorization, Credentials} from '../auth/credentials.js';
import type {PluginSurroundings} from '../auth/exec-plugin.js';
import type {Access} from '../kubeconfig/precedence.js';
import {ApiAgent} from '../net/agent.js';
import {type Api, longestAnswer, longestError, type Query, type RequestOptions, readAnswer, withQuery} from './api.js';
import {type Asked, refusalOfAnswer, refusalOfNetwork} from './refusal.js';
import type {Shape} from './shape.js';

type HttpApiOptions = Omit<PluginSurroundings, 'cluster'> & {
	/** Milliseconds for get and create when --request-timeout is not given. */
	readonly defaultTimeoutMs?: number;
};

type Sent = {
	readonly method: string;
	readonly target: string;
	readonly body: string | undefined;
	readonly signal: AbortSignal | undefined;
	readonly accept: string | undefined;
	readonly authorization: Authorization;
};

/** A program that runs for days must take a minute of silence as a dead server. */
const standardTimeoutMs = 60_000;
/** Bytes of a WebSocket frame. A kubelet sends 32 kB at most. */
const longestFrame = 16 * 1024 ** 2;
const upgradeTimeoutMs = 15_000;

export class HttpApi implements Api {
	readonly server: string;
	readonly #credentials: Credentials;
	readonly #agent: ApiAgent;
	/** Path of the server's URL, without a slash at the end. */
	readonly #base: string;
	/** 0: no limit, as for kubectl. */
	readonly #timeoutMs: number;

	/** Throws a Refusal when the access cannot work at all. */
	constructor(access: Access, options: HttpApiOptions) {
		this.#credentials = new Credentials(access.user, {...options, cluster: access.cluster});
		this.#agent = new ApiAgent(access, this.#credentials, options.environment);
		this.#base = this.#agent.server.pathname.replace(/\/$/, '');
		this.#timeoutMs = access.requestTimeoutMs ?? options.defaultTimeoutMs ?? standardTimeoutMs;
		this.server = this.#agent.server.origin;
	}

	async get<Answer>(path: string, shape: Shape<Answer>, request: RequestOptions = {}): Promise<Answer> {
		return this.#parsed('GET', path, shape, request);
	}

	async create<Answer>(path: string, body: unknown, shape: Shape<Answer>, signal?: AbortSignal): Promise<Answer> {
		return this.#parsed('POST', path, shape, {signal}, JSON.stringify(body));
	}

	async stream(path: string, request: RequestOptions = {}): Promise<Readable> {
		return plain(await this.#send('GET', path, request));
	}

	async upgrade(path: string, query: Query, protocols: readonly string[], signal?: AbortSignal): Promise<WebSocket> {
		const {server, forUpgrades} = this.#agent;
		const url = new URL(this.#base + withQuery(path, query), server);
		url.protocol = server.protocol === 'http:' ? 'ws:' : 'wss:';
		const asked = this.#asked('connect', path);
		try {
			return await this.#renewing(authorization =>
				openWebSocket(url, {protocols, signal, authorization, agent: forUpgrades, asked}),
			);
		} catch (error) {
			throw signal?.aborted === true ? signal.reason : refusalOfNetwork(error, this.server, asked);
		}
	}

	async logIn(): Promise<void> {
		await this.#credentials.authorize();
	}

	secrets(): readonly string[] {
		return this.#credentials.secrets;
	}

	close(): void {
		this.#agent.close();
	}

	async #parsed<Answer>(
		method: string,
		path: string,
		shape: Shape<Answer>,
		request: RequestOptions,
		sent?: string,
	): Promise<Answer> {
		const signal = this.#limited(request.signal);
		const asked = this.#asked(method, path);
		const response = await this.#send(method, path, {...request, signal}, sent);
		const body = await readBounded(plain(response), request.limit ?? longestAnswer).catch(error => {
			response.destroy();
			throw error instanceof TooLong
				? refusalOfAnswer(response.statusCode ?? 0, error.message, asked)
				: refusalOfNetwork(timedOut(error), this.server, asked);
		});
		request.took?.(body.length);
		try {
			return readAnswer(body, shape);
		} catch (error) {
			const why = error instanceof SyntaxError ? 'the answer is not JSON' : (error as Error).message;
			throw refusalOfAnswer(response.statusCode ?? 0, `${why}: is ${this.server} an API server?`, asked);
		}
	}

	async #send(method: string, path: string, {query, signal, accept}: RequestOptions, body?: string) {
		const target = this.#base + withQuery(path, query);
		const asked = this.#asked(method, path);
		try {
			return await this.#renewing(async authorization => {
				const response = await this.#request({method, target, body, signal, authorization, accept});
				if (response.statusCode !== undefined && response.statusCode < 300) {
					return response;
				}

				throw refusalOfAnswer(response.statusCode ?? 0, await errorText(response), asked);
			});
		} catch (error) {
			throw isAbortedByCaller(signal) ? signal?.reason : refusalOfNetwork(timedOut(error), this.server, asked);
		}
	}

	#request(sent: Sent, again = true): Promise<IncomingMessage> {
		const {promise, resolve, reject} = Promise.withResolvers<IncomingMessage>();
		const {server, forRequests} = this.#agent;
		const start = server.protocol === 'http:' ? http.request : https.request;
		const outgoing = start({
			host: server.hostname,
			port: server.port,
			method: sent.method,
			path: sent.target,
			agent: forRequests,
			generation: sent.authorization.generation,
			headers: {
				Accept: sent.accept ?? 'application/json',
				'Accept-Encoding': 'gzip',
				'User-Agent': 'tetratop',
				...(sent.body === undefined ? {} : {'Content-Type': 'application/json'}),
				...headersOf(sent.authorization),
			},
			...(sent.signal === undefined ? {} : {signal: sent.signal}),
		} as https.RequestOptions);
		outgoing.on('response', resolve);
		outgoing.on('error', (error: NodeJS.ErrnoException) => {
			// The server closed the kept socket at the moment at which the request was sent.
			if (again && outgoing.reusedSocket && error.code === 'ECONNRESET' && sent.method === 'GET') {
				this.#request(sent, false).then(resolve, reject);
				return;
			}

			reject(error);
		});
		outgoing.end(sent.body);
		return promise;
	}

	/** Repeats the attempt once after a 401, when the login could be renewed. */
	async #renewing<Answer>(attempt: (authorization: Authorization) => Promise<Answer>): Promise<Answer> {
		const authorization = await this.#credentials.authorize();
		try {
			return await attempt(authorization);
		} catch (error) {
			if ((error as {code?: unknown}).code !== 401 || !this.#credentials.rejected(authorization.generation)) {
				throw error;
			}

			this.#agent.forgetIdle();
			return attempt(await this.#credentials.authorize());
		}
	}

	#limited(signal: AbortSignal | undefined): AbortSignal | undefined {
		if (this.#timeoutMs === 0) {
			return signal;
		}

		const limit = AbortSignal.timeout(this.#timeoutMs);
		return signal === undefined ? limit : AbortSignal.any([signal, limit]);
	}

	#asked(method: string, path: string): Asked {
		return {what: `${method} ${path}`, secrets: this.#credentials.secrets};
	}
}

type WebSocketOptions = {
	readonly protocols: readonly string[];
	readonly signal: AbortSignal | undefined;
	readonly authorization: Authorization;
	readonly agent: http.Agent;
	readonly asked: Asked;
};

function openWebSocket(url: URL, options: WebSocketOptions): Promise<WebSocket> {
	const {promise, resolve, reject} = Promise.withResolvers<WebSocket>();
	const socket = new WebSocket(url, [...options.protocols], {
		agent: options.agent,
		headers: {'User-Agent': 'tetratop', ...headersOf(options.authorization)} as Record<string, string>,
		handshakeTimeout: upgradeTimeoutMs,
		perMessageDeflate: false,
		maxPayload: longestFrame,
		// The payload is bytes and never text.
		skipUTF8Validation: true,
	});

	function abort() {
		socket.terminate();
	}

	function settle() {
		options.signal?.removeEventListener('abort', abort);
	}

	options.signal?.addEventListener('abort', abort, {once: true});
	socket.once('open', () => {
		settle();
		// Frames that arrive together with the 101 wait until the tunnel listens.
		socket.pause();
		resolve(socket);
	});
	socket.once('unexpected-response', (_request, response) => {
		settle();
		errorText(response).then(body => reject(refusalOfAnswer(response.statusCode ?? 0, body, options.asked)), reject);
	});
	// This listener stays: without one a later error would end the program. After `open` the close event reports the end.
	socket.on('error', error => {
		settle();
		reject(error);
	});
	if (options.signal?.aborted === true) {
		abort();
	}

	return promise;
}

/** The type of Node's headers allows mutable arrays only; an array becomes one header line for each element. */
function headersOf(authorization: Authorization) {
	return authorization.headers as Record<string, string | string[]>;
}

function plain(response: IncomingMessage): Readable {
	if (response.headers['content-encoding'] !== 'gzip') {
		return response;
	}

	const gunzip = createGunzip();
	response.on('error', error => gunzip.destroy(error));
	gunzip.on('close', () => response.destroy());
	return response.pipe(gunzip);
}

/** The words of a server that refuses; a server that sends them for ever is cut. */
async function errorText(response: IncomingMessage): Promise<string> {
	const bytes = await readBeginning(plain(response), longestError);
	response.destroy();
	return bytes.toString();
}

/** false for the time limit of a request: its end is reported as a server that does not answer. */
function isAbortedByCaller(signal: AbortSignal | undefined): boolean {
	return signal?.aborted === true && !(signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError');
}

function timedOut(error: unknown): unknown {
	return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
		? Object.assign(new Error('it does not answer'), {code: 'ETIMEDOUT'})
		: error;
}
