import {Refusal} from '../../problem.js';
import {parseBounded} from '../../runtime/bounded-json.js';
import {table} from '../../runtime/table.js';
import {hideSecrets} from '../auth/secrets.js';
import {asStatus, type Status} from './objects.js';

export class ApiRefusal extends Refusal {
	/** HTTP status; 0: no server answered. */
	readonly code: number;
	/** Status.reason: Forbidden, NotFound, Expired, …; '': the answer was not a Status. */
	readonly reason: string;

	constructor(what: string, why: string, fix: string, code: number, reason = '') {
		// A right may be granted and a login renewed, so a retry can help; it cannot after 400, 404 and 405.
		super(what, why, fix, code !== 400 && code !== 404 && code !== 405);
		this.code = code;
		this.reason = reason;
	}
}

export function isForbidden(error: unknown): error is ApiRefusal {
	return error instanceof ApiRefusal && error.code === 403;
}

export function isNotFound(error: unknown): error is ApiRefusal {
	return error instanceof ApiRefusal && error.code === 404;
}

/** The API server itself cannot be reached. */
export function isOffline(error: unknown): error is ApiRefusal {
	return error instanceof ApiRefusal && (error.code === 0 || error.code === 503 || error.code === 502);
}

/** The request that failed. */
export type Asked = {
	/** For `what` of the Refusal: `GET /api/v1/pods`. */
	readonly what: string;
	readonly secrets: readonly string[];
};

/** Characters of a server's words that are shown. */
const wordsKept = 500;

/** A Refusal from an HTTP answer that is not 2xx (or 101). `body` may be a Status, plain text, or empty. */
export function refusalOfAnswer(code: number, body: string, asked: Asked): ApiRefusal {
	const status = statusOf(body);
	const said = hideSecrets((status?.message ?? body.trim()).slice(0, wordsKept), asked.secrets);
	const why = said === '' ? (emptyBody[code] ?? `HTTP ${code} with an empty body`) : said;
	return new ApiRefusal(asked.what, why, fixes[code] ?? 'press r to try again', code, status?.reason ?? '');
}

/**
Reasons for answers with an empty body. golang.org/x/net/websocket refuses an upgrade without a common subprotocol by a 403
with an empty body; a missing right is a 403 with a Status.
*/
const emptyBody: Readonly<Record<number, string>> = {
	403: 'HTTP 403 with an empty body: the server, or a proxy in front of it, does not support this WebSocket protocol',
	401: 'the server rejects the login',
};

const fixes: Readonly<Record<number, string>> = {
	401: 'log in again (the token has expired, or belongs to another cluster), then press r',
	403: 'run `tetratop rbac` for the rights that tetratop needs',
	404: 'check the name and the namespace',
	429: 'the server is busy; tetratop tries again',
	500: 'the node may be down: run kubectl get nodes',
};

export function statusOf(body: string): Status | undefined {
	try {
		const parsed = asStatus(parseBounded(Buffer.from(body)));
		return parsed?.kind === 'Status' ? parsed : undefined;
	} catch {
		return undefined;
	}
}

/** A Refusal from an error of DNS, TCP, TLS or a proxy. A Refusal is returned as it is. */
export function refusalOfNetwork(error: unknown, server: string, asked: Asked): Refusal {
	if (error instanceof Refusal) {
		return error;
	}

	const {code = '', message} = error as NodeJS.ErrnoException;
	const names = (error as {cert?: {subjectaltname?: string}}).cert?.subjectaltname;
	const [why, fix] = network[code] ?? certificate(code, message, names);
	return new ApiRefusal(`API server ${server}`, hideSecrets(why, asked.secrets), fix, 0, code);
}

const reach = 'check the network and `server` in the kubeconfig; open streams and collected data stay';
const network: Readonly<Record<string, readonly [string, string]>> = table<readonly [string, string]>({
	ECONNREFUSED: ['connection refused', reach],
	ECONNRESET: ['the connection was cut', reach],
	EPIPE: ['the connection was cut', reach],
	ETIMEDOUT: ['it does not answer', reach],
	EHOSTUNREACH: ['there is no route to it', reach],
	ENETUNREACH: ['there is no route to it', reach],
	ENOTFOUND: ['DNS does not know its name', 'check `server` in the kubeconfig, the DNS and proxies'],
	EAI_AGAIN: ['DNS does not answer', 'check the DNS'],
});

function certificate(code: string, message: string, names: string | undefined): readonly [string, string] {
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
		return [`its certificate is for ${names || 'another name'}`, 'set --tls-server-name to one of these names'];
	}

	if (code === 'CERT_HAS_EXPIRED') {
		return ['its certificate has expired', 'renew it (kubeadm certs renew), or set the clock of this machine'];
	}

	if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CERT_/.test(code)) {
		return ['its certificate is signed by an unknown authority', 'set --certificate-authority FILE'];
	}

	return [message || code || 'no answer', reach];
}
