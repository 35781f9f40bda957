/** http(s).Agents whose sockets use the proxy, renewed client certificates and TLS session tickets, for requests and WebSockets. */
import http from 'node:http';
import https from 'node:https';
import type {Socket} from 'node:net';
import tls, {type SecureContext} from 'node:tls';
import {Refusal} from '../../problem.js';
import {type ClientCertificate, certificateAuthorityOf} from '../auth/certificates.js';
import {checkReadable} from '../auth/check-user.js';
import type {Credentials} from '../auth/credentials.js';
import {hideSecrets} from '../auth/secrets.js';
import type {Environment} from '../kubeconfig/load.js';
import type {Access} from '../kubeconfig/precedence.js';
import {dial} from './connect.js';
import {proxyFor} from './proxy.js';

/** Of a request: the generation of its credential, beside Node's own options. */
type AgentOptions = Parameters<http.Agent['getName']>[0] & {readonly generation?: number};
type Created = (error: Error | null, socket?: Socket) => void;

export class ApiAgent {
	readonly server: URL;
	/** Keeps sockets for the next request. */
	readonly forRequests: http.Agent;
	/** Makes a new socket for each upgrade: the WebSocket keeps it. */
	readonly forUpgrades: http.Agent;
	readonly #access: Access;
	readonly #credentials: Credentials;
	readonly #proxy: URL | undefined;
	readonly #contexts: ReturnType<typeof secureContexts>;

	/** Throws a Refusal for a server or proxy URL that cannot be used. */
	constructor(access: Access, credentials: Credentials, environment: Environment) {
		this.#access = access;
		this.#credentials = credentials;
		this.server = serverUrl(access.cluster.server);
		if (this.server.protocol === 'https:') {
			checkTrust(access.cluster);
		}

		this.#proxy = proxyFor(this.server, access.cluster.proxyUrl, environment);
		this.#contexts = secureContexts(access);
		this.forRequests = this.#agent(true);
		this.forUpgrades = this.#agent(false);
	}

	/** Closes idle sockets: they were opened with a credential that the server has rejected. */
	forgetIdle(): void {
		for (const sockets of Object.values(this.forRequests.freeSockets)) {
			for (const socket of sockets ?? []) {
				socket.destroy();
			}
		}
	}

	close(): void {
		this.forRequests.destroy();
		this.forUpgrades.destroy();
	}

	#agent(keepAlive: boolean): http.Agent {
		const Agent = this.server.protocol === 'http:' ? http.Agent : https.Agent;
		const agent = new Agent({keepAlive});
		const create: (_: unknown, created?: Created) => undefined = (_, created) => {
			this.#connect().then(
				socket => created?.(null, socket),
				error => created?.(error as Error),
			);
			return undefined;
		};

		agent.createConnection = create as typeof agent.createConnection;
		// A kept socket belongs to the certificate of its handshake: a request with another one gets another socket.
		const nameOf = agent.getName.bind(agent);
		agent.getName = (options?: AgentOptions) => `${nameOf(options)}:${options?.generation ?? ''}`;
		return agent;
	}

	async #connect(): Promise<Socket> {
		const {certificate} = await this.#credentials.authorize();
		const {tlsServerName, insecureSkipTlsVerify} = this.#access.cluster;
		return dial({
			server: this.server,
			proxy: this.#proxy,
			tlsServerName,
			insecureSkipTlsVerify,
			...(this.server.protocol === 'http:' ? {secureContext: undefined} : this.#contexts(certificate)),
		});
	}
}

function serverUrl(server: string): URL {
	try {
		const url = new URL(server.includes('://') ? server : `http://${server}`);
		if (url.protocol === 'https:' || url.protocol === 'http:') {
			return url;
		}

		throw new Error(url.protocol);
	} catch {
		const [what, why] =
			server === ''
				? ['the cluster of the kubeconfig', 'it has no server']
				: [`server ${hideSecrets(server)}`, 'this is not a URL'];
		throw new Refusal(what, why, 'write it as https://HOST:PORT', false);
	}
}

/** Throws a Refusal where client-go does: the entry contradicts itself, or its file cannot be read. */
function checkTrust(cluster: Access['cluster']): void {
	const {certificateAuthority: file, certificateAuthorityData: data, insecureSkipTlsVerify} = cluster;
	if (file !== '' && data !== '') {
		const why = 'it has both certificate-authority and certificate-authority-data';
		throw new Refusal('cluster of the kubeconfig', why, 'keep one of them', false);
	}

	if (insecureSkipTlsVerify && (file !== '' || data !== '')) {
		const why = 'it has an authority, and insecure-skip-tls-verify that ignores it';
		throw new Refusal('cluster of the kubeconfig', why, 'keep one of them', false);
	}

	if (file !== '') {
		checkReadable('certificate-authority', file);
	}
}

/** Parsing a CA and a key takes a millisecond: it is done once for each certificate, not once for each of 500 dials. */
function secureContexts(access: Access) {
	let known: {readonly key: string; readonly secureContext: SecureContext; session?: Buffer} | undefined;
	return (certificate: ClientCertificate | undefined) => {
		const ca = access.cluster.insecureSkipTlsVerify ? undefined : certificateAuthorityOf(access.cluster);
		const key = `${ca ?? ''}\n${certificate?.cert ?? ''}\n${certificate?.key ?? ''}`;
		if (known?.key !== key) {
			known = {
				key,
				secureContext: tls.createSecureContext({
					ca: ca ?? systemRoots(),
					...(certificate === undefined ? {} : certificate),
				}),
			};
		}

		const current = known;
		return {
			secureContext: current.secureContext,
			session: current.session,
			onSession: (session: Buffer) => {
				current.session = session;
			},
		};
	};
}

/** kubectl trusts the system's roots when the kubeconfig names no CA. Node does not use them by itself. */
function systemRoots(): string[] {
	return [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
}
