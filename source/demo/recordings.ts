/** The recordings of a real agent that come with tetratop: GetEventsResponse frames, each after its length. */
import {promisify} from 'node:util';
import {constants, gunzip} from 'node:zlib';
import {packagedFile} from '../packaged-files.js';

/** Bytes of `rpc/GetVersion.bin`: a name below the folder of the recordings, with slashes. */
export async function readBytes(name: string): Promise<Buffer> {
	return packagedFile(`demo/recordings/${name}`);
}

/** Frames of `events.bin.gz`, all or the first ones: a 4-byte big-endian length, then that many bytes. */
export async function readFrames(name: string, limit = Number.POSITIVE_INFINITY): Promise<readonly Buffer[]> {
	const packed = await readBytes(`${name}/events.bin.gz`);
	// Cut short where only the beginning is wanted: fork-storm is 70 MB unpacked. A frame packs to far less than 512 bytes.
	const wanted = packed.subarray(0, Math.min(packed.length, limit * 512));
	const bytes = await promisify(gunzip)(wanted, {finishFlush: constants.Z_SYNC_FLUSH});
	return splitFrames(bytes, limit);
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
