/** Counts the frames that are no event, and says of the first whose it is and how it begins. */
import {GrowingNote} from './growing-note.js';

/** Bytes of the first frame that are shown. */
const mostShown = 32;

export class BadFrames {
	#count = 0;
	#first = '';
	readonly #note: GrowingNote;

	constructor(note: (text: string) => void) {
		this.#note = new GrowingNote(
			() => this.#count,
			count => `${count === 1 ? '1 frame is no event' : `${count} frames are no events`}${this.#first}`,
			note,
		);
	}

	/** `bytes` is undefined for a frame that a filter left out: it is counted only. */
	add(node: string, bytes?: Uint8Array): void {
		this.#count++;
		if (this.#first === '' && bytes !== undefined) {
			const start = Buffer.from(bytes.subarray(0, mostShown)).toString('hex');
			const content = bytes.length === 0 ? '' : `: ${start}${bytes.length > mostShown ? '…' : ''}`;
			this.#first = `; the first${node === '' ? '' : `, of ${node},`} has ${bytes.length} bytes${content}`;
		}
	}

	end(): void {
		this.#note.end();
	}
}
