/** What Buffer.toString calls for these encodings, without the checks on the way; Node and Bun both have them. */
interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
	latin1Slice(start: number, end: number): string;
	utf8Slice(start: number, end: number): string;
	base64Slice(start: number, end: number): string;
}
