/** bzip2, which Node cannot unpack. */
import unbzip2Stream from 'unbzip2-stream';

/** Throws an Error in words, after what could be unpacked. */
export async function* unbzip2(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
	const stream = unbzip2Stream();
	let out: Buffer[] = [];
	let isDamaged = false;
	stream.on('data', chunk => out.push(Buffer.from(chunk)));
	stream.on('error', () => {
		isDamaged = true;
	});
	for await (const chunk of packed) {
		stream.write(chunk);
		yield* out;
		out = [];
		if (isDamaged) {
			break;
		}
	}

	if (!isDamaged) {
		stream.end();
		yield* out;
	}

	if (isDamaged) {
		throw new Error('its compressed data is damaged or cut off; what could be unpacked was read');
	}
}
