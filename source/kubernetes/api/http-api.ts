/** The API server over our own HTTPS requests and WebSockets. After a 401 the login is renewed once and the request repeated. */
import http, {type IncomingMessage} from 'node:http';
import https from 'node:https';
import type {Readable} from 'node:stream';
import {createGunzip} from 'node:zlib';
import WebSocket from 'ws';
import {type Authorization, type Credentials, createCredentials} from '../auth/credentials.js';
import type {PluginSurroundings} from '../auth/exec-plugin.js';
import type {Access} from '../kubeconfig/access.js';
import {createApiAgent} from '../net/agent.js';
import {type Api, type Query, type RequestOptions, withQuery} from './api.js';
import {type Asked, refusalOfAnswer, refusalOfNetwork} from './refusal.js';

export type HttpApiOptions = Omit<PluginSurroundings, 'cluster'> & {
	/** For get and create, where --request-timeout does not say. */
	readonly defaultTimeoutMs?: number;
};

/** Throws a Refusal where the access cannot work at all. */
export function createHttpApi(access: Access, options: HttpApiOptions): Api {
	const credentials = createCredentials(access.user, {...options, cluster: access.cluster});
	const agent = createApiAgent(access, credentials, options.environment);
	const base = agent.server.pathname.replace(/\/$/, '');
	// A program that stays for days takes a minute of silence for a dead server. 0 is kubectl's word for no limit.
	const timeoutMs = access.requestTimeoutMs ?? options.defaultTimeoutMs ?? 60_000;
	const server = agent.server.origin;

	function asked(method: string, path: string): Asked {
		return {
			what: `${method} ${path}`,
			secrets: credentials.secrets(),
		};
	}

	async function send(method: string, path: string, {query, signal, accept}: RequestOptions, body?: string) {
		const target = base + withQuery(path, query);
		return renewing(credentials, agent.forgetIdle, async authorization => {
			const response = await request({method, target, body, signal, authorization, accept});
			if (response.statusCode !== undefined && response.statusCode < 300) {
				return response;
			}

			throw refusalOfAnswer(response.statusCode ?? 0, await readAll(response), asked(method, path));
		}).catch(error => {
			throw signal?.aborted === true &&
				!(signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError')
				? signal.reason
				: refusalOfNetwork(timedOut(error), server, asked(method, path));
		});
	}

	type Sent = {
		readonly method: string;
		readonly target: string;
		readonly body: string | undefined;
		readonly signal: AbortSignal | undefined;
		readonly accept: string | undefined;
		readonly authorization: Authorization;
	};

	function request(sent: Sent, again = true): Promise<IncomingMessage> {
		const {promise, resolve, reject} = Promise.withResolvers<IncomingMessage>();
		const start = agent.server.protocol === 'http:' ? http.request : https.request;
		const outgoing = start({
			host: agent.server.hostname,
			port: agent.server.port,
			method: sent.method,
			path: sent.target,
			agent: agent.forRequests,
			headers: {
				Accept: sent.accept ?? 'application/json',
				'Accept-Encoding': 'gzip',
				'User-Agent': 'tetratop',
				...(sent.body === undefined ? {} : {'Content-Type': 'application/json'}),
				...headersOf(sent.authorization),
			},
			...(sent.signal === undefined ? {} : {signal: sent.signal}),
		});
		outgoing.on('response', resolve);
		outgoing.on('error', (error: NodeJS.ErrnoException) => {
			// A kept socket that the server closed at this very moment.
			if (again && outgoing.reusedSocket && error.code === 'ECONNRESET' && sent.method === 'GET') {
				request(sent, false).then(resolve, reject);
				return;
			}

			reject(error);
		});
		outgoing.end(sent.body);
		return promise;
	}

	function limited(signal: AbortSignal | undefined): AbortSignal | undefined {
		if (timeoutMs === 0) {
			return signal;
		}

		const limit = AbortSignal.timeout(timeoutMs);
		return signal === undefined ? limit : AbortSignal.any([signal, limit]);
	}

	async function parsed<Answer>(method: string, path: string, request: RequestOptions, body?: string) {
		const signal = limited(request.signal);
		const response = await send(method, path, {...request, signal}, body);
		const text = await readAll(response).catch(error => {
			throw refusalOfNetwork(timedOut(error), server, asked(method, path));
		});
		try {
			return JSON.parse(text) as Answer;
		} catch {
			throw refusalOfAnswer(
				response.statusCode ?? 0,
				`the answer is no JSON: is ${server} an API server?`,
				asked(method, path),
			);
		}
	}

	return {
		server,
		get: (path, request = {}) => parsed('GET', path, request),
		create: (path, body, signal) => parsed('POST', path, {signal}, JSON.stringify(body)),
		async stream(path, request = {}) {
			return plain(await send('GET', path, request));
		},
		async upgrade(path, query, protocols, signal) {
			const url = new URL(base + withQuery(path, query), agent.server);
			url.protocol = agent.server.protocol === 'http:' ? 'ws:' : 'wss:';
			return renewing(credentials, agent.forgetIdle, authorization =>
				openWebSocket(url, {protocols, signal, authorization, agent: agent.forUpgrades, asked: asked('connect', path)}),
			).catch(error => {
				throw signal?.aborted === true ? signal.reason : refusalOfNetwork(error, server, asked('connect', path));
			});
		},
		async logIn() {
			await credentials.authorize();
		},
		secrets: credentials.secrets,
		close: agent.close,
	};
}

/** Once more after a 401, if the login could be renewed. */
async function renewing<Answer>(
	credentials: Credentials,
	forgetIdle: () => void,
	attempt: (authorization: Authorization) => Promise<Answer>,
): Promise<Answer> {
	const authorization = await credentials.authorize();
	try {
		return await attempt(authorization);
	} catch (error) {
		if ((error as {code?: unknown}).code !== 401 || !credentials.rejected(authorization.generation)) {
			throw error;
		}

		forgetIdle();
		return attempt(await credentials.authorize());
	}
}

type WebSocketOptions = {
	readonly protocols: readonly string[];
	readonly signal: AbortSignal | undefined;
	readonly authorization: Authorization;
	readonly agent: http.Agent;
	readonly asked: Asked;
};

const upgradeTimeoutMs = 15_000;

function openWebSocket(url: URL, options: WebSocketOptions): Promise<WebSocket> {
	const {promise, resolve, reject} = Promise.withResolvers<WebSocket>();
	const socket = new WebSocket(url, [...options.protocols], {
		agent: options.agent,
		headers: {'User-Agent': 'tetratop', ...headersOf(options.authorization)} as Record<string, string>,
		handshakeTimeout: upgradeTimeoutMs,
		perMessageDeflate: false,
		maxPayload: 0,
		// Payload is bytes, never text.
		skipUTF8Validation: true,
	});

	function abort() {
		return socket.terminate();
	}

	options.signal?.addEventListener('abort', abort, {once: true});

	function settle() {
		return options.signal?.removeEventListener('abort', abort);
	}

	socket.once('open', () => {
		settle();
		// Frames that came with the 101 must wait until somebody listens.
		socket.pause();
		resolve(socket);
	});
	socket.once('unexpected-response', (_request, response) => {
		settle();
		readAll(response).then(body => reject(refusalOfAnswer(response.statusCode ?? 0, body, options.asked)), reject);
	});
	// Stays for the life of the socket: after open, `close` tells what there is to tell.
	socket.on('error', error => {
		settle();
		reject(error);
	});
	if (options.signal?.aborted === true) {
		abort();
	}

	return promise;
}

/** The names of headers are in no type of their own here; arrays become several lines. */
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

async function readAll(response: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of plain(response)) {
		chunks.push(chunk as Buffer);
	}

	return Buffer.concat(chunks).toString();
}

function timedOut(error: unknown): unknown {
	return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
		? Object.assign(new Error('it does not answer'), {code: 'ETIMEDOUT'})
		: error;
}

export type {Query};
