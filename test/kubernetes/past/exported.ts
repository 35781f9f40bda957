/** The recorded export of an agent, as it would be if it had been written a moment ago. */
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';

const fixtures = fileURLToPath(new URL('../../fixtures/past', import.meta.url));
const lastMs = Date.parse('2026-11-28T04:07:40Z');

/** The lines in order, whose times end about `agoMs` before now. */
export function exportedLines(agoMs: number): string[] {
	const shiftMs = Date.now() - agoMs - lastMs;
	return readdirSync(fixtures)
		.filter(name => name.startsWith('tetragon'))
		.toSorted()
		.flatMap(name =>
			gunzipSync(readFileSync(path.join(fixtures, name)))
				.toString()
				.trimEnd()
				.split('\n'),
		)
		.map(line =>
			line
				.replaceAll(/"(2026-11-28T04:0\d:\d\d)(\.\d+)?Z"/g, (_, time: string, fraction = '') => {
					const moved = new Date(Date.parse(`${time}Z`) + Math.floor(shiftMs / 1000) * 1000).toISOString();
					return `"${moved.slice(0, 19)}${fraction}Z"`;
				})
				.replaceAll('"node_name":"minikube"', '"node_name":"worker-1"'),
		);
}

/** The agent's configuration and its export file below `root`. Returns the file. */
export function writeExported(
	root: string,
	lines: readonly string[],
	settings: Readonly<Record<string, string>> = {},
): string {
	const [config, logs] = [path.join(root, 'etc/tetragon/tetragon.conf.d'), path.join(root, 'var/log/tetragon')];
	mkdirSync(config, {recursive: true});
	mkdirSync(logs, {recursive: true});
	const file = path.join(logs, 'tetragon.log');
	for (const [key, value] of Object.entries({'export-filename': file, ...settings})) {
		writeFileSync(path.join(config, key), value);
	}

	writeFileSync(file, lines.map(line => `${line}\n`).join(''));
	return file;
}

export const enforcing = {
	id: '2',
	name: 'file-monitoring-filtered',
	namespace: 'default',
	sensors: ['generic_kprobe'],
	enabled: true,
	state: 'TP_STATE_ENABLED',
	mode: 'TP_MODE_ENFORCE',
	stats: {action_counters: {post: '16', signal: '16'}},
};
