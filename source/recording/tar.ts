/** The members of a tar archive, one after the other, without unpacking anything to the disk. */

export type TarMember = {readonly name: string; readonly chunks: AsyncGenerator<Buffer>};

const block = 512;
/** A longer name is none. */
const longestName = 64 * 1024;

/** By its magic, and by its sum where an old tar writes none. */
export function isTarHeader(bytes: Buffer): boolean {
	return bytes.length >= block && bytes.toString('latin1', 257, 262) === 'ustar' && sumIsRight(bytes);
}

function sumIsRight(header: Buffer): boolean {
	let sum = 8 * 0x20;
	for (let at = 0; at < block; at++) {
		sum += at >= 148 && at < 156 ? 0 : (header[at] as number);
	}

	return sum === Number.parseInt(text(header, 148, 8), 8);
}

function text(header: Buffer, from: number, length: number): string {
	const end = header.indexOf(0, from);
	return header.toString('utf8', from, end === -1 || end > from + length ? from + length : end).trim();
}

/** Octal, or the base-256 of GNU for large files. */
function sizeOf(header: Buffer): number {
	if (((header[124] as number) & 0x80) !== 0) {
		return Number(header.readBigUInt64BE(128));
	}

	return Number.parseInt(text(header, 124, 12) || '0', 8);
}

class TarInput {
	#ahead: Buffer;
	readonly #chunks: AsyncGenerator<Buffer>;

	constructor(start: Buffer, chunks: AsyncGenerator<Buffer>) {
		this.#ahead = start;
		this.#chunks = chunks;
	}

	/** At most so many bytes; empty: the input has ended. */
	async some(most: number): Promise<Buffer> {
		if (this.#ahead.length === 0) {
			const {value, done} = await this.#chunks.next();
			this.#ahead = done ? Buffer.alloc(0) : value;
			if (!done && this.#ahead.length === 0) {
				return this.some(most);
			}
		}

		const part = this.#ahead.subarray(0, most);
		this.#ahead = this.#ahead.subarray(part.length);
		return part;
	}

	/** Exactly so many bytes, or fewer at the end. */
	async exactly(length: number): Promise<Buffer> {
		const parts: Buffer[] = [];
		let left = length;
		while (left > 0) {
			const part = await this.some(left);
			if (part.length === 0) {
				break;
			}

			parts.push(part);
			left -= part.length;
		}

		return Buffer.concat(parts);
	}

	async *body(length: number): AsyncGenerator<Buffer> {
		let left = length;
		while (left > 0) {
			const part = await this.some(Math.min(left, 256 * 1024));
			if (part.length === 0) {
				throw new Error('it ends in the middle: it was cut off');
			}

			left -= part.length;
			yield part;
		}
	}
}

/** A member whose chunks were not read to the end is passed over. Throws an Error in words for an archive that is cut or damaged. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the fields of one header in their order
export async function* tarMembers(start: Buffer, chunks: AsyncGenerator<Buffer>): AsyncGenerator<TarMember> {
	const input = new TarInput(start, chunks);
	let longName = '';
	for (;;) {
		const header = await input.exactly(block);
		// Two blocks of zeros are the end; some archives lack them.
		if (header.length < block || header.every(byte => byte === 0)) {
			return;
		}

		const size = sizeOf(header);
		if (!(sumIsRight(header) && size >= 0)) {
			throw new Error('the archive is damaged; what came before was read');
		}

		const kind = String.fromCharCode(header[156] as number);
		const body = input.body(size);
		if ((kind === 'L' || kind === 'x') && size <= longestName) {
			const parts = await input.exactly(size);
			longName = kind === 'L' ? text(parts, 0, size) : (/ path=([^\n]+)\n/.exec(parts.toString())?.[1] ?? '');
		} else {
			const name = longName || [text(header, 345, 155), text(header, 0, 100)].filter(Boolean).join('/');
			longName = '';
			if (kind === '0' || kind === '\0' || kind === '7') {
				yield {name, chunks: body};
			}

			// What the reader left.
			for await (const _ of body) {
				// Passed over.
			}
		}

		await input.exactly((block - (size % block)) % block);
	}
}
