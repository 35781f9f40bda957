/** Where a recording is read from: files in the order given, or standard input. */
import {createReadStream, fstatSync, globSync, readdirSync, type Stats, statSync} from 'node:fs';
import type {Readable} from 'node:stream';
import {Refusal} from '../problem.js';
import {followFile} from './follow.js';
import {openPipe} from './pipe.js';
import {inOrder, recordingsIn} from './rotated.js';

const chunks = {highWaterMark: 256 * 1024};

export type Source = {
	readonly name: string;
	/** Can be opened again, from its beginning: a pipe cannot. */
	readonly isFile: boolean;
	/** Size as stored, where known: for showing how far a replay is. */
	readonly bytes: number | undefined;
	readonly open: () => Readable;
	/** In place of `open`: lines of several writers, as a store has them. */
	readonly lines?: WrittenLines;
};

/** Of one writer the lines come in its order, and parts of a line are joined within it. */
export type WrittenLine = {readonly stream: string; readonly line: string};

export type WrittenLines = {
	/** A page at a time. May throw an Error in words. */
	readonly read: () => AsyncIterable<readonly WrittenLine[]>;
	/** From 0 to 1; undefined: not known. */
	readonly progress: () => number | undefined;
	/** Why there is no line. */
	readonly nothing: () => string;
	readonly close: () => void;
	/** Each page is given at once: no later one is waited for to bring the events in order. */
	readonly isFollowed: boolean;
};

type SourceOptions = {
	readonly stdin?: Readable | undefined;
	/** The last file is read on when it grows. */
	readonly follow?: boolean;
};

/**
`-` is standard input, a directory its recordings, a name with `*`, `?` or `[` all files that match. The rotated files of a log
are put in order. Throws a Refusal in one sentence for what cannot be read.
*/
export function sourcesOf(
	paths: readonly string[],
	stdin?: Readable,
	{follow = false}: SourceOptions = {},
): readonly Source[] {
	if (paths.filter(path => path === '-').length > 1) {
		throw new Refusal('- was given twice', 'there is only one standard input', 'give - once', false);
	}

	const files = inOrder(paths.flatMap(path => (path === '-' ? [path] : filesOf(path))));
	return files.map((path, index) =>
		path === '-'
			? {name: 'standard input', isFile: false, bytes: undefined, open: () => stdin ?? standardInput()}
			: fileSource(path, follow && index === files.length - 1),
	);
}

/** A file has no others in it. */
function filesOf(path: string): readonly string[] {
	const stats = statsOf(path);
	if (stats?.isDirectory() === true) {
		const files = recordingsIn(path, readdirSync(path)).filter(file => statsOf(file)?.isFile() === true);
		if (files.length === 0) {
			const fix = 'give the files, or a directory with tetragon.log in it';
			throw new Refusal(`${path} cannot be replayed`, 'the directory has no .log, .json or .jsonl file', fix, false);
		}

		return files;
	}

	if (stats !== undefined || !/[*?[]/.test(path)) {
		return [path];
	}

	const matches = globSync(path).toSorted();
	if (matches.length === 0) {
		throw new Refusal(`${path} cannot be replayed`, 'no file matches', 'check the pattern', false);
	}

	return matches;
}

/** undefined: it is not there, or cannot be looked at; opening it says why. */
function statsOf(path: string): Stats | undefined {
	try {
		return statSync(path);
	} catch {
		return undefined;
	}
}

function standardInput(): Readable {
	try {
		if (process.platform === 'linux' && fstatSync(0).isFIFO()) {
			return openPipe('/proc/self/fd/0');
		}
	} catch {
		// There is no /proc, or the pipe belongs to another user.
	}

	return process.stdin;
}

function fileSource(path: string, isFollowed: boolean): Source {
	let bytes: number | undefined;
	let isFile = true;
	let isPipe = false;
	try {
		const stats = statSync(path);
		// A named pipe is read as it comes, and only once.
		isFile = stats.isFile();
		isPipe = stats.isFIFO();
		bytes = isFile ? stats.size : undefined;
	} catch (error) {
		throw new Refusal(
			`${path} cannot be replayed`,
			wordsOf(error),
			'check the name and the permissions of the file',
			false,
		);
	}

	return {
		name: path,
		isFile,
		bytes,
		open: () => (isPipe ? openPipe(path) : isFile && isFollowed ? followFile(path) : createReadStream(path, chunks)),
	};
}

/** The cause of an error, in words. */
export function wordsOf(error: unknown): string {
	switch ((error as NodeJS.ErrnoException).code) {
		case 'ENOENT':
			return 'there is no such file';
		case 'EACCES':
		case 'EPERM':
			return 'you have no permission';
		case 'EISDIR':
			return 'it is a directory';
		case 'EEXIST':
			return 'the file is there already';
		case 'ENOSPC':
		case 'EDQUOT':
			return 'the disk is full';
		case 'EROFS':
			return 'the file system is read-only';
		case 'Z_BUF_ERROR':
			return 'it ends in the middle: it was cut off';
		case 'Z_DATA_ERROR':
			return 'its compressed data is damaged';
		default:
			return error instanceof Error ? error.message : String(error);
	}
}
