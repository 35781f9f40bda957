/**
The live view: one agent at an address, or a cluster. Without an address and without a flag of the cluster, the order is: the
agent of this machine (its tetragon-info.json exists), the cluster of the kubeconfig, localhost:54321.
*/
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {clusterFlags} from '../options/lookup.js';
import type {Options} from '../options/options.js';
import {
	type Address,
	addressText,
	defaultAddress,
	infoPath,
	parseAddress,
	readAgentInfo,
} from '../tetragon/agent/address.js';
import type {Link} from '../tetragon/agent/link.js';
import type {FindPast} from '../tetragon/agent/node-past.js';
import {runFleet} from './fleet/mode.js';
import {asUsageError} from './usage-error.js';

/** Returns true when the agents are looked for in a cluster. */
export function wantsCluster(options: Options, environment: NodeJS.ProcessEnv = process.env): boolean {
	if (options.serverAddress !== undefined) {
		return false;
	}

	if (options.target !== undefined || clusterFlags.some(flag => options.given.has(flag))) {
		return true;
	}

	if (readAgentInfo(infoPath) !== undefined) {
		return false;
	}

	const {KUBECONFIG, HOME, KUBERNETES_SERVICE_HOST} = environment;
	return (
		Boolean(KUBECONFIG) ||
		Boolean(KUBERNETES_SERVICE_HOST) ||
		(HOME !== undefined && existsSync(path.join(HOME, '.kube', 'config')))
	);
}

/** The agent of this machine writes its export where its own file says; undefined: another agent is asked. */
async function localPastAt(address: Address): Promise<FindPast | undefined> {
	const info = readAgentInfo(infoPath);
	if (info === undefined || addressText(address) !== addressText(defaultAddress())) {
		return undefined;
	}

	const {localPast} = await import('../tetragon/past/local-past.js');
	return localPast(info.exportFile);
}

/** @param run see runCluster(). */
export async function runLive(options: Options, run = runFleet): Promise<number> {
	if (wantsCluster(options)) {
		const {runCluster} = await import('./cluster/cluster.js');
		return runCluster(options, run);
	}

	const address = asUsageError(() =>
		options.serverAddress === undefined ? defaultAddress() : parseAddress(options.serverAddress),
	);
	return run({
		options,
		targetName: addressText(address),
		mode: 'live',
		isSingle: true,
		async connect(add) {
			const {agentLink} = await import('../tetragon/agent/client.js');
			const past = await localPastAt(address);
			const link: Link = agentLink({
				address,
				longestMessage: options.maxRecvSize,
				tls: {
					certFile: options.tlsCertFile,
					keyFile: options.tlsKeyFile,
					caCertFiles: options.tlsCaCertFiles,
					serverName: options.tlsServerName,
					skipVerify: options.tlsSkipVerify,
				},
			});
			add({...link, ...(past === undefined ? {} : {past})});
		},
	});
}
