/**
The requests to an API server. Two implementations: tetratop's own HTTPS requests (http-api.ts), and a kubectl that tetratop
starts, for logins that only kubectl can do (kubectl-api.ts).
*/
import type {Readable} from 'node:stream';
import type WebSocket from 'ws';
import {parseBounded} from '../../runtime/bounded-json.js';
import type {Shape} from './shape.js';

export type Query = Readonly<Record<string, string | readonly string[]>>;

export type RequestOptions = {
	readonly query?: Query;
	readonly signal?: AbortSignal | undefined;
	/** Defaults to plain JSON. */
	readonly accept?: string;
	/** Bytes of the answer; defaults to `longestAnswer`. */
	readonly limit?: number;
	/** Called with the bytes of the answer, unpacked. */
	readonly took?: (bytes: number) => void;
};

/** Bytes of an answer, unpacked. A page of 500 pods has 5 to 10 MB. */
export const longestAnswer = 32 * 1024 ** 2;
/** Bytes that are read of the answer of a request that failed. */
export const longestError = 64 * 1024;

/** Every method rejects with a Refusal: an ApiRefusal with the server's own words, or a Refusal of the login or a proxy. */
export type Api = {
	/** For messages: `https://10.0.0.1:6443`. */
	readonly server: string;
	readonly get: <Answer>(path: string, shape: Shape<Answer>, options?: RequestOptions) => Promise<Answer>;
	readonly create: <Answer>(path: string, body: unknown, shape: Shape<Answer>, signal?: AbortSignal) => Promise<Answer>;
	/** A body that does not end by itself: a watch, a log. Destroying it ends the request. */
	readonly stream: (path: string, options?: RequestOptions) => Promise<Readable>;
	/** Opens a WebSocket and returns it paused. undefined: kubectl offers none. */
	readonly upgrade:
		| ((path: string, query: Query, protocols: readonly string[], signal?: AbortSignal) => Promise<WebSocket>)
		| undefined;
	/** Runs a login plugin now, while it may still use the terminal; sends no request to the server. */
	readonly logIn: () => Promise<void>;
	/** Tokens and passwords: they are removed from every message. */
	readonly secrets: () => readonly string[];
	readonly close: () => void;
};

/** `path?a=1&a=2`. The order of the values stays: it is the order of an exec's arguments. */
export function withQuery(path: string, query: Query | undefined): string {
	const search = new URLSearchParams();
	for (const [key, value] of Object.entries(query ?? {})) {
		for (const one of typeof value === 'string' ? [value] : value) {
			search.append(key, one);
		}
	}

	const text = search.toString();
	return text === '' ? path : `${path}?${text}`;
}

export const paths = {
	pods: (namespace?: string) => `/api/v1${inNamespace(namespace)}/pods`,
	pod: (namespace: string, name: string) => `/api/v1${inNamespace(namespace)}/pods/${encodeURIComponent(name)}`,
	nodes: '/api/v1/nodes',
	namespaces: '/api/v1/namespaces',
	configMap: (namespace: string, name: string) =>
		`/api/v1${inNamespace(namespace)}/configmaps/${encodeURIComponent(name)}`,
	accessReviews: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
} as const;

/** '' or undefined: the whole cluster. */
export function inNamespace(namespace: string | undefined): string {
	return namespace === undefined || namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
}

/** The JSON of an answer as a shape. Throws an Error with the reason in words when it is not JSON, or of another shape. */
export function readAnswer<Answer>(bytes: Uint8Array, shape: Shape<Answer>): Answer {
	const answer = shape(parseBounded(bytes));
	if (answer === undefined) {
		throw new Error('the answer is not a JSON object');
	}

	return answer;
}
