/**
The plain bytes of a gzip file that may be cut or damaged: Node's own Gunzip drops what it had unpacked when it meets the end
of a cut file, and ignores members that come after other bytes.
*/
import {once} from 'node:events';
import {constants, crc32, createInflateRaw, type InflateRaw} from 'node:zlib';

/** Bytes that are unpacked at once: at most 1 032 times as many come out. */
const sliceBytes = 16 * 1024;
/** CRC and length after a member. */
const trailerBytes = 8;
const magic = Buffer.from([0x1f, 0x8b, 0x08]);
const headerBytes = 10;
/** A name or comment in a header that is longer is no header. */
const longestHeader = 64 * 1024;

/** Reads ahead of what was taken. */
class Input {
	readonly #chunks: AsyncIterator<Buffer | string>;
	#ahead: Buffer = Buffer.alloc(0);
	#isDone = false;

	constructor(start: Buffer, rest: AsyncIterator<Buffer | string>) {
		this.#ahead = start;
		this.#chunks = rest;
	}

	get ahead(): Buffer {
		return this.#ahead;
	}

	/** True if so many bytes, at least, are ahead. */
	async has(length: number): Promise<boolean> {
		while (this.#ahead.length < length && !this.#isDone) {
			const {value, done} = await this.#chunks.next();
			this.#isDone = done === true;
			this.#ahead = done ? this.#ahead : Buffer.concat([this.#ahead, Buffer.from(value)]);
		}

		return this.#ahead.length >= length;
	}

	skip(length: number): void {
		this.#ahead = this.#ahead.subarray(length);
	}

	async close(): Promise<void> {
		await this.#chunks.return?.();
	}
}

/** Throws an Error in words, after all that could be unpacked, if something could not be. */
export async function* gunzipped(start: Buffer, rest: AsyncIterator<Buffer | string>): AsyncGenerator<Buffer> {
	const input = new Input(start, rest);
	let passed = 0;
	let isCut = false;
	try {
		for (;;) {
			const {passed: before, length} = await toMember(input);
			passed += before;
			if (length === undefined) {
				break;
			}

			const result = yield* member(input, length);
			isCut = result === 'cut';
			passed += result === 'damaged' ? 1 : 0;
		}
	} finally {
		await input.close();
	}

	if (isCut) {
		throw new Error('it ends in the middle: it was cut off');
	}

	if (passed > 0) {
		throw new Error('its compressed data is damaged; what could be unpacked was read');
	}
}

/** Goes to the next header. Returns the bytes that were passed over, and the length of the header; undefined: there is none. */
async function toMember(input: Input): Promise<{readonly passed: number; readonly length: number | undefined}> {
	let passed = 0;
	while (await input.has(1)) {
		await input.has(magic.length);
		const at = input.ahead.indexOf(magic);
		const length = at === 0 ? await headerLength(input) : undefined;
		if (length !== undefined) {
			return {passed, length};
		}

		// The last bytes may be the beginning of a header.
		const step = at > 0 ? at : at === 0 ? 1 : Math.max(1, input.ahead.length - (magic.length - 1));
		input.skip(step);
		passed += step;
	}

	return {passed, length: undefined};
}

/** RFC 1952; undefined: these bytes are no header, or a cut one. */
async function headerLength(input: Input): Promise<number | undefined> {
	if (!(await input.has(headerBytes))) {
		return undefined;
	}

	const flags = input.ahead[3] ?? 0;
	let length = headerBytes;
	if (flags & 0x04) {
		if (!(await input.has(length + 2))) {
			return undefined;
		}

		length += 2 + input.ahead.readUInt16LE(length);
	}

	for (const flag of [0x08, 0x10]) {
		if (flags & flag) {
			await input.has(length + longestHeader);
			const end = input.ahead.indexOf(0, length);
			if (end === -1) {
				return undefined;
			}

			length = end + 1;
		}
	}

	length += flags & 0x02 ? 2 : 0;
	return (flags & 0xe0) === 0 && (await input.has(length)) ? length : undefined;
}

