/**
Recorded frames as a fast sender wants them: gRPC messages one behind the other in blocks of some 64 kB, with the places
known at which each round writes what must be new, in the same number of bytes: the event's second, so that events are of
now, and the time in every exec_id, so that each round brings new processes as a live agent does.
*/
import {Buffer} from 'node:buffer';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';
import {splitFrames} from '../source/demo/recordings.js';
import {recordingsFolder} from '../test/agent/recordings.js';

/** gRPC: one byte for compression, four for the length. */
const prefixBytes = 5;
const blockBytes = 64 * 1024;
/** 'bWluaWt1YmU6' is base64 of `minikube:`, with which every recorded exec_id begins; the digits of a time follow. */
const execIdStart = 'bWluaWt1YmU6';

type Message = {readonly bytes: Buffer; readonly execIds: readonly number[]; readonly seconds: number};

export type Block = {readonly bytes: Buffer; readonly count: number};

/** The messages of one recording, again and again. */
export class RecordedMessages {
	readonly #messages: readonly Message[];
	#at = 0;
	#round = 0;
	#digits = digitsOf(0);

	/** `most`: take only so many frames of it. */
	constructor(recording: string, most = Number.POSITIVE_INFINITY) {
		this.#messages = framesIn(recording)
			.slice(0, most)
			.map(frame => messageOf(frame));
	}

	/** Frames of one round. */
	get length(): number {
		return this.#messages.length;
	}

	/** The next frames, at most `count` of them and about 64 kB, as one piece. */
	next(count: number, nowMs: number): Block {
		let size = 0;
		let taken = 0;
		for (let at = this.#at; taken < count && size < blockBytes; taken++) {
			size += this.#messages[at]!.bytes.length;
			at = at + 1 === this.#messages.length ? 0 : at + 1;
		}

		const bytes = Buffer.allocUnsafe(size);
		const seconds = secondsOf(nowMs);
		let place = 0;
		for (let index = 0; index < taken; index++) {
			const message = this.#messages[this.#at]!;
			message.bytes.copy(bytes, place);
			seconds.copy(bytes, place + message.seconds);
			for (const execId of message.execIds) {
				this.#digits.copy(bytes, place + execId);
			}

			place += message.bytes.length;
			this.#at++;
			if (this.#at === this.#messages.length) {
				this.#at = 0;
				this.#digits = digitsOf(++this.#round);
			}
		}

		return {bytes, count: taken};
	}
}

/** Unpacked into one piece: thousands of small ones would stay in the memory of the process that is measured. */
const framesIn = (recording: string): readonly Buffer[] =>
	splitFrames(
		gunzipSync(readFileSync(path.join(recordingsFolder, recording, 'events.bin.gz')), {chunkSize: 128 * 1024 * 1024}),
	);

/** The first three digits of the time, as four signs of base64. */
const digitsOf = (round: number): Buffer => Buffer.from(Buffer.from(String(100 + (round % 900))).toString('base64'));

/** Seconds since 1970 as a varint: five bytes, from 1978 to 3058. */
const secondsOf = (nowMs: number): Buffer => {
	const bytes = Buffer.alloc(5);
	let rest = Math.floor(nowMs / 1000);
	for (let at = 0; at < 5; at++) {
		bytes[at] = (rest % 128) + (at < 4 ? 128 : 0);
		rest = Math.floor(rest / 128);
	}

	return bytes;
};

const messageOf = (frame: Buffer): Message => {
	const bytes = Buffer.alloc(prefixBytes + frame.length);
	bytes.writeUInt32BE(frame.length, 1);
	frame.copy(bytes, prefixBytes);
	const execIds: number[] = [];
	for (let at = bytes.indexOf(execIdStart); at >= 0; at = bytes.indexOf(execIdStart, at + 1)) {
		execIds.push(at + execIdStart.length);
	}

	return {bytes, execIds, seconds: secondsPlace(bytes)};
};

/** Where the seconds of GetEventsResponse.time (field 1001) stand: tag ca 3e, length, 08, five bytes. */
const secondsPlace = (bytes: Buffer): number => {
	for (let at = bytes.lastIndexOf('\u00CA\u003E', undefined, 'latin1'); at >= 0; ) {
		if (bytes[at + 3] === 0x08 && bytes[at + 8]! < 0x80) {
			return at + 4;
		}

		at = at === 0 ? -1 : bytes.lastIndexOf('\u00CA\u003E', at - 1, 'latin1');
	}

	throw new Error('a frame without a time');
};
