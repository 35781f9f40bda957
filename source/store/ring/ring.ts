/**
What came, in the order in which it came: frames and rules, bounded in bytes, oldest dropped first. A sequence number is
given once and never again; the numbers in the ring are contiguous, so that a place is found by subtraction.
*/
import {Buffer} from 'node:buffer';
import type {Format} from '../../tetragon/event/facts.js';
import type {Process} from '../processes/process.js';
import type {FeedMarker} from '../snapshot.js';
import {ruleCode} from './kind-codes.js';
import {flag, rowBytes, Slab} from './slabs.js';

const slabBytes = 4 * 1024 * 1024;

export class Ring {
	readonly bufferBytes: number;
	readonly #slabBytes: number;
	readonly #firstRows: number;
	#slabs: Slab[] = [];
	#bytes = 0;
	#nextSeq: number;
	/** Somebody looks at a picture of before: processes stay readable although their frames go. */
	isHeld = false;
	/** Rows in the ring that are rules, not events. */
	#rules = 0;

	constructor(bufferBytes: number, firstSeq = 0) {
		this.#nextSeq = firstSeq;
		this.bufferBytes = bufferBytes;
		this.#slabBytes = Math.max(4096, Math.min(slabBytes, Math.floor(bufferBytes / 8)));
		this.#firstRows = Math.max(8, Math.floor(this.#slabBytes / 2048));
	}

	/** Sequence number of the oldest row; equal to `nextSeq` when the ring is empty. */
	get firstSeq(): number {
		return this.#slabs[0]?.firstSeq ?? this.#nextSeq;
	}

	get nextSeq(): number {
		return this.#nextSeq;
	}

	/** Rows, rules included. */
	get length(): number {
		return this.#nextSeq - this.firstSeq;
	}

	get events(): number {
		return this.length - this.#rules;
	}

	/** Everything counted: slabs, columns, and the estimate for what rows hold elsewhere. */
	get bytes(): number {
		return this.#bytes;
	}

	/** The row's slab, or undefined when it is not (or no more) here. */
	slabOf(seq: number): Slab | undefined {
		if (!(seq >= this.firstSeq && seq < this.#nextSeq)) {
			return undefined;
		}

		let low = 0;
		let high = this.#slabs.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (this.#slabs[middle]!.firstSeq <= seq) {
				low = middle;
			} else {
				high = middle - 1;
			}
		}

		return this.#slabs[low];
	}

	/** Takes a frame in; `weight` is what it made others keep. The slab that is returned holds it as its last row. */
	append(bytes: Uint8Array, format: Format, kind: number, node: number, timeMs: number): Slab {
		const fits = bytes.length <= this.bufferBytes;
		const slab = this.#slabFor(fits ? bytes.length : 0);
		const before = slab.size;
		const row = slab.push(fits ? bytes : undefined);
		slab.kind[row] = kind;
		slab.node[row] = node;
		slab.time[row] = timeMs;
		slab.flags[row] = (format === 'json' ? flag.json : 0) | (fits ? 0 : flag.oversized);
		slab.policy[row] = 0;
		slab.functionName[row] = 0;
		slab.action[row] = 0;
		slab.returnAction[row] = 0;
		this.#bytes += slab.size - before;
		this.#nextSeq++;
		this.#keepBound();
		return slab;
	}

	appendRule(rule: FeedMarker, node: number, timeMs: number): number {
		const seq = this.#nextSeq;
		const slab = this.append(Buffer.alloc(0), 'protobuf', ruleCode, node, timeMs);
		slab.processes.push(undefined);
		slab.rules ??= new Map();
		slab.rules.set(seq, rule);
		this.#rules++;
		return seq;
	}

	/** Forgets all rows; numbers go on. */
	clear(): void {
		for (const slab of this.#slabs) {
			slab.release(this.isHeld);
		}

		this.#slabs = [];
		this.#bytes = 0;
		this.#rules = 0;
	}

	/** The rules that are still in the ring, oldest first. */
	*rules(): Generator<FeedMarker> {
		for (const slab of this.#slabs) {
			yield* slab.rules?.values() ?? [];
		}
	}

	/** Counts bytes that the newest row made others keep. */
	weigh(bytes: number): void {
		const newest = this.#slabs.at(-1);
		if (newest !== undefined) {
			newest.weight += bytes;
			this.#bytes += bytes;
			this.#keepBound();
		}
	}

	/** A copy of the bytes: the slab is used again when its rows are dropped. */
	frameOf(seq: number): {bytes: Uint8Array; format: Format} | undefined {
		const slab = this.slabOf(seq);
		if (slab === undefined) {
			return undefined;
		}

		const row = seq - slab.firstSeq;
		if (slab.kind[row] === ruleCode || (slab.flags[row]! & flag.oversized) !== 0) {
			return undefined;
		}

		const start = slab.offset[row]!;
		const bytes = Buffer.from(slab.bytes.subarray(start, start + slab.length[row]!));
		return {bytes, format: (slab.flags[row]! & flag.json) === 0 ? 'protobuf' : 'json'};
	}

	processOf(seq: number): Process | undefined {
		const slab = this.slabOf(seq);
		return slab?.processes[seq - slab.firstSeq];
	}

	/** Sequence number of the first row whose time is at or after; rows are in order of arrival, so this is near, not exact. */
	seqAtTime(timeMs: number): number {
		let low = this.firstSeq;
		let high = this.#nextSeq;
		while (low < high) {
			const middle = Math.floor((low + high) / 2);
			const slab = this.slabOf(middle)!;
			if (slab.time[middle - slab.firstSeq]! < timeMs) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}

		return low;
	}

	#slabFor(length: number): Slab {
		const newest = this.#slabs.at(-1);
		if (newest?.hasRoomFor(length)) {
			return newest;
		}

		const wanted = Math.max(this.#slabBytes, length);
		let spare: Slab | undefined;
		while (this.#slabs.length > 0 && this.#bytes + wanted + rowBytes * this.#firstRows > this.bufferBytes) {
			spare = this.#dropOldest();
		}

		// The memory of the slab that goes serves the one that comes: a busy ring allocates nothing.
		const fits = spare !== undefined && spare.bytes.length >= length && spare.bytes.length <= this.#slabBytes;
		const slab = fits ? (spare ?? new Slab(wanted, this.#firstRows)) : new Slab(wanted, this.#firstRows);

		slab.reset(this.#nextSeq);
		this.#slabs.push(slab);
		this.#bytes += slab.size;
		return slab;
	}

	/** Columns grow and processes weigh while a slab is filled: the oldest one pays for it. */
	#keepBound(): void {
		while (this.#bytes > this.bufferBytes && this.#slabs.length > 1) {
			this.#dropOldest();
		}
	}

	#dropOldest(): Slab | undefined {
		const slab = this.#slabs.shift();
		if (slab !== undefined) {
			slab.release(this.isHeld);
			this.#bytes -= slab.size;
			this.#rules -= slab.rules?.size ?? 0;
		}

		return slab;
	}
}
