import {Refusal} from '../../problem.js';
import type {Api} from '../api/api.js';

/** Throws where the API server is reached by kubectl, which lends no WebSocket. */
export function webSocketOf(api: Api): NonNullable<Api['upgrade']> {
	if (api.upgrade === undefined) {
		throw new Refusal('tunnel', 'kubectl carries no WebSocket for others', '--transport kubectl', false);
	}

	return api.upgrade;
}
