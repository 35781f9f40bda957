/**
The plain bytes of a file: gzip, zstd, xz and bzip2 are known by their first bytes, tar by its header, UTF-16 by its byte order
mark. A file that was cut off while it was compressed gives what there is, and then throws an Error in words.
*/
import type {Readable} from 'node:stream';
import {createZstdDecompress} from 'node:zlib';
import {gunzipped} from './gzip-members.js';
import {isTarHeader, tarMembers} from './tar.js';

export type Member = {
	/** Its name in an archive; undefined: the file is none. */
	readonly name: string | undefined;
	readonly chunks: AsyncIterable<Buffer>;
};

/** Archives in archives. */
const deepest = 3;
const tarHeader = 512;
const magicLength = 6;
const newline = 0x0a;
const brace = 0x7b;

/** The file, or the members of an archive one after the other: each must be read before the next. `count`: bytes as they are stored. */
export async function* membersOf(stream: Readable, count?: (bytes: number) => void): AsyncGenerator<Member> {
	const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
	yield* unpacked(buffers(iterator, count), undefined, 0);
}

/** The plain bytes of a file that is no archive. */
export async function* plainChunks(stream: Readable): AsyncGenerator<Buffer> {
	const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
	yield* decompressed(buffers(iterator));
}

async function* buffers(
	iterator: AsyncIterator<Buffer | string>,
	count?: (bytes: number) => void,
): AsyncGenerator<Buffer> {
	try {
		for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
			count?.(next.value.length);
			yield Buffer.from(next.value as Buffer);
		}
	} finally {
		await iterator.return?.();
	}
}

async function* unpacked(
	packed: AsyncGenerator<Buffer>,
	name: string | undefined,
	depth: number,
): AsyncGenerator<Member> {
	const plain = decompressed(packed);
	const start = await begin(plain, tarHeader);
	if (!isTarHeader(start) || depth >= deepest) {
		yield {name, chunks: utf8(start, plain)};
		return;
	}

	for await (const member of tarMembers(start, plain)) {
		yield* unpacked(member.chunks, member.name, depth + 1);
	}
}

/** The first bytes, as many as tell what it is: a line of text in a slow pipe is not waited for. */
async function begin(chunks: AsyncGenerator<Buffer>, length: number): Promise<Buffer> {
	let start: Buffer = Buffer.alloc(0);
	while (start.length < length && !start.includes(newline) && !(length > magicLength && start.includes(brace))) {
		const {value, done} = await chunks.next();
		if (done) {
			break;
		}

		start = Buffer.concat([start, value]);
	}

	return start;
}

async function* after(start: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
	if (start.length > 0) {
		yield start;
	}

	yield* rest;
}

async function* decompressed(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
	const start = await begin(packed, magicLength);
	if (start[0] === 0x1f && start[1] === 0x8b) {
		yield* gunzipped(start, packed);
	} else if (start.length >= 4 && start.readUInt32LE() === 0xfd_2f_b5_28) {
		yield* unzstd(after(start, packed));
	} else if (start.subarray(0, 6).equals(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]))) {
		const {unxz} = await import('./unxz.js');
		yield* unxz(after(start, packed));
	} else if (/^BZh[1-9]/.test(start.toString('latin1', 0, 4))) {
		const {unbzip2} = await import('./unbzip2.js');
		yield* unbzip2(after(start, packed));
	} else {
		yield* after(start, packed);
	}
}

async function* unzstd(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
	const inflate = createZstdDecompress();
	void feed(inflate, packed);
	for await (const chunk of inflate) {
		yield chunk as Buffer;
	}
}

type Inflate = ReturnType<typeof createZstdDecompress>;

async function feed(inflate: Inflate, packed: AsyncGenerator<Buffer>): Promise<void> {
	try {
		for await (const chunk of packed) {
			if (inflate.destroyed) {
				break;
			}

			await write(inflate, chunk);
		}

		inflate.end();
	} catch (error) {
		inflate.destroy(error as Error);
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

/** A file that Windows wrote with `>` is UTF-16. */
async function* utf8(start: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
	const mark = start.length >= 2 ? start.readUInt16BE(0) : 0;
	if (mark !== 0xfffe && mark !== 0xfeff) {
		yield* after(start, rest);
		return;
	}

	const decoder = new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be');
	for await (const chunk of after(start, rest)) {
		yield Buffer.from(decoder.decode(chunk, {stream: true}));
	}

	yield Buffer.from(decoder.decode());
}
