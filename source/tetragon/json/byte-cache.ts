/**
Pieces of text made from bytes, with those bytes as their key, so never stale. One slab that never grows: each key has one
place, and a newer key takes it. A key is kept when it comes a second time, since what comes once (the parent in an exec) would
only push out what comes again and again.
*/
import {Buffer} from 'node:buffer';
import type {ByteText} from '../../runtime/byte-text.js';
import type {Cursor} from '../wire/wire.js';

const places = 512;
/** Bytes of a place: a key and its text. */
const placeBytes = 6 * 1024;

export class ByteCache {
	readonly #slab = Buffer.allocUnsafeSlow(places * placeBytes);
	readonly #types: Array<string | undefined> = Array.from({length: places});
	readonly #keyLengths = new Int32Array(places);
	/** Views of the slab: to make one at each use costs more than the copy. */
	readonly #texts: Array<Uint8Array | undefined> = Array.from({length: places});
	/** The hash that came last to a place, kept or not. */
	readonly #lastHashes = new Int32Array(places);

	/** For the cursor's range read as `type`; see the others. */
	hash({bytes, at, end}: Cursor): number {
		let hash = end - at;
		const step = 1 + ((end - at) >>> 6);
		for (let index = at; index < end; index += step) {
			hash = (Math.imul(hash, 31) + (bytes[index] as number)) | 0;
		}

		// The low bits decide the place.
		return (hash ^ (hash >>> 15)) | 0;
	}

	/** Writes the known text of the cursor's range; false: it is not known. */
	write(out: ByteText, cursor: Cursor, type: string, hash: number): boolean {
		const place = hash & (places - 1);
		const length = this.#keyLengths[place] as number;
		if (this.#types[place] !== type || length !== cursor.end - cursor.at) {
			return false;
		}

		if (!isSame(this.#slab, place * placeBytes, cursor.bytes, cursor.at, length)) {
			return false;
		}

		out.copy(this.#texts[place] as Uint8Array);
		return true;
	}

	/** Keeps the text that was written from `textStart` on for the cursor's range. */
	keep(out: ByteText, textStart: number, {bytes, at, end}: Cursor, type: string, hash: number): void {
		const place = hash & (places - 1);
		const isSecond = this.#lastHashes[place] === hash;
		this.#lastHashes[place] = hash;
		const length = out.at - textStart;
		if (!isSecond || end - at + length > placeBytes || out.at > out.bytes.length) {
			return;
		}

		const from = place * placeBytes;
		bytes.copy(this.#slab, from, at, end);
		out.bytes.copy(this.#slab, from + end - at, textStart, out.at);
		this.#types[place] = type;
		this.#keyLengths[place] = end - at;
		this.#texts[place] = this.#slab.subarray(from + end - at, from + end - at + length);
	}
}

function isSame(first: Buffer, firstAt: number, second: Buffer, secondAt: number, length: number): boolean {
	// A call costs as much as some hundred steps of the loop.
	if (length > 256) {
		return first.compare(second, secondAt, secondAt + length, firstAt, firstAt + length) === 0;
	}

	for (let index = 0; index < length; index++) {
		if (first[firstAt + index] !== second[secondAt + index]) {
			return false;
		}
	}

	return true;
}
