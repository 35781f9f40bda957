/** Requests to Loki: one at a time, bounded, with the login, the proxy and the TLS of the settings. */
import http from 'node:http';
import https from 'node:https';
import type {Socket} from 'node:net';
import tls from 'node:tls';
import {createGunzip} from 'node:zlib';
import {dial} from '../../kubernetes/net/connect.js';
import {proxyFor} from '../../kubernetes/net/proxy.js';
import {Refusal} from '../../problem.js';
import {readBounded} from '../../runtime/bounded-body.js';
import {readSmallFile} from '../../runtime/small-file.js';
import {version} from '../../version.js';
import type {LokiSettings} from './settings.js';
import {Answered, bodyText} from './words.js';

/** More than any limit of a Loki lets through, packed or not. */
const largestBody = 256 * 1024 * 1024;
const largestError = 64 * 1024;
/** A longer URL is refused by proxies. */
const longestUrl = 4000;

type Parameters = Readonly<Record<string, string>>;
type Created = (error: Error | null, socket?: Socket) => void;

/** No byte of the answer came in time: Loki is silent when its answer is larger than its own limit. */
export class Silent extends Error {}

export class LokiHttp {
	readonly #settings: LokiSettings;
	readonly #agent: http.Agent;
	#requests = 0;

	/** Throws a Refusal for a certificate or a proxy that cannot be used. */
	constructor(settings: LokiSettings) {
		this.#settings = settings;
		this.#agent = agentOf(settings);
	}

	/** Sent so far. */
	get requests(): number {
		return this.#requests;
	}

	close(): void {
		this.#agent.destroy();
	}

	/** The body of a 200. Rejects with Answered for another status, with Silent, or with the error of the connection. */
	async get(path: string, parameters: Parameters, firstByteMs: number, tenant?: string): Promise<string> {
		this.#requests++;
		const form = new URLSearchParams(parameters).toString();
		const isPost = path.length + form.length > longestUrl;
		const {base} = this.#settings;
		const url = `${base.pathname.replace(/\/$/, '')}/loki/api/v1/${path}${isPost || form === '' ? '' : `?${form}`}`;
		const response = await this.#send(url, isPost ? form : undefined, firstByteMs, tenant);
		const status = response.statusCode ?? 0;
		const body = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
		const error: (why: Error) => void = why => body.destroy(why);
		response.once('error', error);
		const text = (await readBounded(body, status === 200 ? largestBody : largestError)).toString();
		if (status !== 200) {
			const after = Number(response.headers['retry-after']);
			throw new Answered(status, bodyText(text), Number.isFinite(after) ? after : undefined);
		}

		return text;
	}

	#send(url: string, form: string | undefined, firstByteMs: number, tenant?: string): Promise<http.IncomingMessage> {
		const {base} = this.#settings;
		const send = base.protocol === 'https:' ? https.request : http.request;
		const {promise, resolve, reject} = Promise.withResolvers<http.IncomingMessage>();
		const request = send({
			host: base.hostname.replaceAll(/^\[|\]$/g, ''),
			port: base.port || (base.protocol === 'https:' ? 443 : 80),
			method: form === undefined ? 'GET' : 'POST',
			path: url,
			agent: this.#agent,
			headers: {
				...this.#headers(tenant),
				...(form === undefined ? {} : {'Content-Type': 'application/x-www-form-urlencoded'}),
			},
		});
		const timer = setTimeout(() => request.destroy(new Silent(`no answer in ${firstByteMs / 1000} s`)), firstByteMs);
		request.once('response', response => {
			clearTimeout(timer);
			response.setTimeout(firstByteMs, () => response.destroy(new Silent('its answer stopped')));
			resolve(response);
		});
		request.on('error', error => {
			clearTimeout(timer);
			reject(error);
		});
		request.end(form);
		return promise;
	}

	#headers(tenant = this.#settings.tenant): Record<string, string> {
		const {user, token, tokenFile, authHeader, tags} = this.#settings;
		const bearer = tokenFile === undefined ? token : read('LOKI_BEARER_TOKEN_FILE', tokenFile).trim();
		const basic = user && Buffer.from(`${user.name}:${user.password}`).toString('base64');
		return {
			'User-Agent': `tetratop/${version}`,
			Accept: 'application/json',
			'Accept-Encoding': 'gzip',
			// Loki keeps empty answers for a while, and late entries would not be seen.
			'Cache-Control': 'no-cache',
			'X-Loki-Response-Encoding-Flags': 'categorize-labels',
			...(tenant === undefined ? {} : {'X-Scope-OrgID': tenant}),
			...(basic === undefined ? {} : {[authHeader]: `Basic ${basic}`}),
			...(bearer === undefined ? {} : {[authHeader]: `Bearer ${bearer}`}),
			...(tags === undefined ? {} : {'X-Query-Tags': tags}),
		};
	}
}

function agentOf(settings: LokiSettings): http.Agent {
	const {base, caFile, certFile, keyFile, skipVerify, environment} = settings;
	const isTls = base.protocol === 'https:';
	const proxy = proxyFor(base, settings.proxy, environment);
	const secureContext = isTls
		? tls.createSecureContext({
				ca: caFile === undefined ? systemRoots() : read('LOKI_CA_CERT_PATH', caFile),
				...(certFile === undefined ? {} : {cert: read('LOKI_CLIENT_CERT_PATH', certFile)}),
				...(keyFile === undefined ? {} : {key: read('LOKI_CLIENT_KEY_PATH', keyFile)}),
			})
		: undefined;
	const agent = new (isTls ? https.Agent : http.Agent)({keepAlive: true, maxSockets: 2});
	const create: (_: unknown, created?: Created) => undefined = (_, created) => {
		dial({server: base, proxy, tlsServerName: '', insecureSkipTlsVerify: skipVerify, secureContext}).then(
			socket => created?.(null, socket),
			error => created?.(error as Error),
		);
		return undefined;
	};

	agent.createConnection = create as typeof agent.createConnection;
	return agent;
}

function systemRoots(): string[] {
	return [...tls.getCACertificates('default'), ...tls.getCACertificates('system')];
}

function read(name: string, path: string): string {
	try {
		return readSmallFile(path);
	} catch (error) {
		throw new Refusal(
			`${name} ${path}`,
			error instanceof Error ? error.message : String(error),
			'check the file',
			false,
		);
	}
}
