/** Opens a socket to the API server, with TLS for https, directly or through a proxy. */
import {request as httpRequest} from 'node:http';
import {request as httpsRequest} from 'node:https';
import net, {isIP, type Socket} from 'node:net';
import tls, {type SecureContext} from 'node:tls';
import {Refusal} from '../../problem.js';
import {bareHost} from './proxy.js';
import {socksConnect} from './socks.js';

type Dial = {
	readonly server: URL;
	readonly proxy: URL | undefined;
	/** The name for SNI and for the check of the certificate; '': the server's host. */
	readonly tlsServerName: string;
	readonly insecureSkipTlsVerify: boolean;
	readonly secureContext: SecureContext | undefined;
	/** A ticket of an earlier handshake: it saves half the work of a handshake. */
	readonly session?: Buffer | undefined;
	readonly onSession?: (session: Buffer) => void;
};

/** For the TCP connection, for the proxy's answer and for the TLS handshake, each. */
const connectTimeoutMs = 10_000;

/** Rejects with the error of the system or of TLS, or with a Refusal of the proxy. */
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

function throughProxy(proxy: URL, host: string, port: number): Promise<Socket> {
	return proxy.protocol.startsWith('socks5') ? throughSocks(proxy, host, port) : throughHttp(proxy, host, port);
}

async function throughSocks(proxy: URL, host: string, port: number): Promise<Socket> {
	const socket = await connect(bareHost(proxy.hostname), Number(proxy.port || 1080));
	try {
		await socksConnect(socket, proxy, host, port);
		return socket;
	} catch (error) {
		socket.destroy();
		throw error;
	}
}

function throughHttp(proxy: URL, host: string, port: number): Promise<Socket> {
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

	function refuse(why: string) {
		reject(new Refusal(`proxy ${proxy.host}`, why, 'check proxy-url, HTTPS_PROXY and NO_PROXY'));
	}

	request.on('connect', (response, socket, head) => {
		if (response.statusCode !== 200) {
			socket.destroy();
			refuse(`it answers ${response.statusCode} ${response.statusMessage ?? ''} to CONNECT ${target}`.trim());
			return;
		}

		if (head.length > 0) {
			socket.unshift(head);
		}

		resolve(socket as Socket);
	});
	request.on('response', response => {
		response.resume();
		refuse(`it answers ${response.statusCode} to CONNECT ${target}`);
	});
	request.on('timeout', () => request.destroy(new Error(`proxy ${proxy.host} does not answer`)));
	request.on('error', error => refuse((error as NodeJS.ErrnoException).code ?? error.message));
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
		// SNI may not be an address (RFC 6066); `host` is then checked against the certificate.
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
		return fail(Object.assign(new Error(`${name} closed the connection`), {code: 'ECONNRESET'}));
	}

	socket.once(event, done);
	socket.once('error', fail);
	socket.once('close', closed);
	return promise;
}