/**
Unpacks one member, which may be cut or damaged. Bytes that only look like a header give nothing: then the search goes on with
the next byte.
*/
async function* member(input: Input, header: number): AsyncGenerator<Buffer, 'whole' | 'cut' | 'damaged'> {
	const unpacker = new Unpacker();
	/** Bytes before the slice that are not skipped yet, as nothing came out of them. */
	let held = header;
	try {
		for (;;) {
			const isMore = await input.has(held + 1);
			held += await unpacker.take(isMore ? input.ahead.subarray(held, held + sliceBytes) : undefined);
			if (unpacker.hasEnded && isMore) {
				return yield* lastOf(input, held, unpacker);
			}

			if (unpacker.hasOutput) {
				input.skip(held);
				held = 0;
				yield* unpacker.output();
			}

			if (!isMore) {
				skipOneOf(input, held);
				return 'cut';
			}
		}
	} catch {
		if (held === 0) {
			yield* unpacker.output();
		}

		skipOneOf(input, held);
		return 'damaged';
	} finally {
		unpacker.close();
	}
}

/** The search goes on with the next byte after a member that gave nothing; one that gave something is skipped already. */
function skipOneOf(input: Input, held: number): void {
	input.skip(held === 0 ? 0 : 1);
}

/** The output after the last slice, if the checksum in the trailer is right. `held`: where the trailer begins. */
async function* lastOf(
	input: Input,
	held: number,
	unpacker: Unpacker,
): AsyncGenerator<Buffer, 'whole' | 'cut' | 'damaged'> {
	const isWhole = await input.has(held + trailerBytes);
	if (isWhole && input.ahead.readUInt32LE(held) !== unpacker.sum) {
		input.skip(1);
		return 'damaged';
	}

	yield* unpacker.output();
	input.skip(isWhole ? held + trailerBytes : input.ahead.length);
	return isWhole ? 'whole' : 'cut';
}

/** Inflates one member. */
class Unpacker {
	readonly #inflate = createInflateRaw({finishFlush: constants.Z_SYNC_FLUSH});
	#output: Buffer[] = [];
	#sum = 0;
	#hasEnded = false;

	constructor() {
		this.#inflate.on('data', (chunk: Buffer) => {
			this.#output.push(chunk);
			this.#sum = crc32(chunk, this.#sum);
		});
		this.#inflate.once('end', () => {
			this.#hasEnded = true;
		});
	}

	/** CRC-32 of all output. */
	get sum(): number {
		return this.#sum;
	}

	get hasEnded(): boolean {
		return this.#hasEnded;
	}

	get hasOutput(): boolean {
		return this.#output.length > 0;
	}

	/** undefined: the input has ended. Returns how many bytes of the slice belong to the member; throws for damaged ones. */
	async take(slice: Buffer | undefined): Promise<number> {
		const before = this.#inflate.bytesWritten;
		await step(this.#inflate, slice);
		return this.#inflate.bytesWritten - before;
	}

	/** What came out since the last call. */
	output(): readonly Buffer[] {
		const output = this.#output;
		this.#output = [];
		return output;
	}

	close(): void {
		this.#inflate.destroy();
	}
}

/** Gives the slice to the unpacker, or the end; resolves when it was taken, or when the member ended in it. */
async function step(inflate: InflateRaw, slice: Buffer | undefined): Promise<void> {
	const stop = new AbortController();
	const {promise, resolve} = Promise.withResolvers<void>();
	const ended = once(inflate, 'end', {signal: stop.signal});
	try {
		if (slice === undefined) {
			inflate.end();
			await ended;
		} else {
			inflate.write(slice, error => (error ? undefined : resolve()));
			await Promise.race([promise, ended]);
		}
	} finally {
		stop.abort();
		ended.catch(() => undefined);
	}
}
