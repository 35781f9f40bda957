/** The recordings of a real agent that come with tetratop: GetEventsResponse frames, each behind its length. */
import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {constants, gunzip} from 'node:zlib';

/** Beside source/, dist/ or a bundle. */
const folders = ['../../demo/recordings', '../demo/recordings', './demo/recordings', './recordings'];

export function recordingsFolder(): string {
	for (const folder of folders) {
		const found = fileURLToPath(new URL(folder, import.meta.url));
		if (existsSync(path.join(found, 'file-enforce'))) {
			return found;
		}
	}

	throw new Error('the recordings of the demo are not there: the installation is incomplete');
}

/** Frames of `events.bin.gz`, all or the first ones: a 4-byte big-endian length, then that many bytes. */
export async function readFrames(name: string, limit = Number.POSITIVE_INFINITY): Promise<readonly Buffer[]> {
	const packed = await readFile(path.join(recordingsFolder(), name, 'events.bin.gz'));
	// Cut short where only the beginning is wanted: fork-storm is 70 MB unpacked. A frame packs to far less than 512 bytes.
	const wanted = packed.subarray(0, Math.min(packed.length, limit * 512));
	const bytes = await promisify(gunzip)(wanted, {finishFlush: constants.Z_SYNC_FLUSH});
	return splitFrames(bytes, limit);
}

export async function readBytes(name: string): Promise<Buffer> {
	return readFile(path.join(recordingsFolder(), name));
}

/** A frame that is cut off at the end is left out. */
export function splitFrames(bytes: Buffer, limit = Number.POSITIVE_INFINITY): readonly Buffer[] {
	const frames: Buffer[] = [];
	let at = 0;
	while (at + 4 <= bytes.length && frames.length < limit) {
		const end = at + 4 + bytes.readUInt32BE(at);
		if (end > bytes.length) {
			break;
		}

		frames.push(bytes.subarray(at + 4, end));
		at = end;
	}

	return frames;
}
