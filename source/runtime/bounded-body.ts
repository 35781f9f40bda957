import type {Readable} from 'node:stream';

const mebi = 1024 ** 2;

/** A body that is longer than its limit; nothing of it is kept. */
export class TooLong extends Error {
	constructor(limit: number) {
		super(`the answer is longer than ${limit >= mebi ? `${limit / mebi} MiB` : `${limit} bytes`}`);
	}
}

const firstBytes = 16 * 1024;

/** Collects the bytes of a peer up to a limit. One buffer: a body that comes byte by byte costs no object for each. */
export class BoundedBytes {
	readonly #limit: number;
	#buffer = Buffer.alloc(0);
	#length = 0;

	constructor(limit: number) {
		this.#limit = limit;
	}

	get length(): number {
		return this.#length;
	}

	/** Throws TooLong, and forgets what it has. */
	push(chunk: Uint8Array): void {
		const length = this.#length + chunk.length;
		if (length > this.#limit) {
			this.clear();
			throw new TooLong(this.#limit);
		}

		if (length > this.#buffer.length) {
			this.#grow(length);
		}

		this.#buffer.set(chunk, this.#length);
		this.#length = length;
	}

	/** Valid until the next push. */
	bytes(): Buffer {
		return this.#buffer.subarray(0, this.#length);
	}

	clear(): void {
		this.#buffer = Buffer.alloc(0);
		this.#length = 0;
	}

	#grow(least: number): void {
		const grown = Buffer.allocUnsafeSlow(Math.max(least, Math.min(this.#limit, this.#buffer.length * 2), firstBytes));
		grown.set(this.bytes());
		this.#buffer = grown;
	}
}

/** Reads a body to its end. Rejects with TooLong and destroys the body when it is longer than the limit. */
export async function readBounded(body: Readable, limit: number): Promise<Buffer> {
	const kept = new BoundedBytes(limit);
	for await (const chunk of body) {
		kept.push(chunk as Uint8Array);
	}

	return kept.bytes();
}

/** The first bytes of a body; the rest is not read. For the words of an error. */
export async function readBeginning(body: Readable, limit: number): Promise<Buffer> {
	const kept = new BoundedBytes(limit);
	for await (const chunk of body) {
		const bytes = chunk as Uint8Array;
		kept.push(bytes.subarray(0, limit - kept.length));
		if (kept.length === limit) {
			break;
		}
	}

	return kept.bytes();
}
