/** A connected, and where needed encrypted, socket to the API server, straight or through a proxy. */
import {request as httpRequest} from 'node:http';
import {request as httpsRequest} from 'node:https';
import net, {isIP, type Socket} from 'node:net';
import tls, {type SecureContext} from 'node:tls';
import {Refusal} from '../../problem.js';
import {bareHost} from './proxy.js';
import {socksConnect} from './socks.js';

export type Dial = {
	readonly server: URL;
	readonly proxy: URL | undefined;
	/** SNI and the name that the certificate must carry; '': the server's own. */
	readonly tlsServerName: string;
	readonly insecureSkipTlsVerify: boolean;
	readonly secureContext: SecureContext | undefined;
	/** A ticket of an earlier handshake: half the work for the 500th connection. */
	readonly session?: Buffer | undefined;
	readonly onSession?: (session: Buffer) => void;
};

const connectTimeoutMs = 10_000;

/** Rejects with the system's or TLS's own error, or a Refusal of the proxy. */
export async function dial(options: Dial): Promise<Socket> {
	const {server} = options;
	const host = bareHost(server.hostname);
	const port = Number(server.port || (server.protocol === 'http:' ? 80 : 443));
	const raw = options.proxy === undefined ? await connect(host, port) : await throughProxy(options.proxy, host, port);
	raw.setNoDelay(true);
	raw.setKeepAlive(true, 30_000);
	return server.protocol === 'http:' ? raw : encrypt(raw, host, options);
}

function connect(host: string, port: number): Promise<Socket> {
	return settled(net.connect({host, port}), 'connect', `${host}:${port}`);
}

async function throughProxy(proxy: URL, host: string, port: number): Promise<Socket> {
	if (proxy.protocol.startsWith('socks5')) {
		const socket = await connect(bareHost(proxy.hostname), Number(proxy.port || 1080));
		try {
			await socksConnect(socket, proxy, host, port);
			return socket;
		} catch (error) {
			socket.destroy();
			throw error;
		}
	}

	const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
	const send = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
	const request = send({
		host: bareHost(proxy.hostname),
		port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
		method: 'CONNECT',
		path: target,
		headers: {Host: target, ...proxyAuthorization(proxy)},
		timeout: connectTimeoutMs,
		agent: false,
	});
	const {promise, resolve, reject} = Promise.withResolvers<Socket>();
	request.on('connect', (response, socket, head) => {
		if (response.statusCode !== 200) {
			socket.destroy();
			const why = `it answers ${response.statusCode} ${response.statusMessage ?? ''} to CONNECT ${target}`.trim();
			reject(new Refusal(`proxy ${proxy.host}`, why, 'check proxy-url, HTTPS_PROXY and NO_PROXY'));
			return;
		}

		if (head.length > 0) {
			socket.unshift(head);
		}

		resolve(socket as Socket);
	});
	request.on('response', response => {
		response.resume();
		const why = `it answers ${response.statusCode} to CONNECT ${target}`;
		reject(new Refusal(`proxy ${proxy.host}`, why, 'check proxy-url, HTTPS_PROXY and NO_PROXY'));
	});
	request.on('timeout', () => request.destroy(new Error(`proxy ${proxy.host} does not answer`)));
	request.on('error', error => {
		const why = (error as NodeJS.ErrnoException).code ?? error.message;
		reject(new Refusal(`proxy ${proxy.host}`, why, 'check proxy-url, HTTPS_PROXY and NO_PROXY'));
	});
	request.end();
	return promise;
}

function proxyAuthorization(proxy: URL): Readonly<Record<string, string>> {
	if (proxy.username === '') {
		return {};
	}

	const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
	return {'Proxy-Authorization': `Basic ${Buffer.from(pair).toString('base64')}`};
}

function encrypt(socket: Socket, host: string, options: Dial): Promise<Socket> {
	const name = options.tlsServerName || host;
	const secure = tls.connect({
		socket,
		host: name,
		// SNI may not be an address (RFC 6066); the certificate is checked against `host` then.
		...(isIP(name) === 0 ? {servername: name} : {}),
		rejectUnauthorized: !options.insecureSkipTlsVerify,
		ALPNProtocols: ['http/1.1'],
		...(options.secureContext === undefined ? {} : {secureContext: options.secureContext}),
		...(options.session === undefined ? {} : {session: options.session}),
	});
	if (options.onSession !== undefined) {
		secure.on('session', options.onSession);
	}

	return settled(secure, 'secureConnect', host);
}

function settled(socket: Socket, event: 'connect' | 'secureConnect', name: string): Promise<Socket> {
	const {promise, resolve, reject} = Promise.withResolvers<Socket>();
	const timer = setTimeout(() => {
		socket.destroy(Object.assign(new Error(`${name} does not answer`), {code: 'ETIMEDOUT'}));
	}, connectTimeoutMs);

	function done() {
		clearTimeout(timer);
		socket.off('error', fail);
		socket.off('close', closed);
		resolve(socket);
	}

	function fail(error: Error) {
		clearTimeout(timer);
		reject(error);
	}

	function closed() {
		return fail(Object.assign(new Error(`${name} hung up`), {code: 'ECONNRESET'}));
	}

	socket.once(event, done);
	socket.once('error', fail);
	socket.once('close', closed);
	return promise;
}
