/** The recordings in demo/, as tests read them. */
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {splitFrames} from '../../source/demo/recordings.js';

export const recordingsFolder = fileURLToPath(new URL('../../demo/recordings', import.meta.url));

export function framesOf(name: string): readonly Buffer[] {
	return splitFrames(gunzipSync(readFileSync(path.join(recordingsFolder, name, 'events.bin.gz'))));
}

/** Folders that hold frames. */
export function recordingNames(): readonly string[] {
	return readdirSync(recordingsFolder, {withFileTypes: true})
		.filter(entry => entry.isDirectory())
		.map(entry => entry.name)
		.filter(name => readdirSync(path.join(recordingsFolder, name)).includes('events.bin.gz'));
}

/** `n=235` and `PROCESS_EXEC:119` of stats.txt. */
export function statsOf(name: string): {readonly events: number; readonly kinds: Readonly<Record<string, number>>} {
	const text = readFileSync(path.join(recordingsFolder, name, 'stats.txt'), 'utf8');
	const [, kinds = ''] = /types=map\[([^\]]*)\]/.exec(text) ?? [];
	return {
		events: Number(/n=(\d+)/.exec(text)?.[1]),
		kinds: Object.fromEntries(
			kinds.split(' ').map(kind => {
				const [name = '', count] = kind.split(':');
				return [name.toLowerCase(), Number(count)];
			}),
		),
	};
}

export function recordedBytes(name: string): Buffer {
	return readFileSync(path.join(recordingsFolder, name));
}
