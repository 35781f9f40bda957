/** One record for each node: its state, which fleet/ sets, and its counts, rate and lag by its events. */
import {Rate} from '../rates.js';
import type {NodeStatus} from '../snapshot.js';
import {Skew} from './skew.js';

export type NodePatch = Partial<
	Omit<NodeStatus, 'id' | 'name' | 'events' | 'hidden' | 'perSecond' | 'spark' | 'kills' | 'lagMs'>
>;

export class Nodes {
	readonly #records: NodeRecord[] = [];
	readonly #ids = new Map<string, number>();

	get count(): number {
		return this.#records.length;
	}

	open(name: string): number {
		const known = this.#ids.get(name);
		if (known !== undefined) {
			return known;
		}

		const id = this.#records.length;
		this.#ids.set(name, id);
		this.#records.push(new NodeRecord(id, name));
		return id;
	}

	/** The first event of an address has named its node. The id stays. */
	rename(id: number, name: string): void {
		const record = this.#records[id];
		if (record === undefined || record.name === name) {
			return;
		}

		this.#ids.delete(record.name);
		record.name = name;
		if (!this.#ids.has(name)) {
			this.#ids.set(name, id);
		}
	}

	get(id: number): NodeRecord | undefined {
		return this.#records[id];
	}

	nameOf(id: number): string {
		return this.#records[id]?.name ?? '';
	}

	/** It was removed: a deleted node, or one without a pod of the target. */
	isEnded(id: number): boolean {
		return this.#records[id]?.patch.state === 'ended';
	}

	all(): readonly NodeRecord[] {
		return this.#records;
	}
}

export class NodeRecord {
	readonly id: number;
	name: string;
	patch: NodePatch = {};
	events = 0;
	/** Events that were counted and not kept. */
	hidden = 0;
	lostServer: number | undefined;
	lagMs: number | undefined;
	/** Newest event time seen. */
	newestMs = Number.NEGATIVE_INFINITY;
	rate = new Rate();
	skew = new Skew();

	constructor(id: number, name: string) {
		this.id = id;
		this.name = name;
	}

	/** Forgets everything that came from events. */
	reset(): void {
		this.events = 0;
		this.hidden = 0;
		this.lagMs = undefined;
		this.newestMs = Number.NEGATIVE_INFINITY;
		this.rate = new Rate();
		this.skew = new Skew();
	}

	/** `kills`: processes of this node that policies killed. */
	status(nowMs: number, kills: number): NodeStatus {
		const {patch} = this;
		return {
			state: 'looking',
			agent: '',
			version: '',
			via: '',
			past: '',
			sinceMs: Number.NaN,
			retryAtMs: undefined,
			attempt: 0,
			...patch,
			note: [patch.note ?? '', this.skew.words()].filter(words => words !== '').join('; '),
			id: this.id,
			name: this.name,
			events: this.events,
			hidden: this.hidden,
			perSecond: this.rate.perSecond(nowMs),
			spark: this.rate.spark(nowMs, 12),
			kills,
			lostServer: this.lostServer,
			lagMs: this.lagMs,
		};
	}
}
