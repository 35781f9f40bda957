/**
A test API server that speaks the real protocol: TLS, client certificates, tokens, impersonation, list with pages, watch
with bookmarks and 410, SelfSubjectAccessReview, logs, port-forward and exec over WebSockets, and its ways to refuse.
*/
import {readFileSync} from 'node:fs';
import http, {type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http';
import https from 'node:https';
import type {AddressInfo, Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {setTimeout as wait} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import type {KubeObject} from '../../../source/kubernetes/api/objects.js';
import {
	type Attributes,
	authenticate,
	type Denial,
	forbiddenStatus,
	type Identity,
	impersonated,
	isDenied,
	statusOf,
} from './authorization.js';
import {type Change, ObjectStore} from './object-store.js';
import {discovery, kindOf, type Path, parsePath} from './request-path.js';
import {matchesSelectors} from './selectors.js';
import type {RunningCommand, StreamFaults} from './streams.js';
import type {TestNode} from './test-node.js';
import {Upgrades} from './upgrades.js';

export function certificate(name: string) {
	return new URL(`certificates/${name}`, import.meta.url).pathname;
}

export type Seen = {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly identity: Identity;
	readonly headers: IncomingMessage['headers'];
};

export class TestApiServer {
	readonly store = new ObjectStore();
	/** Bearer token → user. */
	readonly tokens = new Map([['good-token', 'alice']]);
	readonly nodes = new Map<string, TestNode>();
	readonly commands: RunningCommand[] = [];
	readonly seen: Seen[] = [];
	readonly logs = new Map<string, Set<ServerResponse>>();
	denials: Denial[] = [];
	streams: StreamFaults = {closeLateMs: 5};
	/** API servers from v1.35 on ask for `create` as well. */
	needsCreate = true;
	/** golang.org/x/net/websocket's answer where no subprotocol is shared. */
	refuseProtocols = false;
	bookmarkMs = 50;
	/** resourceVersion of the newest bookmark that was sent. */
	lastBookmark = 0;
	/** A server under load thinks for so long before each answer. */
	answerAfterMs = 0;
	port = 0;
	readonly secure: boolean;
	readonly #certificate: string;
	readonly #sockets = new Set<Duplex>();
	readonly #watches = new Set<() => void>();
	readonly #upgrades = new Upgrades(this);
	#server: http.Server | undefined;

	constructor({secure = true, certificate: name = 'server'} = {}) {
		this.secure = secure;
		this.#certificate = name;
	}

	get url(): string {
		return `${this.secure ? 'https' : 'http'}://127.0.0.1:${this.port}`;
	}

	get openTunnels(): number {
		return this.#upgrades.clients.size;
	}

	/** The same port again after a stop. */
	async start(): Promise<void> {
		const answer: RequestListener = (request, response) => void this.#answer(request, response);
		const server = this.secure
			? https.createServer(
					{
						cert: readFileSync(certificate(`${this.#certificate}.crt`)),
						key: readFileSync(certificate(`${this.#certificate}.key`)),
						ca: readFileSync(certificate('ca.crt')),
						requestCert: true,
						rejectUnauthorized: false,
					},
					answer,
				)
			: http.createServer(answer);
		this.#server = server;
		const remember: (socket: Socket) => void = socket => {
			this.#sockets.add(socket);
			socket.once('close', () => this.#sockets.delete(socket));
		};
		server.on('connection', remember);
		server.on('upgrade', (request, socket, head) => this.#upgrades.handle(request, socket, head));
		await new Promise<void>(resolve => {
			server.listen(this.port, '127.0.0.1', resolve);
		});
		this.port = (server.address() as AddressInfo).port;
	}

	/** As SIGKILL: every connection is cut, tunnels with 1006. */
	async stop(): Promise<void> {
		for (const end of this.#watches) {
			end();
		}

		for (const socket of this.#sockets) {
			socket.destroy();
		}

		await new Promise<void>(resolve => {
			this.#server?.close(() => resolve());
			this.#server?.closeAllConnections();
		});
	}

	/** Cuts all tunnels (1006) and nothing else. */
	cutTunnels(): void {
		for (const client of this.#upgrades.clients) {
			client.terminate();
		}
	}

	/** Kills what real commands are still there. Returns how many were. */
	killCommands(): number {
		let count = 0;
		for (const {child} of this.commands) {
			if (child?.exitCode === null && child.signalCode === null) {
				count++;
				child.kill('SIGKILL');
			}
		}

		return count;
	}

	// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one branch for each kind of request, in the order of a real API server
	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (this.answerAfterMs > 0) {
			await wait(this.answerAfterMs);
		}

		const url = new URL(request.url ?? '/', 'http://api');
		const sent = authenticate(request, this.tokens);
		if (sent === undefined) {
			this.see(request, url, {user: '', groups: []});
			send(response, statusOf(401, 'Unauthorized', 'Unauthorized'));
			return;
		}

		const identity = impersonated(request, sent);
		this.see(request, url, identity);
		if (url.pathname.endsWith('/selfsubjectaccessreviews')) {
			const body = JSON.parse(await text(request)) as {spec: {resourceAttributes: Partial<Attributes>}};
			const attributes = {...noAttributes, ...body.spec.resourceAttributes};
			const allowed = !isDenied(identity, attributes, this.denials);
			send(response, {kind: 'SelfSubjectAccessReview', status: {allowed}}, 201);
			return;
		}

		const path = parsePath(url.pathname);
		if (path === undefined) {
			send(
				response,
				discovery(url.pathname) ?? statusOf(404, 'NotFound', 'the server could not find the requested resource'),
			);
			return;
		}

		const {searchParams: query} = url;
		const watching = query.get('watch') === 'true' || query.get('watch') === '1';
		const verb = path.name === '' ? (watching ? 'watch' : 'list') : 'get';
		const attributes: Attributes = {...path, verb};
		if (isDenied(identity, attributes, this.denials)) {
			send(response, forbiddenStatus(identity, attributes));
		} else if (path.subresource === 'log') {
			this.#log(path, response);
		} else if (verb === 'get') {
			const object = this.store.get(path.resource, path.namespace, path.name);
			const missing = statusOf(404, 'NotFound', `${path.resource} "${path.name}" not found`);
			send(response, object === undefined ? missing : {kind: kindOf(path.resource), apiVersion: 'v1', ...object});
		} else if (verb === 'watch') {
			this.#watch(path, query, response);
		} else {
			this.#list(path, query, response, String(request.headers['accept-encoding'] ?? '').includes('gzip'));
		}
	}

	see(request: IncomingMessage, url: URL, identity: Identity): void {
		const {method = '', headers} = request;
		this.seen.push({method, path: url.pathname, query: url.searchParams, identity, headers});
	}

	#list(path: Path, query: URLSearchParams, response: ServerResponse, gzip: boolean): void {
		const all = this.#selected(path, query);
		const limit = Number(query.get('limit') ?? 0) || all.length;
		const [place = 0, version = this.store.version] = (query.get('continue') ?? '')
			.split('@')
			.filter(Boolean)
			.map(Number);
		if (version < this.store.compacted) {
			send(response, statusOf(410, 'Expired', 'The provided continue parameter is too old'));
			return;
		}

		const items = all.slice(place, place + limit);
		const next = place + limit < all.length ? {continue: `${place + limit}@${version}`} : {};
		const list = {kind: 'List', apiVersion: 'v1', metadata: {resourceVersion: String(version), ...next}, items};
		const body = JSON.stringify(list);
		if (!gzip || body.length < gzipFrom) {
			send(response, list);
			return;
		}

		response.writeHead(200, {'Content-Type': 'application/json', 'Content-Encoding': 'gzip'});
		response.end(gzipSync(body));
	}

	#selected(path: Path, query: URLSearchParams): KubeObject[] {
		return this.store
			.list(path.resource, path.namespace)
			.filter(object => matchesSelectors(object, query.get('labelSelector') ?? '', query.get('fieldSelector') ?? ''));
	}

	#watch(path: Path, query: URLSearchParams, response: ServerResponse): void {
		const from = Number(query.get('resourceVersion') ?? 0);
		const labels = query.get('labelSelector') ?? '';
		const fields = query.get('fieldSelector') ?? '';
		response.writeHead(200, {'Content-Type': 'application/json'});
		response.flushHeaders();

		function write(type: string, object: object) {
			return response.write(`${JSON.stringify({type, object})}\n`);
		}

		if (from < this.store.compacted) {
			write('ERROR', statusOf(410, 'Expired', `too old resource version: ${from} (${this.store.compacted})`));
			response.end();
			return;
		}

		function tell({type, resource, object, before}: Change) {
			if (resource !== path.resource || (path.namespace !== '' && object.metadata?.namespace !== path.namespace)) {
				return;
			}

			// An object that no longer matches the selector is DELETED for this watch; one that begins to match ADDED.
			const matched = before !== undefined && matchesSelectors(before, labels, fields);
			const matches = type !== 'DELETED' && matchesSelectors(object, labels, fields);
			if (matches) {
				write(matched ? 'MODIFIED' : 'ADDED', object);
			} else if (matched) {
				write('DELETED', object);
			}
		}

		for (const change of this.store.since(from)) {
			tell(change);
		}

		const unwatch = this.store.watch(tell);
		const bookmarks = setInterval(() => {
			const metadata = {resourceVersion: String(this.store.version)};
			write('BOOKMARK', {kind: 'Pod', apiVersion: 'v1', metadata});
			this.lastBookmark = this.store.version;
		}, this.bookmarkMs);
		const end: () => void = () => {
			clearInterval(bookmarks);
			unwatch();
			this.#watches.delete(end);
			response.end();
		};
		this.#watches.add(end);
		response.once('close', end);
	}

	/** Ends all watches in good order, as at their timeout. */
	endWatches(): void {
		for (const end of [...this.#watches]) {
			end();
		}
	}

	#log(path: Path, response: ServerResponse): void {
		response.writeHead(200, {'Content-Type': 'text/plain'});
		response.flushHeaders();
		const followers = this.logs.get(path.name) ?? new Set();
		followers.add(response);
		this.logs.set(path.name, followers);
		response.once('close', () => followers.delete(response));
	}
}

/** Lists longer than this come compressed to those who take it. */
const gzipFrom = 128 * 1024;

const noAttributes: Attributes = {verb: '', group: '', resource: '', subresource: '', namespace: '', name: ''};

function send(response: ServerResponse, body: object, code = 200): void {
	const status = (body as {kind?: string; code?: number}).kind === 'Status' ? (body as {code: number}).code : code;
	response.writeHead(status, {'Content-Type': 'application/json'});
	response.end(JSON.stringify(body));
}

async function text(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) {
		chunks.push(chunk as Buffer);
	}

	return Buffer.concat(chunks).toString();
}
