/** xz, which Node cannot unpack. */
import * as commonJs from 'xz-decompress';

/** The package is CommonJS, whose names Node does not see. */
const {XzReadableStream} = (commonJs as unknown as {readonly default?: typeof commonJs}).default ?? commonJs;

/** Throws an Error in words, after what could be unpacked. */
export async function* unxz(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
	try {
		for await (const chunk of new XzReadableStream(
			ReadableStream.from(packed),
		) as unknown as AsyncIterable<Uint8Array>) {
			yield Buffer.from(chunk);
		}
	} catch (error) {
		throw fromSystem(error) ?? new Error('its compressed data is damaged or cut off; what could be unpacked was read');
	}
}

/** An error of reading is no error of unpacking. */
function fromSystem(error: unknown): Error | undefined {
	return typeof (error as NodeJS.ErrnoException).errno === 'number' ? (error as Error) : undefined;
}
