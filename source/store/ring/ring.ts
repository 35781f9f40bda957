/**
The frames and rules in the order of arrival, bounded in bytes; the oldest are dropped first. Sequence numbers are never used
twice and are contiguous in the ring, so that a row is found by subtraction.
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
	/** The screen is paused: processes of its picture stay readable when their frames are dropped. */
	isHeld = false;
	/** Number of rules in the ring. */
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

	/** Rows, with rules. */
	get length(): number {
		return this.#nextSeq - this.firstSeq;
	}

	get events(): number {
		return this.length - this.#rules;
	}

	/** Bytes of the slabs, their columns, and the estimate for the processes that only rows keep. */
	get bytes(): number {
		return this.#bytes;
	}

	/** The slab of a row; undefined when the row is not in the ring. */
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

	/** Copies a frame into the ring. The last row of the returned slab is the new one. */
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

	/** Forgets all rows; the sequence numbers go on. */
	clear(): void {
		for (const slab of this.#slabs) {
			slab.release(this.isHeld);
		}

		this.#slabs = [];
		this.#bytes = 0;
		this.#rules = 0;
	}

	/** The rules in the ring, oldest first. */
	*rules(): Generator<FeedMarker> {
		for (const slab of this.#slabs) {
			yield* slab.rules?.values() ?? [];
		}
	}

	/** Counts memory outside of the ring that the newest row keeps alive. */
	weigh(bytes: number): void {
		const newest = this.#slabs.at(-1);
		if (newest !== undefined) {
			newest.weight += bytes;
			this.#bytes += bytes;
			this.#keepBound();
		}
	}

	/** A copy of the bytes of an event: the slab is reused when its rows are dropped. */
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

	/** Whether a row is an event of the node at one of these times. */
	isAt(seq: number, node: number, times: ReadonlySet<number>): boolean {
		const slab = this.slabOf(seq);
		const row = seq - (slab?.firstSeq ?? 0);
		return slab !== undefined && slab.node[row] === node && slab.kind[row] !== ruleCode && times.has(slab.time[row]!);
	}

	/** Notes that the bytes of an event cannot be decoded; false: that was known, or it is no longer here. */
	foundMalformed(seq: number): boolean {
		const slab = this.slabOf(seq);
		const row = seq - (slab?.firstSeq ?? 0);
		if (slab === undefined || (slab.flags[row]! & flag.malformed) !== 0) {
			return false;
		}

		slab.flags[row]! |= flag.malformed;
		return true;
	}

	processOf(seq: number): Process | undefined {
		const slab = this.slabOf(seq);
		return slab?.processes[seq - slab.firstSeq];
	}

	/** Sequence number of the first row at or after a time. Approximate: rows are in the order of arrival. */
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

		// The memory of the dropped slab is reused: a full ring allocates nothing.
		const fits = spare !== undefined && spare.bytes.length >= length && spare.bytes.length <= this.#slabBytes;
		const slab = fits ? (spare ?? new Slab(wanted, this.#firstRows)) : new Slab(wanted, this.#firstRows);

		slab.reset(this.#nextSeq);
		this.#slabs.push(slab);
		this.#bytes += slab.size;
		return slab;
	}

	/** A slab grows while it is filled (columns, processes): drops the oldest slabs to make up for it. */
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
