/**
The address of the agents' gRPC server, from their ConfigMap. Tetragon from v1.7 on installs with a unix socket, earlier
versions with TCP port 54321. The right to read the ConfigMap is optional: without it both addresses are tried.
*/
import {type Api, paths} from '../api/api.js';
import {asConfigMap} from '../api/objects.js';
import type {AgentPod} from './select.js';

export type ServerAddress = {
	/** TCP port of the agent's gRPC server. */
	readonly port: number;
	readonly socket: string;
	/** What the ConfigMap says; undefined: it was not read, or says nothing. */
	readonly type: 'tcp' | 'unix' | undefined;
};

export const defaultServerAddress: ServerAddress = {
	port: 54_321,
	socket: '/var/run/tetragon/tetragon.sock',
	type: undefined,
};

/** Never rejects; returns the default address when the ConfigMap cannot be read. */
export async function readServerAddress(api: Api, agent: AgentPod, signal: AbortSignal): Promise<ServerAddress> {
	for (const name of agent.configMaps) {
		try {
			const map = await api.get(paths.configMap(agent.namespace, name), asConfigMap, {signal});
			const address = map.data?.['server-address'];
			if (address !== undefined) {
				return parseServerAddress(address);
			}
		} catch {
			// Forbidden or missing: the default address will do.
		}
	}

	return defaultServerAddress;
}

/** Parses `unix:///path`, `host:port`, `:port` and `host`. */
export function parseServerAddress(address: string): ServerAddress {
	const text = address.trim();
	if (text.startsWith('unix:')) {
		return {...defaultServerAddress, socket: text.replace(/^unix:(\/\/)?/, ''), type: 'unix'};
	}

	const port = Number(/:(\d+)$/.exec(text)?.[1] ?? defaultServerAddress.port);
	return text === '' ? defaultServerAddress : {...defaultServerAddress, port, type: 'tcp'};
}
