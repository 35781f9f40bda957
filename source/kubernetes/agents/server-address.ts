/**
Where the agents listen, if we may read their ConfigMap: Tetragon ≥ 1.7 installs with a unix socket, before that with
TCP 54321. Not needed: without it both are tried.
*/
import {type Api, paths} from '../api/api.js';
import type {ConfigMap} from '../api/objects.js';
import type {AgentPod} from './select.js';

export type ServerAddress = {
	/** TCP port of the agent's gRPC server. */
	readonly port: number;
	readonly socket: string;
	/** undefined: nobody has told. */
	readonly told: 'tcp' | 'unix' | undefined;
};

export const defaultServerAddress: ServerAddress = {
	port: 54_321,
	socket: '/var/run/tetragon/tetragon.sock',
	told: undefined,
};

/** Never rejects. */
export async function readServerAddress(api: Api, agent: AgentPod, signal: AbortSignal): Promise<ServerAddress> {
	for (const name of agent.configMaps) {
		try {
			const map = await api.get<ConfigMap>(paths.configMap(agent.namespace, name), {signal});
			const address = map.data?.['server-address'];
			if (address !== undefined) {
				return parseServerAddress(address);
			}
		} catch {
			// Not allowed, or not there: it is a help, not a need.
		}
	}

	return defaultServerAddress;
}

/** `unix:///path`, `host:port`, `:port`, `host`. */
export function parseServerAddress(address: string): ServerAddress {
	const text = address.trim();
	if (text.startsWith('unix:')) {
		return {...defaultServerAddress, socket: text.replace(/^unix:(\/\/)?/, ''), told: 'unix'};
	}

	const port = Number(/:(\d+)$/.exec(text)?.[1] ?? defaultServerAddress.port);
	return text === '' ? defaultServerAddress : {...defaultServerAddress, port, told: 'tcp'};
}
