/**
What patches/@grpc+grpc-js@*-bodies.patch adds to grpc-js: messages as views of the bytes that came. Plain grpc-js copies
every message into a new buffer with its head of five bytes and cuts the head off again after a chain of promises.
*/

/** Bytes of a message that is not compressed, without its head. A Buffer in all but its class, by which a filter knows it. */
export class Body extends Uint8Array {}
Object.setPrototypeOf(Body.prototype, Buffer.prototype);

function bodyOf(bytes: Buffer, start: number, end: number): Body {
	return new Body(bytes.buffer as ArrayBuffer, bytes.byteOffset + start, end - start);
}

/** One byte (0: not compressed) and four of the length. */
const headLength = 5;

/**
What patches/@grpc+grpc-js@*-bodies.patch puts in the place of grpc-js' StreamDecoder. A message that does not come whole is
collected in one buffer: plain grpc-js keeps an object for each piece, and a peer may send each byte as a piece.
*/
export class BodyDecoder {
	readonly #limit: number;
	readonly #head = Buffer.alloc(headLength);
	/** Bytes of the head that are here. */
	#headFilled = 0;
	/** The message that the head announced, with its head if it is compressed. */
	#message: Buffer | undefined;
	/** Bytes of the message that are here. */
	#filled = 0;

	/** @param limit bytes of a message as it is sent; -1: none. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/**
	The messages that end in `data`, in order: an uncompressed one as Body, a compressed one with its head.
	@throws Error for a message above the limit, when its head is here.
	*/
	write(data: Buffer): Array<Body | Buffer> {
		const messages: Array<Body | Buffer> = [];
		let from = 0;
		while (from < data.length) {
			const end = this.#endOfWhole(data, from);
			if (end !== undefined) {
				messages.push(bodyOf(data, from + headLength, end));
				from = end;
				continue;
			}

			from = this.#message === undefined ? this.#takeHead(data, from) : this.#takePiece(this.#message, data, from);
			if (this.#message !== undefined && this.#filled === this.#message.length) {
				messages.push(this.#end(this.#message));
			}
		}

		return messages;
	}

	/** Where the message that begins at `from` ends, if all of it is here, it is not compressed and not too large. */
	#endOfWhole(data: Buffer, from: number): number | undefined {
		if (this.#headFilled > 0 || data[from] !== 0 || data.length - from < headLength) {
			return undefined;
		}

		const size = data.readUInt32BE(from + 1);
		const end = from + headLength + size;
		return end > data.length || this.#isTooLarge(size) ? undefined : end;
	}

	#takeHead(data: Buffer, from: number): number {
		const to = Math.min(data.length, from + headLength - this.#headFilled);
		this.#headFilled += data.copy(this.#head, this.#headFilled, from, to);
		if (this.#headFilled === headLength) {
			this.#begin(this.#head.readUInt32BE(1));
		}

		return to;
	}

	#begin(size: number): void {
		if (this.#isTooLarge(size)) {
			throw new Error(`Received message larger than max (${size} vs ${this.#limit})`);
		}

		const kept = this.#head[0] === 0 ? 0 : headLength;
		// The system gives the memory when it is written to: a message that is announced and never sent takes none.
		this.#message = Buffer.allocUnsafeSlow(kept + size);
		this.#filled = this.#head.copy(this.#message, 0, 0, kept);
	}

	#takePiece(message: Buffer, data: Buffer, from: number): number {
		const to = Math.min(data.length, from + message.length - this.#filled);
		this.#filled += data.copy(message, this.#filled, from, to);
		return to;
	}

	#end(message: Buffer): Body | Buffer {
		const isCompressed = this.#head[0] !== 0;
		this.#headFilled = 0;
		this.#message = undefined;
		return isCompressed ? message : bodyOf(message, 0, message.length);
	}

	#isTooLarge(size: number): boolean {
		return this.#limit !== -1 && size > this.#limit;
	}
}

/** The option of a channel with the limits of single methods: `/service/method` → bytes. */
const limitsOption = 'tetratop.max_receive_message_lengths';

/** The limit of a call: that of its method, else that of its channel. */
export function limitOf(options: Readonly<Record<string, unknown>>, path: unknown, ofChannel: number): number {
	const limits = options[limitsOption] as Readonly<Record<string, number>> | undefined;
	return limits?.[String(path)] ?? ofChannel;
}

/** Characters of a status text that are kept. */
const longestText = 400;

/**
The text of a status, from the header grpc-message: what is percent-encoded is decoded, whatever it is, and a long text is
cut. Plain grpc-js shows `%2F` as it is, and everything as it is where one byte is not UTF-8.
*/
export function statusText(header: string): string {
	// Cut before decoding: three characters of the header are one byte, and four bytes are at most one character.
	const beginning = header.slice(0, longestText * 12);
	const bytes = beginning.includes('%') ? percentDecoded(beginning) : Buffer.from(beginning);
	const text = bytes.toString('utf8');
	return text.length > longestText || beginning.length < header.length ? `${cut(text)}…` : text;
}

/** A character into which the cut falls is left out. */
function cut(text: string): string {
	const kept = text.slice(0, longestText);
	return kept.isWellFormed() ? kept : kept.slice(0, -1);
}

function percentDecoded(text: string): Buffer {
	const parts = text.split(/(%[\da-f]{2})/i);
	return Buffer.concat(
		parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : Buffer.of(Number.parseInt(part.slice(1), 16)))),
	);
}
