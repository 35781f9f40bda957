/** Where a Loki is and how it is logged in to, by the names that logcli has: users have them in their shells. */
import {Refusal} from '../../problem.js';

export type LokiSettings = {
	/** Without a slash at its end; `/loki/api/v1/…` is put after it. */
	readonly base: URL;
	readonly query: string | undefined;
	readonly tenant: string | undefined;
	readonly user: {readonly name: string; readonly password: string} | undefined;
	readonly token: string | undefined;
	/** Read again for each request. */
	readonly tokenFile: string | undefined;
	readonly authHeader: string;
	readonly caFile: string | undefined;
	readonly certFile: string | undefined;
	readonly keyFile: string | undefined;
	readonly skipVerify: boolean;
	readonly proxy: string;
	readonly tags: string | undefined;
	/** Tries after the first one. */
	readonly retries: number;
	readonly environment: Readonly<Record<string, string | undefined>>;
};

type Environment = Readonly<Record<string, string | undefined>>;
type Flags = {readonly query?: string | undefined; readonly orgId?: string | undefined};

const fix = 'write loki+https://HOST[/PATH], or loki: with LOKI_ADDR';

/** `loki` alone may be a file or a pod. */
export function isLokiAddress(text: string): boolean {
	return /^loki(?:\+https?)?:/i.test(text);
}

/** `loki+https://host/base`, `loki:` and `loki` (LOKI_ADDR). The address wins over the environment. Throws a Refusal. */
export function lokiSettings(address: string, {query, orgId}: Flags, environment: Environment): LokiSettings {
	const url = addressOf(address, environment);
	const login = loginOf(url, environment);
	url.username = '';
	return {
		base: url,
		query,
		...login,
		tenant: orgId ?? (environment['LOKI_ORG_ID'] || undefined),
		authHeader: environment['LOKI_AUTH_HEADER'] || 'Authorization',
		caFile: environment['LOKI_CA_CERT_PATH'] || undefined,
		certFile: environment['LOKI_CLIENT_CERT_PATH'] || undefined,
		keyFile: environment['LOKI_CLIENT_KEY_PATH'] || undefined,
		skipVerify: /^(?:1|t|true|yes)$/i.test(environment['LOKI_TLS_SKIP_VERIFY'] ?? ''),
		proxy: proxyOf(environment),
		tags: environment['LOKI_QUERY_TAGS'] || undefined,
		retries: countOf(environment['LOKI_CLIENT_RETRIES']) ?? 5,
		environment,
	};
}

/** One way to log in: Loki's proxies take one, and which of several wins would be a guess. */
function loginOf(url: URL, environment: Environment): Pick<LokiSettings, 'user' | 'token' | 'tokenFile'> {
	const name = url.username === '' ? environment['LOKI_USERNAME'] : decodeURIComponent(url.username);
	const token = environment['LOKI_BEARER_TOKEN'] || undefined;
	const tokenFile = environment['LOKI_BEARER_TOKEN_FILE'] || undefined;
	const ways = [name && 'a user name', token && 'LOKI_BEARER_TOKEN', tokenFile && 'LOKI_BEARER_TOKEN_FILE'].filter(
		Boolean,
	);
	if (ways.length > 1) {
		throw new Refusal(`login to ${url.host}`, `there are ${ways.join(' and ')}`, 'keep one of them', false);
	}

	return {user: name ? {name, password: environment['LOKI_PASSWORD'] ?? ''} : undefined, token, tokenFile};
}

function addressOf(address: string, environment: Environment): URL {
	const rest = address.replace(/^loki[+:]?/i, '');
	const text = rest === '' ? environment['LOKI_ADDR'] || 'http://localhost:3100' : rest;
	let url: URL;
	try {
		url = new URL(text.includes('://') ? text : `http://${text}`);
	} catch {
		// Not quoted: it may have a password in it.
		throw new Refusal('the address of Loki', 'it is no URL', fix, false);
	}

	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		throw new Refusal('the address of Loki', `${url.protocol.slice(0, -1)} is no way to it`, fix, false);
	}

	if (url.password !== '') {
		const why = 'it has a password in it, which other users of the machine can read';
		throw new Refusal(`the address of ${url.host}`, why, 'give the password by LOKI_PASSWORD', false);
	}

	url.hash = '';
	url.search = '';
	url.pathname = url.pathname.replace(/\/+$/, '');
	return url;
}

function proxyOf(environment: Environment): string {
	const proxy = environment['LOKI_HTTP_PROXY_URL'] ?? '';
	if (proxy !== '' && !URL.canParse(proxy)) {
		throw new Refusal('LOKI_HTTP_PROXY_URL', 'it is no URL', 'write it as http://HOST:PORT', false);
	}

	return proxy;
}

function countOf(text: string | undefined): number | undefined {
	return /^\d{1,3}$/.test(text ?? '') ? Number(text) : undefined;
}

/** Whether a secret would go to another machine in clear. */
export function isInClear({base, user, token, tokenFile}: LokiSettings): boolean {
	const hasSecret = user !== undefined || token !== undefined || tokenFile !== undefined;
	const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(base.hostname);
	return hasSecret && base.protocol === 'http:' && !isLoopback;
}
