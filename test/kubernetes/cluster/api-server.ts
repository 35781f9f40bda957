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
import type {Pod} from '../../../source/kubernetes/api/objects.js';
import {notFound, send, statusOf} from './answers.js';
import {
	type Attributes,
	authenticate,
	type Denial,
	forbiddenStatus,
	type Identity,
	impersonated,
	isDenied,
} from './authorization.js';
import {Collections} from './collections.js';
import {ObjectStore} from './object-store.js';
import {PodLogs} from './pod-logs.js';
import {discovery, kindOf, parsePath} from './request-path.js';
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
	/** Common names of client certificates that have expired: 401. */
	readonly expiredCertificates = new Set<string>();
	readonly nodes = new Map<string, TestNode>();
	readonly commands: RunningCommand[] = [];
	readonly seen: Seen[] = [];
	readonly logs = new PodLogs();
	readonly collections = new Collections(this.store);
	/** The answer to /version. */
	version: object | undefined;
	/** The time in the answers. */
	now: () => Date = () => new Date();
	denials: Denial[] = [];
	streams: StreamFaults = {closeLateMs: 5};
	/** API servers from v1.35 on ask for `create` as well. */
	needsCreate = true;
	/** golang.org/x/net/websocket's answer where no subprotocol is shared. */
	refuseProtocols = false;
	/** A server under load thinks for so long before each answer. */
	answerAfterMs = 0;
	port = 0;
	readonly secure: boolean;
	readonly #certificate: string;
	readonly #sockets = new Set<Duplex>();
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
		this.collections.endWatches();

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
		const sent = authenticate(request, this.tokens, this.expiredCertificates);
		if (sent === undefined) {
			this.see(request, url, {user: '', groups: []});
			send(response, statusOf(401, 'Unauthorized', 'Unauthorized'));
			return;
		}

		const identity = impersonated(request, sent);
		this.see(request, url, identity);
		if (url.pathname.endsWith('/selfsubjectaccessreviews')) {
			const body = JSON.parse(await text(request)) as {spec: {resourceAttributes: Partial<Attributes>}};
			send(response, this.#review(identity, body.spec.resourceAttributes), 201);
			return;
		}

		if (url.pathname === '/version' && this.version !== undefined) {
			sendVersion(response, this.version);
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
			const pod = this.store.get('pods', path.namespace, path.name) as Pod | undefined;
			this.logs.answer(path, query, response, pod, this.nodes.get(pod?.spec?.nodeName ?? ''));
		} else if (verb === 'get') {
			const object = this.store.get(path.resource, path.namespace, path.name);
			const missing = notFound(path.resource, path.name);
			send(response, object === undefined ? missing : {kind: kindOf(path.resource), apiVersion: 'v1', ...object});
		} else if (verb === 'watch') {
			this.collections.watch(path, query, response);
		} else {
			this.collections.list(path, query, response, String(request.headers['accept-encoding'] ?? '').includes('gzip'));
		}
	}

	see(request: IncomingMessage, url: URL, identity: Identity): void {
		const {method = '', headers} = request;
		this.seen.push({method, path: url.pathname, query: url.searchParams, identity, headers});
	}

	/** With the fields in the order of the Go type, as the server writes them. */
	#review(identity: Identity, asked: Partial<Attributes>): object {
		const resourceAttributes = Object.fromEntries(
			['namespace', 'verb', 'group', 'resource', 'subresource', 'name'].flatMap(key => {
				const value = asked[key as keyof Attributes] ?? '';
				return value === '' ? [] : [[key, value]];
			}),
		);
		const fields = Object.keys(resourceAttributes).sort();
		const managed = {
			manager: 'unknown',
			operation: 'Update',
			apiVersion: 'authorization.k8s.io/v1',
			time: this.now()
				.toISOString()
				.replace(/\.\d+Z$/, 'Z'),
			fieldsType: 'FieldsV1',
			fieldsV1: {
				'f:spec': {'f:resourceAttributes': {'.': {}, ...Object.fromEntries(fields.map(key => [`f:${key}`, {}]))}},
			},
		};
		const allowed = !isDenied(identity, {...noAttributes, ...asked}, this.denials);
		return {
			kind: 'SelfSubjectAccessReview',
			apiVersion: 'authorization.k8s.io/v1',
			metadata: {managedFields: [managed]},
			spec: {resourceAttributes},
			status: {allowed},
		};
	}

	/** Ends all watches in good order, as at their timeout. */
	endWatches(): void {
		this.collections.endWatches();
	}
}

/** The one answer that a real server indents. */
function sendVersion(response: ServerResponse, version: object): void {
	const body = JSON.stringify(version, undefined, '  ');
	response.writeHead(200, {
		'Cache-Control': 'no-cache, private',
		'Content-Type': 'application/json',
		'Content-Length': Buffer.byteLength(body),
	});
	response.end(body);
}

const noAttributes: Attributes = {verb: '', group: '', resource: '', subresource: '', namespace: '', name: ''};

async function text(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) {
		chunks.push(chunk as Buffer);
	}

	return Buffer.concat(chunks).toString();
}
