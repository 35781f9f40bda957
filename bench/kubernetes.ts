/**
500 agents from one process: how long until all of them stream, and what they cost above one.
`node --expose-gc --import=./scripts/patched-tsx.js bench/kubernetes.ts [NODES [CLUSTER]]`; it prints JSON. CLUSTER is kubernetes-cluster.ts, where this file runs bundled. Each node is a WebSocket over TLS to a test API server in
another process, an exec of `nc` to a unix socket, and a gRPC session with an agent of its own; the fleet and the store
are the real ones. Most of these agents listen on a unix socket only, so the first 25 dials try port-forward in vain.
*/
import {fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as wait} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {Fleet} from '../source/fleet/fleet.js';
import {discover} from '../source/kubernetes/discover.js';
import type {Arrival} from '../source/store/arrival.js';
import {Store} from '../source/store/store.js';

export type KubernetesBench = {
	readonly nodes: number;
	/** Seconds from discover() until an event of every node is in the store. */
	readonly seconds: number;
	/** Of this process. */
	readonly cpuSeconds: number;
	readonly rssMiB: number;
};

const settleMs = 10_000;
const mebibyte = 1024 * 1024;

async function benchKubernetes(nodes: number, clusterFile: string): Promise<KubernetesBench> {
	const directory = mkdtempSync(path.join(tmpdir(), 'tt-bench-'));
	const cluster = fork(clusterFile, [String(nodes)], {execArgv: ['--import=tsx']});
	try {
		const [{kubeconfig}] = (await once(cluster, 'message')) as [{kubeconfig: string}];
		const file = path.join(directory, 'config');
		writeFileSync(file, kubeconfig, {mode: 0o600});
		return await connectAll(nodes, file, () => cluster.send('event'));
	} finally {
		cluster.disconnect();
		await once(cluster, 'exit');
		rmSync(directory, {recursive: true});
	}
}

class HearingStore extends Store {
	/** Nodes of which an event came. */
	readonly heard = new Set<number>();

	override take(node: number, arrival: Arrival, nowMs: number): boolean {
		this.heard.add(node);
		return super.take(node, arrival, nowMs);
	}
}

async function connectAll(nodes: number, kubeconfig: string, sendEvents: () => void): Promise<KubernetesBench> {
	const store = new HearingStore();
	const fleet = new Fleet({store, request: {}});

	function nothing() {
		return undefined;
	}

	const cpu = process.cpuUsage();
	const startMs = performance.now();
	const discovery = discover(
		{access: {kubeconfig}, words: [], environment: {}},
		{
			add: link => fleet.add(link),
			remove: node => void fleet.remove(node),
			problem: nothing,
			solved: nothing,
			progress: nothing,
			scope: nothing,
			offline: nothing,
			say: nothing,
		},
	);
	// An event from each is the proof: a subscription says nothing until then.
	let sentMs = 0;
	while (store.heard.size < nodes) {
		const nowMs = performance.now();
		if (nowMs - startMs > 120_000) {
			throw new Error(`only ${store.heard.size} of ${nodes} stream after 120 s`);
		}

		if (nowMs - sentMs > 250) {
			sendEvents();
			sentMs = nowMs;
		}

		await wait(20);
	}

	const seconds = (performance.now() - startMs) / 1000;
	const used = process.cpuUsage(cpu);
	// What stays, when the noise of connecting has settled.
	await wait(settleMs);
	globalThis.gc?.();
	await wait(500);
	const rssMiB = process.memoryUsage.rss() / mebibyte;
	await fleet.close();
	discovery.close();
	return {nodes, seconds, cpuSeconds: (used.user + used.system) / 1e6, rssMiB};
}

const [, , nodes = '500', clusterFile = fileURLToPath(new URL('kubernetes-cluster.ts', import.meta.url))] =
	process.argv;
console.log(JSON.stringify(await benchKubernetes(Number(nodes), clusterFile)));
