/** An http(s).Agent whose sockets know proxies, renewed client certificates and TLS tickets; requests and WebSockets share it. */
import http from 'node:http';
import https from 'node:https';
import type {Socket} from 'node:net';
import tls, {type SecureContext} from 'node:tls';
import {Refusal} from '../../problem.js';
import {type Authorization, type Credentials, certificateAuthorityOf} from '../auth/credentials.js';
import {hideSecrets} from '../auth/secrets.js';
import type {Access} from '../kubeconfig/access.js';
import type {Environment} from '../kubeconfig/load.js';
import {dial} from './connect.js';
import {proxyFor} from './proxy.js';

export type ApiAgent = {
	readonly server: URL;
	/** Keeps sockets for the next request. */
	readonly forRequests: http.Agent;
	/** A socket of its own for each upgrade: it never comes back. */
	readonly forUpgrades: http.Agent;
	/** Closes kept sockets: they were opened with a credential that the server no longer takes. */
	readonly forgetIdle: () => void;
	readonly close: () => void;
};

type Created = (error: Error | null, socket?: Socket) => void;

/** Throws a Refusal for a server or proxy URL that cannot be used. */
export function createApiAgent(access: Access, credentials: Credentials, environment: Environment): ApiAgent {
	const {cluster} = access;
	const server = serverUrl(cluster.server);
	const proxy = proxyFor(server, cluster.proxyUrl, environment);
	const contexts = secureContexts(access);

	async function connect() {
		const {certificate} = await credentials.authorize();
		return dial({
			server,
			proxy,
			tlsServerName: cluster.tlsServerName,
			insecureSkipTlsVerify: cluster.insecureSkipTlsVerify,
			...(server.protocol === 'http:' ? {secureContext: undefined} : contexts(certificate)),
		});
	}

	function create(_: unknown, created?: Created) {
		connect().then(
			socket => created?.(null, socket),
			error => created?.(error as Error),
		);
		return undefined;
	}

	const Agent = server.protocol === 'http:' ? http.Agent : https.Agent;
	const forRequests = new Agent({keepAlive: true});
	const forUpgrades = new Agent({keepAlive: false});
	forRequests.createConnection = create as typeof forRequests.createConnection;
	forUpgrades.createConnection = create as typeof forUpgrades.createConnection;

	return {
		server,
		forRequests,
		forUpgrades,
		forgetIdle() {
			for (const sockets of Object.values(forRequests.freeSockets)) {
				for (const socket of sockets ?? []) {
					socket.destroy();
				}
			}
		},
		close() {
			forRequests.destroy();
			forUpgrades.destroy();
		},
	};
}

function serverUrl(server: string): URL {
	try {
		return new URL(server.includes('://') ? server : `https://${server}`);
	} catch {
		const what = server === '' ? 'the cluster of the kubeconfig' : `server ${hideSecrets(server)}`;
		throw new Refusal(what, server === '' ? 'it has no server' : 'it is no URL', 'say it as https://HOST:PORT', false);
	}
}

/** Parsing a CA and a key costs a millisecond: once for each certificate, not once for each of 500 dials. */
function secureContexts(access: Access) {
	let known: {readonly key: string; readonly secureContext: SecureContext; session?: Buffer} | undefined;
	return (certificate: Authorization['certificate']) => {
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

/** kubectl takes the system's roots where the kubeconfig names no CA; Node brings its own and adds them. */
function systemRoots(): string[] {
	return [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
}
