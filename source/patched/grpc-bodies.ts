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

/** ReadState of grpc-js' stream-decoder.js. */
const noData = 0;
const readingSize = 1;
const readingMessage = 2;

/** One byte (0: not compressed) and four of the length. */
const headLength = 5;

/** The part of grpc-js' StreamDecoder that is read here. */
export type Decoder = {
	readonly maxReadMessageLength: number;
	readonly readState: number;
	readonly readSizeRemaining: number;
	readonly readMessageRemaining: number;
	readonly write: (data: Buffer) => Buffer[];
};

/**
The messages that end in `data`, in order: an uncompressed one as Body, a compressed one with its head, as write() returns it.
@throws Error for a message above maxReadMessageLength, as write() does.
*/
export function bodiesOf(decoder: Decoder, data: Buffer): Array<Body | Buffer> {
	const messages: Array<Body | Buffer> = [];
	let from = 0;
	while (from < data.length) {
		const end = endOfWhole(decoder, data, from);
		if (end !== undefined) {
			messages.push(bodyOf(data, from + headLength, end));
			from = end;
			continue;
		}

		const to = Math.min(data.length, from + wantedBytes(decoder));
		for (const message of decoder.write(data.subarray(from, to))) {
			messages.push(message[0] === 0 ? bodyOf(message, headLength, message.length) : message);
		}

		from = to;
	}

	return messages;
}

/** Where the message that begins at `from` ends, if all of it is here, it is not compressed and not too large. */
function endOfWhole(decoder: Decoder, data: Buffer, from: number): number | undefined {
	if (decoder.readState !== noData || data[from] !== 0 || data.length - from < headLength) {
		return undefined;
	}

	const limit = decoder.maxReadMessageLength;
	const size = data.readUInt32BE(from + 1);
	const end = from + headLength + size;
	return end > data.length || (limit !== -1 && size > limit) ? undefined : end;
}

/** How many bytes to give the decoder, so that it never gets the end of one message together with the next one. */
function wantedBytes({readState, readMessageRemaining, readSizeRemaining}: Decoder): number {
	if (readState === readingMessage) {
		return readMessageRemaining;
	}

	return readState === readingSize ? readSizeRemaining : headLength;
}
