/** What can be unpacked of a gzip file that was cut or damaged. */
import assert from 'node:assert/strict';
import {Readable} from 'node:stream';
import test from 'node:test';
import {constants, createGzip, gzipSync} from 'node:zlib';
import {plainChunks} from '../../source/recording/unpack.js';

async function unpacked(bytes: Buffer, chunk = 1000): Promise<{readonly text: string; readonly why: string}> {
	const chunks: Buffer[] = [];
	for (let at = 0; at < bytes.length; at += chunk) {
		chunks.push(bytes.subarray(at, at + chunk));
	}

	let text = '';
	try {
		for await (const part of plainChunks(Readable.from(chunks))) {
			text += part.toString('latin1');
		}
	} catch (error) {
		return {text, why: (error as Error).message};
	}

	return {text, why: ''};
}

/** A recording: lines, with a flush after each tenth. Returns the places of the flushes, packed and plain. */
async function flushed(lines: readonly string[]) {
	const gzip = createGzip({level: 1});
	const packed: Buffer[] = [];
	gzip.on('data', (chunk: Buffer) => packed.push(chunk));
	const places: Array<{readonly packed: number; readonly plain: number}> = [];
	let plain = 0;
	for (const [index, line] of lines.entries()) {
		gzip.write(`${line}\n`);
		plain += line.length + 1;
		if (index % 10 === 9) {
			await new Promise<void>(resolve => gzip.flush(constants.Z_SYNC_FLUSH, resolve));
			places.push({packed: Buffer.concat(packed).length, plain});
		}
	}

	gzip.end();
	await new Promise(resolve => gzip.once('end', resolve));
	return {bytes: Buffer.concat(packed), places};
}

const lines = Array.from({length: 300}, (_, index) =>
	JSON.stringify({index, text: `${(index * 7919) % 1009}`.repeat(9)}),
);
const whole = `${lines.join('\n')}\n`;

test('a file that was cut anywhere gives all that was flushed before the cut, and says that it was cut', async () => {
	const {bytes, places} = await flushed(lines);
	assert.equal((await unpacked(bytes)).text, whole);
	for (let cut = 11; cut < bytes.length; cut += 97) {
		const {text, why} = await unpacked(bytes.subarray(0, cut), 4096);
		const safe = places.findLast(place => place.packed <= cut)?.plain ?? 0;
		assert.ok(text.length >= safe, `${text.length} of ${safe} at ${cut}`);
		assert.ok(whole.startsWith(text));
		assert.match(why, /it was cut off/);
	}
});

test('members in a row are one text, whatever the chunks', async () => {
	const members = Buffer.concat(['a'.repeat(50_000), '', 'b', whole].map(text => gzipSync(text)));
	for (const chunk of [1, 7, 18, 16 * 1024, 1 << 20]) {
		const {text, why} = await unpacked(members, chunk);
		assert.ok(text === `${'a'.repeat(50_000)}b${whole}`, `chunks of ${chunk}`);
		assert.equal(why, '');
	}
});

test('members behind garbage are read: text, zeros of a lost power, a damaged member, something like a header', async () => {
	const damaged = gzipSync(whole);
	damaged.fill(0xff, 200, 400);
	for (const garbage of [
		Buffer.from('garbage'),
		Buffer.alloc(100_000),
		damaged,
		Buffer.from([0x1f, 0x8b, 0x08, 0x1f, 0x8b, 0x08, 0xff, 0x1f]),
		Buffer.from([0x1f, 0x8b]),
	]) {
		const {text, why} = await unpacked(Buffer.concat([gzipSync('before '), garbage, gzipSync('behind')]));
		assert.ok(
			text.startsWith('before ') && text.endsWith('behind'),
			`${garbage.subarray(0, 20).toString('hex')}: ${text}`,
		);
		assert.match(why, /damaged/);
	}
});

test('a member of 200 MB of zeros is given in pieces', async () => {
	const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
	let largest = 0;
	let length = 0;
	for await (const part of plainChunks(Readable.from([bomb]))) {
		largest = Math.max(largest, part.length);
		length += part.length;
	}

	assert.equal(length, 200 * 1024 * 1024);
	assert.ok(largest < 1024 * 1024, `${largest}`);
});
