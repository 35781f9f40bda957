/** The agent's Prometheus text, the only place where the agent counts the events that it lost. */
import {get} from 'node:http';
import {type Address, addressText, infoPath, parseAddress, readAgentInfo} from './address.js';

/** An http address, or a unix socket (the demo agent's, or the end of a tunnel). */
export type MetricsAddress = {readonly host: string; readonly port: number} | {readonly socketPath: string};

const timeoutMs = 5000;

/** A node with thousands of pods answers with a few megabytes; more than this is not an agent. */
const maximumBytes = 32 * 1024 * 1024;

/** Rejects without an answer, or with an answer other than 200. */
export function fetchMetrics(address: MetricsAddress): Promise<string> {
	const {promise, resolve, reject} = Promise.withResolvers<string>();
	const request = get({...address, path: '/metrics', agent: false, timeout: timeoutMs}, response => {
		if (response.statusCode !== 200) {
			response.resume();
			reject(new Error(`metrics: HTTP ${response.statusCode}`));
			return;
		}

		const chunks: Buffer[] = [];
		let size = 0;
		response.on('data', (chunk: Buffer) => {
			size += chunk.length;
			if (size > maximumBytes) {
				request.destroy(new Error('metrics: too long'));
				return;
			}

			chunks.push(chunk);
		});
		response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
		response.on('error', reject);
	});
	request.on('timeout', () => request.destroy(new Error('metrics: no answer')));
	request.on('error', reject);
	return promise;
}

/** The agent's default, also of its Helm chart. */
const defaultMetricsPort = 2112;

/** The metrics address of an agent on this machine: that of its file, else its default port. undefined: it is on another machine. */
export function metricsBeside(address: Address, path = infoPath): MetricsAddress | undefined {
	const info = readAgentInfo(path);
	if (info?.serverAddress !== undefined && isSame(info.serverAddress, address)) {
		return parseMetricsAddress(info.metricsAddress);
	}

	const isLocal = address.type === 'tcp' && /^(?:localhost|127\..*|::1)$/.test(address.host);
	return isLocal ? {host: address.host, port: defaultMetricsPort} : undefined;
}

function isSame(text: string, address: Address): boolean {
	try {
		return addressText(parseAddress(text)) === addressText(address);
	} catch {
		return false;
	}
}

/** `:2112`, `0.0.0.0:2112` or `localhost:2112` of tetragon-info.json, seen from the same machine. */
export function parseMetricsAddress(text: string | undefined): MetricsAddress | undefined {
	const match = /^(.*):(\d+)$/.exec(text ?? '');
	if (!match) {
		return undefined;
	}

	const [, host = '', port] = match;
	const anywhere = host === '' || host === '0.0.0.0' || host === '[::]';
	return {host: anywhere ? 'localhost' : host.replace(/^\[|\]$/g, ''), port: Number(port)};
}
