/**
A part of the ring: frame bytes outside of the JS heap, and the facts of their events in columns. A slab is filled once and
dropped as a whole, so that dropping the oldest events costs the same whatever their number.
*/
import {Buffer} from 'node:buffer';
import type {ExecImage} from '../processes/lineage.js';
import type {FeedMarker} from '../snapshot.js';

/** Bits of the flags column. */
export const flag = {timeless: 1, late: 2, json: 4, oversized: 8, malformed: 16} as const;

/** Bytes of all columns of one row, with its reference to the process. */
export const rowBytes = 8 + 4 + 4 + 4 + 4 + 2 + 1 + 1 + 1 + 1 + 8;

export class Slab {
	/** Sequence number of its first row. */
	firstSeq = 0;
	rows = 0;
	used = 0;
	/** Estimated bytes outside of the slab: processes that are kept only because a row refers to them. */
	weight = 0;
	readonly bytes: Buffer;
	time: Float64Array;
	offset: Uint32Array;
	length: Uint32Array;
	policy: Uint32Array;
	functionName: Uint32Array;
	node: Uint16Array;
	kind: Uint8Array;
	action: Uint8Array;
	returnAction: Uint8Array;
	flags: Uint8Array;
	processes: Array<ExecImage | undefined> = [];
	rules: Map<number, FeedMarker> | undefined;

	/** `rows` is the first length of the columns; full columns double. */
	constructor(size: number, rows: number) {
		// Not from Node's shared pool: a small view there would keep a foreign pool page alive.
		this.bytes = Buffer.allocUnsafeSlow(size);
		this.time = new Float64Array(rows);
		this.offset = new Uint32Array(rows);
		this.length = new Uint32Array(rows);
		this.policy = new Uint32Array(rows);
		this.functionName = new Uint32Array(rows);
		this.node = new Uint16Array(rows);
		this.kind = new Uint8Array(rows);
		this.action = new Uint8Array(rows);
		this.returnAction = new Uint8Array(rows);
		this.flags = new Uint8Array(rows);
	}

	/** Bytes of the slab, its columns and its weight. */
	get size(): number {
		return this.bytes.length + this.time.length * rowBytes + this.weight;
	}

	/** The columns may take as many bytes as the frames: frames of no bytes would fill one slab without end. */
	hasRoomFor(length: number): boolean {
		return this.used + length <= this.bytes.length && this.rows * rowBytes < this.bytes.length;
	}

	/** Drops its rows. `isHeld`: the screen is paused, and the processes of its picture must stay readable. */
	release(isHeld: boolean): void {
		for (const image of this.processes) {
			image?.leave(this, isHeld);
		}
	}

	reset(firstSeq: number): void {
		this.firstSeq = firstSeq;
		this.rows = 0;
		this.used = 0;
		this.weight = 0;
		this.processes = [];
		this.rules = undefined;
	}

	/** Copies the bytes and returns the index of the new row; the caller fills the other columns. */
	push(bytes: Uint8Array | undefined): number {
		const row = this.rows++;
		if (row === this.time.length) {
			this.#grow();
		}

		this.offset[row] = this.used;
		const length = bytes === undefined ? 0 : bytes.length;
		this.length[row] = length;
		if (length > 0) {
			this.bytes.set(bytes!, this.used);
			this.used += length;
		}

		return row;
	}

	#grow(): void {
		const rows = this.time.length * 2;
		this.time = grown(this.time, new Float64Array(rows));
		this.offset = grown(this.offset, new Uint32Array(rows));
		this.length = grown(this.length, new Uint32Array(rows));
		this.policy = grown(this.policy, new Uint32Array(rows));
		this.functionName = grown(this.functionName, new Uint32Array(rows));
		this.node = grown(this.node, new Uint16Array(rows));
		this.kind = grown(this.kind, new Uint8Array(rows));
		this.action = grown(this.action, new Uint8Array(rows));
		this.returnAction = grown(this.returnAction, new Uint8Array(rows));
		this.flags = grown(this.flags, new Uint8Array(rows));
	}
}

function grown<Column extends {set: (from: Column) => void}>(from: Column, to: Column): Column {
	to.set(from);
	return to;
}
