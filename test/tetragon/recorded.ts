/** The recordings' twins of each frame, as tetra printed them. */
import {gunzipSync} from 'node:zlib';
import {framesOf, recordedBytes, recordingNames} from '../agent/recordings.js';

export {framesOf, recordingNames};

/** Names of the recordings that have tetra's JSON beside the frames: all but fork-storm. */
export function withJson(): readonly string[] {
	return recordingNames().filter(name => name !== 'fork-storm');
}

export function jsonLinesOf(name: string): readonly string[] {
	return gunzipSync(recordedBytes(`${name}/events.jsonl.gz`))
		.toString()
		.trimEnd()
		.split('\n');
}

export function compactTextOf(name: string): string {
	return gunzipSync(recordedBytes(`${name}/events.compact.txt.gz`)).toString();
}
