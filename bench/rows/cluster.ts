/** 500 agents through an API server: how long until all stream, and what they cost above one. */
import {execFile} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {bundled} from '../bundle.js';
import type {KubernetesBench} from '../kubernetes.js';
import type {Row} from '../row.js';

const secondsAllowed = 15;
const megabytesAllowed = 150;

export const clusterRow: Row = {
	name: 'cluster',
	async measure({tiny}) {
		const nodes = tiny ? 3 : 500;
		const bench = await bundled('kubernetes.ts');
		const cluster = fileURLToPath(new URL('../kubernetes-cluster.ts', import.meta.url));

		async function run(count: number): Promise<KubernetesBench> {
			const {stdout} = await promisify(execFile)(process.execPath, ['--expose-gc', bench.file, String(count), cluster]);
			return JSON.parse(stdout) as KubernetesBench;
		}

		try {
			const one = await run(1);
			const all = await run(nodes);
			const above = ((all.rssMiB - one.rssMiB) * 2 ** 20) / 1e6;
			return [
				{
					row: 'cluster',
					what: `${nodes} agents behind an API server, until an event of each is in the store`,
					against: `the limit, ${secondsAllowed} s`,
					ratio: all.seconds / secondsAllowed,
					absolute: `${all.seconds.toFixed(1)} s, ${all.cpuSeconds.toFixed(1)} s of CPU`,
					value: all.seconds,
					must: `≤ ${secondsAllowed} s`,
					reached: all.seconds <= secondsAllowed,
				},
				{
					row: 'cluster',
					what: 'RSS above one agent',
					against: `the limit, ${megabytesAllowed} MB`,
					ratio: above / megabytesAllowed,
					absolute: `${above.toFixed(0)} MB (${one.rssMiB.toFixed(0)} → ${all.rssMiB.toFixed(0)} MiB)`,
					value: above,
					must: `≤ ${megabytesAllowed} MB`,
					reached: above <= megabytesAllowed,
				},
			];
		} finally {
			bench.remove();
		}
	},
};
