/** An event as a filter sees it: its scanned facts and its process. It is decoded only on demand. */
import type {Event, EventKind} from '../../tetragon/event/event.js';
import type {AlertState, KillState} from '../enforcement-states.js';
import type {Process} from '../processes/process.js';
import {kindOfCode} from './kind-codes.js';
import type {NameTable} from './name-table.js';
import {flag, type Slab} from './slabs.js';

export type FilterRow = {
	readonly seq: number;
	readonly process: Process | undefined;
	readonly nodeName: string;
	readonly kind: EventKind;
	readonly policy: string;
	readonly functionName: string;
	/** What the event was as an enforcement, as far as it is known now. */
	readonly killState: AlertState | undefined;
	/** Enum numbers, see Facts. */
	readonly action: number;
	readonly returnAction: number;
	readonly timeMs: number;
	/** Its bytes as Latin-1 text, about 1 µs; undefined: they are not in the ring. */
	readonly raw: () => {readonly text: string; readonly isJson: boolean} | undefined;
	/** The decoded event. Expensive: about 10 µs; the other fields are free. */
	readonly event: () => Event | undefined;
};

type Sources = {
	readonly policies: NameTable;
	readonly functions: NameTable;
	readonly nodeName: (node: number) => string;
	readonly event: (seq: number) => Event | undefined;
};

/** One instance serves all rows, one after the other: a filter must not keep it. */
export class RingFilterRow implements FilterRow {
	seq = -1;
	readonly #sources: Sources;
	#slab: Slab | undefined;
	#row = 0;

	constructor(sources: Sources) {
		this.#sources = sources;
	}

	pointAt(slab: Slab, seq: number): this {
		this.seq = seq;
		this.#slab = slab;
		this.#row = seq - slab.firstSeq;
		return this;
	}

	get process(): Process | undefined {
		return this.#slab?.processes[this.#row];
	}

	get nodeName(): string {
		return this.#sources.nodeName(this.#slab?.node[this.#row] ?? -1);
	}

	get kind(): EventKind {
		return kindOfCode(this.#slab?.kind[this.#row] ?? -1);
	}

	get policy(): string {
		return this.#sources.policies.nameOf(this.#slab?.policy[this.#row] ?? 0);
	}

	get functionName(): string {
		return this.#sources.functions.nameOf(this.#slab?.functionName[this.#row] ?? 0);
	}

	get killState(): KillState | undefined {
		return this.process?.kills.find(({seq}) => seq === this.seq)?.state;
	}

	get action(): number {
		return this.#slab?.action[this.#row] ?? 0;
	}

	get returnAction(): number {
		return this.#slab?.returnAction[this.#row] ?? 0;
	}

	get timeMs(): number {
		return this.#slab?.time[this.#row] ?? Number.NaN;
	}

	readonly raw = () => {
		const slab = this.#slab;
		if (slab === undefined || (slab.flags[this.#row]! & flag.oversized) !== 0) {
			return undefined;
		}

		const start = slab.offset[this.#row]!;
		const text = slab.bytes.latin1Slice(start, start + slab.length[this.#row]!);
		return {text, isJson: (slab.flags[this.#row]! & flag.json) !== 0};
	};

	readonly event = (): Event | undefined => this.#sources.event(this.seq);
}
