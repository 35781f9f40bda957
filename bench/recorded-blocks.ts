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
const floodBytes = 256 * 1024;
/** 'bWluaWt1YmU6' is base64 of `minikube:`, with which every recorded exec_id begins; the digits of a time follow. */
const execIdStart = 'bWluaWt1YmU6';

type Message = {readonly bytes: Buffer; readonly execIds: Int32Array; readonly seconds: Int32Array};

export type Block = {readonly bytes: Buffer; readonly count: number};

/** The messages of one recording, again and again. */
export class RecordedMessages {
	readonly #messages: readonly Message[];
	#at = 0;
	#round = 0;
	#digits = {round: 0, bytes: digitsOf(0)};
	#blocks: readonly Message[] | undefined;
	#blockAt = 0;

	/** `most`: take only so many frames of it. Of another one: the same frames, read from their beginning. */
	constructor(recording: string | RecordedMessages, most = Number.POSITIVE_INFINITY) {
		this.#messages =
			recording instanceof RecordedMessages
				? recording.#messages
				: framesIn(recording)
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
		for (let index = 0, place = 0; index < taken; index++) {
			const message = this.#messages[this.#at]!;
			message.bytes.copy(bytes, place);
			this.#renew(bytes, message, place, nowMs);
			place += message.bytes.length;
			this.#at++;
			if (this.#at === this.#messages.length) {
				this.#at = 0;
				this.#round++;
			}
		}

		return {bytes, count: taken};
	}

	/** About 256 kB at once, whatever `next` has given: for a sender that must be faster than any reader. */
	block(nowMs: number): Block {
		this.#blocks ??= blocksOf(this.#messages);
		const block = this.#blocks[this.#blockAt]!;
		const bytes = Buffer.allocUnsafeSlow(block.bytes.length);
		block.bytes.copy(bytes);
		this.#renew(bytes, block, 0, nowMs);
		this.#blockAt++;
		if (this.#blockAt === this.#blocks.length) {
			this.#blockAt = 0;
			this.#round++;
		}

		return {bytes, count: block.seconds.length};
	}

	/** Byte by byte: a call for each place would cost more than all the rest. */
	#renew(bytes: Buffer, {execIds, seconds}: Pick<Message, 'execIds' | 'seconds'>, place: number, nowMs: number): void {
		if (this.#digits.round !== this.#round) {
			this.#digits = {round: this.#round, bytes: digitsOf(this.#round)};
		}

		const [first = 0, second = 0, third = 0, fourth = 0] = this.#digits.bytes;
		for (let index = 0; index < execIds.length; index++) {
			const at = place + execIds[index]!;
			bytes[at] = first;
			bytes[at + 1] = second;
			bytes[at + 2] = third;
			bytes[at + 3] = fourth;
		}

		const whole = Math.floor(nowMs / 1000);
		for (let index = 0; index < seconds.length; index++) {
			const at = place + seconds[index]!;
			bytes[at] = (whole & 127) | 128;
			bytes[at + 1] = ((whole >>> 7) & 127) | 128;
			bytes[at + 2] = ((whole >>> 14) & 127) | 128;
			bytes[at + 3] = ((whole >>> 21) & 127) | 128;
			bytes[at + 4] = whole >>> 28;
		}
	}
}

function blocksOf(messages: readonly Message[]): Message[] {
	const blocks: Message[] = [];
	for (let first = 0; first < messages.length; ) {
		let size = 0;
		let end = first;
		while (end < messages.length && size < floodBytes) {
			size += messages[end++]!.bytes.length;
		}

		const bytes = Buffer.alloc(size);
		const execIds: number[] = [];
		const seconds: number[] = [];
		let place = 0;
		for (const message of messages.slice(first, end)) {
			message.bytes.copy(bytes, place);
			execIds.push(...[...message.execIds].map(at => at + place));
			seconds.push(...[...message.seconds].map(at => at + place));
			place += message.bytes.length;
		}

		blocks.push({bytes, execIds: Int32Array.from(execIds), seconds: Int32Array.from(seconds)});
		first = end;
	}

	return blocks;
}

/** Unpacked into one piece: thousands of small ones would stay in the memory of the process that is measured. */
function framesIn(recording: string): readonly Buffer[] {
	return splitFrames(
		gunzipSync(readFileSync(path.join(recordingsFolder, recording, 'events.bin.gz')), {chunkSize: 128 * 1024 * 1024}),
	);
}

/** The first three digits of the time, as four signs of base64. */
function digitsOf(round: number): Buffer {
	return Buffer.from(Buffer.from(String(100 + (round % 900))).toString('base64'));
}

function messageOf(frame: Buffer): Message {
	const bytes = Buffer.alloc(prefixBytes + frame.length);
	bytes.writeUInt32BE(frame.length, 1);
	frame.copy(bytes, prefixBytes);
	const execIds: number[] = [];
	for (let at = bytes.indexOf(execIdStart); at >= 0; at = bytes.indexOf(execIdStart, at + 1)) {
		execIds.push(at + execIdStart.length);
	}

	return {bytes, execIds: Int32Array.from(execIds), seconds: Int32Array.of(secondsPlace(bytes))};
}

/** Seconds since 1970 are a varint of five bytes, from 1978 to 3058. Where those of GetEventsResponse.time (field 1001) stand: tag ca 3e, length, 08, five bytes. */
function secondsPlace(bytes: Buffer): number {
	for (let at = bytes.lastIndexOf('\u00CA\u003E', undefined, 'latin1'); at >= 0; ) {
		if (bytes[at + 3] === 0x08 && bytes[at + 8]! < 0x80) {
			return at + 4;
		}

		at = at === 0 ? -1 : bytes.lastIndexOf('\u00CA\u003E', at - 1, 'latin1');
	}

	throw new Error('a frame without a time');
}
