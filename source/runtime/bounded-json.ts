/** JSON of a peer that may lie. JSON.parse has no limit: 6 MB of `[[[[` take a gigabyte. */

/** Levels, as protobuf has them by default. Kubernetes objects have about twenty. */
const deepest = 100;
/** Objects, arrays and their members. A page of 500 pods has about 200 000. */
const mostValues = 1_000_000;

const quote = 34;
const comma = 44;
const backslash = 92;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** Parses UTF-8. Throws an Error with one sentence for text that is not JSON, too deep, or of too many values. */
export function parseBounded(bytes: Uint8Array): unknown {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	checkShape(buffer);
	return JSON.parse(buffer.toString());
}

function checkShape(bytes: Buffer): void {
	let depth = 0;
	let values = 0;
	for (let at = 0; at < bytes.length; at++) {
		switch (bytes[at]) {
			case quote:
				at = endOfString(bytes, at);
				break;
			case openBracket:
			case openBrace:
				depth++;
				values++;
				break;
			case closeBracket:
			case closeBrace:
				depth--;
				break;
			case comma:
				values++;
				break;
			default:
		}

		if (depth > deepest) {
			throw new Error(`the JSON is nested deeper than ${deepest} levels`);
		}

		if (values > mostValues) {
			throw new Error(`the JSON has more than ${mostValues} values`);
		}
	}
}

/** The index of the quote that ends the string that begins at `from`; the end of the bytes if there is none. */
function endOfString(bytes: Buffer, from: number): number {
	for (let end = bytes.indexOf(quote, from + 1); end !== -1; end = bytes.indexOf(quote, end + 1)) {
		let slashes = 0;
		while (bytes[end - 1 - slashes] === backslash) {
			slashes++;
		}

		if (slashes % 2 === 0) {
			return end;
		}
	}

	return bytes.length;
}
