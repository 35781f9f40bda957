/** Servers that record how a client asks: for the table of kubeconfigs, whose expectations were taken from kubectl in the same way. */
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import http, {type IncomingMessage, type ServerResponse} from 'node:http';
import https from 'node:https';
import net, {type AddressInfo, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {TLSSocket} from 'node:tls';
import {certificate} from '../cluster/api-server.js';

/** A request as a server saw it. A part that was not there is missing. */
export type Wire = {
	readonly scheme: 'https' | 'http';
	readonly path: string;
	/** `Bearer x`, `Basic x`. */
	readonly authorization?: string;
	/** Headers of impersonation by their names in small letters; values of a repeated one with commas. */
	readonly impersonation?: Readonly<Record<string, string>>;
	/** CN of the client certificate. */
	readonly certificate?: string;
	/** The server name of the handshake. */
	readonly sni?: string;
	/** The address that the proxy was asked for. */
	readonly proxied?: string;
};

export type Case = {
	readonly name: string;
	/** Text of each file by its name; `config` is the kubeconfig. */
	readonly files: Readonly<Record<string, string>>;
	readonly arguments: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	/** What kubectl sends; a text is what it says in place of a request. */
	readonly kubectl: Wire | string;
	/** KUBERNETES_EXEC_INFO as kubectl gives it to the plugin. */
	readonly execInfo?: unknown;
	/** Why tetratop differs on purpose, and what it does: `refused`, or what it sends. */
	readonly wanted?: {readonly why: string; readonly wire: Wire | 'refused'};
};

/** Runs one case at a time. */
export class WireServers {
	readonly directory = mkdtempSync(path.join(tmpdir(), 'tt-wire-'));
	readonly #servers: readonly Server[];
	readonly #sockets = new Set<Socket>();
	#seen: Wire[] = [];
	#proxied: string | undefined;
	#count = 0;

	constructor() {
		const secure = https.createServer(
			{
				cert: readFileSync(certificate('server.crt')),
				key: readFileSync(certificate('server.key')),
				ca: readFileSync(certificate('ca.crt')),
				requestCert: true,
				rejectUnauthorized: false,
			},
			(request, response) => this.#answer('https', request, response),
		);
		const plain = http.createServer((request, response) => this.#answer('http', request, response));
		const proxy = http.createServer((_, response) => response.writeHead(400).end());
		proxy.on('connect', (request: IncomingMessage, client: Socket) => {
			this.#proxied = request.url ?? '';
			const upstream = net.connect({host: '127.0.0.1', port: portOf(secure)}, () => {
				client.write('HTTP/1.1 200 OK\r\n\r\n');
				upstream.pipe(client).pipe(upstream);
			});
			for (const socket of [client, upstream]) {
				socket.on('error', () => {
					upstream.destroy();
					client.destroy();
				});
			}
		});
		this.#servers = [secure, plain, proxy];
		for (const server of this.#servers) {
			server.on('connection', socket => {
				this.#sockets.add(socket);
				socket.once('close', () => this.#sockets.delete(socket));
			});
		}
	}

	async start(): Promise<void> {
		for (const server of this.#servers) {
			await new Promise<void>(resolve => {
				server.listen(0, '127.0.0.1', resolve);
			});
		}
	}

	stop(): void {
		for (const socket of this.#sockets) {
			socket.destroy();
		}

		for (const server of this.#servers) {
			server.close();
		}

		rmSync(this.directory, {recursive: true, force: true});
	}

	/** Writes the files of a case. Returns a function that fills the places of a text: ports, paths and certificates. */
	prepare({files}: Pick<Case, 'files'>): {readonly directory: string; readonly fill: (text: string) => string} {
		this.#seen = [];
		this.#proxied = undefined;
		const directory = path.join(this.directory, String(++this.#count));
		const [secure, plain, proxy] = this.#servers.map(portOf);
		const places: Readonly<Record<string, string>> = {
			'{https}': `127.0.0.1:${secure}`,
			'{http}': `127.0.0.1:${plain}`,
			'{proxy}': `127.0.0.1:${proxy}`,
			'{port}': String(secure),
			'{dir}': directory,
			...Object.fromEntries(
				['ca.crt', 'client.crt', 'client.key'].flatMap(name => [
					[`{${name}}`, certificate(name)],
					[`{${name} data}`, readFileSync(certificate(name)).toString('base64')],
				]),
			),
		};

		function fill(text: string): string {
			return text.replaceAll(/\{[a-z.]+(?: data)?\}/g, place => places[place] ?? place);
		}

		for (const [name, text] of Object.entries(files)) {
			const file = path.join(directory, name);
			mkdirSync(path.dirname(file), {recursive: true});
			writeFileSync(file, fill(text), {mode: name.endsWith('.sh') ? 0o755 : 0o600});
		}

		return {directory, fill};
	}

	/** The only request since `prepare`, with ports and paths replaced by their places; undefined: none came. */
	seen(): Wire | undefined {
		return this.#seen.at(-1);
	}

	#answer(scheme: 'https' | 'http', request: IncomingMessage, response: ServerResponse): void {
		const socket = request.socket as Partial<TLSSocket>;
		const cn = socket.getPeerCertificate?.()?.subject?.CN;
		const sni = socket.servername;
		const impersonation = Object.fromEntries(
			Object.entries(request.headersDistinct)
				.filter(([name]) => name.startsWith('impersonate-'))
				.map(([name, values]) => [name, (values ?? []).join(',')]),
		);
		const {authorization} = request.headers;
		this.#seen.push({
			scheme,
			path: request.url ?? '',
			...(authorization === undefined ? {} : {authorization}),
			...(Object.keys(impersonation).length === 0 ? {} : {impersonation}),
			...(typeof cn === 'string' ? {certificate: cn} : {}),
			...(typeof sni === 'string' && sni !== '' ? {sni} : {}),
			...(this.#proxied === undefined ? {} : {proxied: this.#proxied.replace(/:\d+$/, '')}),
		});
		response.writeHead(200, {'Content-Type': 'application/json'}).end('{"kind":"Answer"}');
	}
}

function portOf(server: Server): number {
	return (server.address() as AddressInfo).port;
}
