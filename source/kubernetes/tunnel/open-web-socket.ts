import type WebSocket from 'ws';
import {Refusal} from '../../problem.js';
import type {Api, Query} from '../api/api.js';

/** Rejects with a Refusal; always when the API server is reached through kubectl, which offers no WebSocket. */
export async function openWebSocket(
	api: Api,
	path: string,
	query: Query,
	protocols: readonly string[],
	signal: AbortSignal | undefined,
): Promise<WebSocket> {
	if (api.upgrade === undefined) {
		throw new Refusal('tunnel', 'kubectl offers no WebSocket', 'use --transport kubectl', false);
	}

	return api.upgrade(path, query, protocols, signal);
}
