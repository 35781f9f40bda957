/** Texts of a frame as a compact line has them, from bytes to bytes. */
import type {ByteText} from '../../runtime/byte-text.js';

const [space, quote, backslash] = [0x20, 0x22, 0x5c] as const;

/** Where a text is in the frame; -1: the frame does not have it. */
export type Range = {at: number; end: number};

export function isAscii(bytes: Buffer, {at, end}: Range): boolean {
	for (let index = at; index < end; index++) {
		if ((bytes[index] as number) >= 0x80) {
			return false;
		}
	}

	return true;
}

/** Printable ASCII without a space, which Go's way leaves as it is. */
export function isUnquoted(bytes: Buffer, {at, end}: Range): boolean {
	for (let index = at; index < end; index++) {
		const byte = bytes[index] as number;
		if (byte <= space || byte >= 0x7f) {
			return false;
		}
	}

	return true;
}

export function writeText(out: ByteText, bytes: Buffer, {at, end}: Range): void {
	const to = out.bytes;
	let place = out.at;
	for (let index = at; index < end; index++) {
		to[place++] = bytes[index] as number;
	}

	out.at = place;
}

/** Quoted when it has a space. False: it is not printable ASCII. */
export function writeQuotedText(out: ByteText, bytes: Buffer, text: Range): boolean {
	if (isUnquoted(bytes, text)) {
		writeText(out, bytes, text);
		return true;
	}

	out.byte(quote);
	for (let index = text.at; index < text.end; index++) {
		const byte = bytes[index] as number;
		if (byte < space || byte >= 0x7f) {
			return false;
		}

		if (byte === quote || byte === backslash) {
			out.byte(backslash);
		}

		out.byte(byte);
	}

	out.byte(quote);
	return true;
}
