/** The API server's side of an upgrade to WebSocket: who may, which protocol, and what stands behind it. */
import http, {type IncomingMessage} from 'node:http';
import type {Duplex} from 'node:stream';
import {WebSocketServer} from 'ws';
import type {Pod} from '../../../source/kubernetes/api/objects.js';
import type {TestApiServer} from './api-server.js';
import {authenticate, forbiddenStatus, type Identity, impersonated, isDenied, statusOf} from './authorization.js';
import {type Path, parsePath} from './request-path.js';
import {serveExec, servePortForward} from './streams.js';

export class Upgrades {
	readonly #server: TestApiServer;
	readonly #sockets = new WebSocketServer({
		noServer: true,
		handleProtocols: protocols => choose(protocols) || false,
		perMessageDeflate: false,
	});

	constructor(server: TestApiServer) {
		this.#server = server;
	}

	get clients() {
		return this.#sockets.clients;
	}

	handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
		const url = new URL(request.url ?? '/', 'http://api');
		const sent = authenticate(request, this.#server.tokens);
		const identity = impersonated(request, sent ?? {user: '', groups: []});
		this.#server.see(request, url, identity);
		const path = parsePath(url.pathname);
		const refused = this.#refusal(path, sent && identity);
		const protocols = String(request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
		const protocol = choose(new Set(protocols));
		if (refused !== undefined || path === undefined) {
			refuse(socket, refused?.code ?? 404, JSON.stringify(refused ?? {}));
			return;
		}

		if (protocol === '' || this.#server.refuseProtocols) {
			refuse(socket, 403, '');
			return;
		}

		const pod = this.#server.store.get('pods', path.namespace, path.name) as Pod | undefined;
		const node = this.#server.nodes.get(pod?.spec?.nodeName ?? '');
		const version = protocol.startsWith('v5') ? 5 : 4;
		if ((node === undefined || node.down) && version === 4) {
			refuse(socket, 500, 'error dialing backend: dial tcp 10.0.0.7:10250: connect: no route to host');
			return;
		}

		this.#sockets.handleUpgrade(request, socket, head, client => {
			client.on('error', () => undefined);
			const {searchParams: query} = url;
			if (node === undefined || node.down) {
				// v5 is translated by the API server, which says 101 before it has reached the node.
				const status = statusOf(
					500,
					'InternalError',
					'error dialing backend: dial tcp 10.0.0.7:10250: connect: no route to host',
				);
				client.send(Buffer.concat([Buffer.from([3]), Buffer.from(JSON.stringify(status))]));
				client.close(1000);
			} else if (path.subresource === 'portforward') {
				servePortForward(client, node, Number(query.get('ports')), path.name, this.#server.streams);
			} else {
				const exec = {
					node,
					pod: path.name,
					command: query.getAll('command'),
					stdin: query.get('stdin') === 'true',
					version,
				} as const;
				this.#server.commands.push(serveExec(client, exec, this.#server.streams));
			}
		});
	}

	#refusal(path: Path | undefined, identity: Identity | undefined) {
		if (identity === undefined) {
			return statusOf(401, 'Unauthorized', 'Unauthorized');
		}

		if (path === undefined || this.#server.store.get('pods', path.namespace, path.name) === undefined) {
			return statusOf(404, 'NotFound', `pods "${path?.name}" not found`);
		}

		for (const verb of this.#server.needsCreate ? ['get', 'create'] : ['get']) {
			const attributes = {...path, verb};
			if (isDenied(identity, attributes, this.#server.denials)) {
				return forbiddenStatus(identity, attributes);
			}
		}

		return undefined;
	}
}

/** v5 first; a name that only one side knows is none. */
function choose(offered: ReadonlySet<string>) {
	return ['v5.channel.k8s.io', 'v4.channel.k8s.io'].find(protocol => offered.has(protocol)) ?? '';
}

function refuse(socket: Duplex, code: number, body: string): void {
	socket.end(
		`HTTP/1.1 ${code} ${http.STATUS_CODES[code]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
	);
}
