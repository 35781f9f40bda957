/** Where a recording is read from: files in the order given, or standard input. */
import {createReadStream, fstatSync, statSync} from 'node:fs';
import type {Readable} from 'node:stream';
import {Refusal} from '../problem.js';
import {openPipe} from './pipe.js';

export type Source = {
	readonly name: string;
	/** Can be opened again, from its beginning: a pipe cannot. */
	readonly isFile: boolean;
	/** Size as stored, where known: for showing how far a replay is. */
	readonly bytes: number | undefined;
	readonly open: () => Readable;
};

/** `-` is standard input. Throws a Refusal in one sentence for what cannot be read. */
export function sourcesOf(paths: readonly string[], stdin?: Readable): readonly Source[] {
	if (paths.filter(path => path === '-').length > 1) {
		throw new Refusal('- was given twice', 'there is only one standard input', 'give - once', false);
	}

	return paths.map(path =>
		path === '-'
			? {name: 'standard input', isFile: false, bytes: undefined, open: () => stdin ?? standardInput()}
			: fileSource(path),
	);
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

function fileSource(path: string): Source {
	let bytes: number | undefined;
	let isFile = true;
	let isPipe = false;
	try {
		const stats = statSync(path);
		if (stats.isDirectory()) {
			throw new Refusal(`${path} cannot be replayed`, 'it is a directory', 'give the files in it, oldest first', false);
		}

		// A named pipe is read as it comes, and only once.
		isFile = stats.isFile();
		isPipe = stats.isFIFO();
		bytes = isFile ? stats.size : undefined;
	} catch (error) {
		if (error instanceof Refusal) {
			throw error;
		}

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
		open: () => (isPipe ? openPipe(path) : createReadStream(path, {highWaterMark: 256 * 1024})),
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
