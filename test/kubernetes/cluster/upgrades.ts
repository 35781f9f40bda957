/** The API server's side of an upgrade to WebSocket: who may, which protocol, and what stands behind it. */
import http, {type IncomingMessage} from 'node:http';
import type {Duplex} from 'node:stream';
import {WebSocketServer} from 'ws';
import type {Pod} from '../../../source/kubernetes/api/objects.js';
import {execStatus, goJson, noContainer, notFound, type StatusBody, statusOf} from './answers.js';
import type {TestApiServer} from './api-server.js';
import {authenticate, forbiddenStatus, type Identity, impersonated, isDenied} from './authorization.js';
import {type Path, parsePath} from './request-path.js';
import {serveExec, servePortForward} from './streams.js';
import {usualKubelet} from './test-node.js';

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
		const sent = authenticate(request, this.#server.tokens, this.#server.expiredCertificates);
		const identity = impersonated(request, sent ?? {user: '', groups: []});
		this.#server.see(request, url, identity);
		const path = parsePath(url.pathname);
		const refused = this.#refusal(path, sent && identity, url.searchParams.get('container'));
		const protocols = String(request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
		const protocol = choose(new Set(protocols));
		if (refused !== undefined || path === undefined) {
			refuse(socket, refused?.code ?? 404, refused);
			return;
		}

		if (protocol === '' || this.#server.refuseProtocols) {
			refuse(socket, 403, undefined);
			return;
		}

		const pod = this.#server.store.get('pods', path.namespace, path.name) as Pod | undefined;
		const node = this.#server.nodes.get(pod?.spec?.nodeName ?? '');
		const version = protocol.startsWith('v5') ? 5 : 4;
		const kubelet = node?.kubelet ?? usualKubelet;
		if ((node === undefined || node.down) && version === 4) {
			const why = `error dialing backend: dial tcp ${kubelet}: connect: connection refused`;
			refuse(socket, 500, statusOf(500, '', why));
			return;
		}

		this.#sockets.handleUpgrade(request, socket, head, client => {
			client.on('error', () => undefined);
			const {searchParams: query} = url;
			if (node === undefined || node.down) {
				// v5 is translated by the API server, which says 101 before it has reached the node.
				client.send(Buffer.from([1]));
				const request = kubeletRequest(kubelet, path, query);
				const status = execStatus({type: 'node-down', request, kubelet}, version);
				client.send(Buffer.concat([Buffer.from([3]), Buffer.from(status)]));
				client.close(1000);
			} else if (path.subresource === 'portforward') {
				servePortForward(
					client,
					node,
					Number(query.get('ports')),
					`${path.namespace}/${path.name}`,
					this.#server.streams,
				);
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

	#refusal(path: Path | undefined, identity: Identity | undefined, container: string | null): StatusBody | undefined {
		if (identity === undefined) {
			return statusOf(401, 'Unauthorized', 'Unauthorized');
		}

		if (path === undefined) {
			return statusOf(404, 'NotFound', 'the server could not find the requested resource');
		}

		for (const verb of this.#server.needsCreate ? ['get', 'create'] : ['get']) {
			const attributes = {...path, verb};
			if (isDenied(identity, attributes, this.#server.denials)) {
				return forbiddenStatus(identity, attributes);
			}
		}

		const pod = this.#server.store.get('pods', path.namespace, path.name) as Pod | undefined;
		if (pod === undefined) {
			return notFound('pods', path.name);
		}

		const isThere = (pod.spec?.containers ?? []).some(({name}) => name === container);
		return path.subresource === 'exec' && container !== null && !isThere
			? noContainer(container, path.name)
			: undefined;
	}
}

/** What the API server asks the kubelet for a v5 exec. */
function kubeletRequest(kubelet: string, {namespace, name}: Path, query: URLSearchParams): string {
	const asked = new URLSearchParams(query.getAll('command').map((word): [string, string] => ['command', word]));
	for (const [from, to] of [
		['stderr', 'error'],
		['stdin', 'input'],
		['stdout', 'output'],
	] as const) {
		if (query.get(from) === 'true') {
			asked.append(to, '1');
		}
	}

	asked.sort();
	return `https://${kubelet}/exec/${namespace}/${name}/${query.get('container') ?? ''}?${asked}`;
}

/** v5 first; a name that only one side knows is none. */
function choose(offered: ReadonlySet<string>) {
	return ['v5.channel.k8s.io', 'v4.channel.k8s.io'].find(protocol => offered.has(protocol)) ?? '';
}

/** @param status undefined: an empty body, as golang.org/x/net/websocket answers. */
function refuse(socket: Duplex, code: number, status: StatusBody | undefined): void {
	const body = status === undefined ? '' : `${goJson(status)}\n`;
	const type = status === undefined ? '' : 'Content-Type: application/json\r\n';
	socket.end(
		`HTTP/1.1 ${code} ${http.STATUS_CODES[code]}\r\n${type}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
	);
}
