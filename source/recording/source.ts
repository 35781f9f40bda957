/** Where a recording is read from: files in the order given, or standard input; gzip and zstd are known by their first bytes. */
import {createReadStream, fstatSync, statSync} from 'node:fs';
import type {Readable} from 'node:stream';
import {createZstdDecompress} from 'node:zlib';
import {Refusal} from '../problem.js';
import {gunzipped} from './gzip-members.js';
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

/**
The plain bytes of a stream. A file that was cut off while it was compressed gives what there is, and then throws an Error
in words; so does one that cannot be read to its end.
*/
export async function* plainChunks(stream: Readable): AsyncGenerator<Buffer> {
	const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
	const head: Buffer[] = [];
	// A pipe may bring a single byte first.
	while (head.reduce((length, chunk) => length + chunk.length, 0) < 4) {
		const {value, done} = await iterator.next();
		if (done) {
			break;
		}

		head.push(Buffer.from(value));
	}

	const start = Buffer.concat(head);
	if (start[0] === 0x1f && start[1] === 0x8b) {
		yield* gunzipped(start, iterator);
		return;
	}

	const inflate = start.length >= 4 && start.readUInt32LE() === 0xfd_2f_b5_28 ? createZstdDecompress() : undefined;
	if (!inflate) {
		if (start.length > 0) {
			yield start;
		}

		for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
			yield Buffer.from(next.value);
		}

		return;
	}

	void feed(inflate, start, iterator);
	for await (const chunk of inflate) {
		yield chunk as Buffer;
	}
}

type Inflate = ReturnType<typeof createZstdDecompress>;

async function feed(inflate: Inflate, start: Buffer, rest: AsyncIterator<Buffer | string>): Promise<void> {
	try {
		await write(inflate, start);
		for (let next = await rest.next(); !next.done && !inflate.destroyed; next = await rest.next()) {
			await write(inflate, Buffer.from(next.value));
		}

		inflate.end();
	} catch (error) {
		inflate.destroy(error as Error);
	} finally {
		await rest.return?.();
	}
}

async function write(inflate: Inflate, chunk: Buffer): Promise<void> {
	if (inflate.destroyed || inflate.write(chunk)) {
		return;
	}

	const {promise, resolve} = Promise.withResolvers<void>();
	inflate.once('drain', resolve);
	inflate.once('close', resolve);
	await promise;
	inflate.off('drain', resolve);
	inflate.off('close', resolve);
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
