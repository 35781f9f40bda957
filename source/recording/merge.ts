/**
One story of several records of the same events: export files, their rotated ones, and the stream. Events have no sequence
number. The same event has the same node, time, kind, exec_id, and for hooks function, arguments and action. Two truly equal events
of one record are two: so the records are compared as multisets.
*/
import type {Event} from '../tetragon/event/event.js';

/** What one record has, in its order. */
export type Story<Item> = {
	readonly items: readonly Item[];
	readonly eventOf: (item: Item) => Event;
};

export type Merged<Item> = {
	/** Sorted by time; equal times in the order of the records. */
	readonly items: Item[];
	/** Events that more than one record has, each counted once. */
	readonly shared: number;
	/** The index of the first event that came live: the rule that says so is drawn before it. The length: none came. */
	readonly liveFrom: number;
};

/** What tells an event from others. An event whose exec_id was filtered away is known by its pid and binary. */
export function identityOf(event: Event): string {
	const kind = Object.keys(event).find(key => typeof event[key as keyof Event] === 'object' && !around.has(key)) ?? '';
	const body = (event as Readonly<Record<string, unknown>>)[kind] as Body | undefined;
	const process = body?.process;
	return JSON.stringify([
		event.node_name,
		event.time,
		kind,
		process?.exec_id ?? [process?.pid, process?.binary],
		body?.function_name ?? [body?.subsys, body?.event, body?.symbol],
		body?.args,
		body?.action,
		body?.signal,
		body?.status,
	]);
}

const around = new Set(['aggregation_info', 'node_labels']);

type Body = {
	readonly process?: {readonly exec_id?: string; readonly pid?: number; readonly binary?: string};
	readonly function_name?: string;
	readonly subsys?: string;
	readonly event?: string;
	readonly symbol?: string;
	readonly args?: unknown;
	readonly action?: string;
	readonly signal?: string;
	readonly status?: number;
};

/**
The union of the past and of what came live. Of equal events as many are kept as the record that has most of them has: a
record never leaves out one of two equal ones and keeps the other.
*/
export function mergeStories<Item>(past: ReadonlyArray<Story<Item>>, live: ReadonlyArray<Story<Item>>): Merged<Item> {
	const union = new Multiset<Item>();
	for (const story of past) {
		union.add(story, false);
	}

	for (const story of live) {
		union.add(story, true);
	}

	const entries = union.entries;
	// Events without a time stay after the one before them.
	let last = '';
	for (const entry of entries) {
		entry.time = entry.time === '' ? last : entry.time;
		last = entry.time;
	}

	const sorted = entries.map((entry, order) => ({...entry, order}));
	sorted.sort((one, other) => (one.time === other.time ? one.order - other.order : one.time < other.time ? -1 : 1));
	const firstOfLive = sorted.findIndex(({isLive, isShared}) => isLive || isShared);
	return {
		items: sorted.map(({item}) => item),
		shared: union.shared,
		liveFrom: firstOfLive === -1 ? sorted.length : firstOfLive,
	};
}

type Entry<Item> = {readonly item: Item; time: string; readonly isLive: boolean; isShared: boolean};

class Multiset<Item> {
	readonly entries: Array<Entry<Item>> = [];
	readonly #byIdentity = new Map<string, Array<Entry<Item>>>();
	shared = 0;

	add({items, eventOf}: Story<Item>, isLive: boolean): void {
		/** How many of each this record has had so far. */
		const seen = new Map<string, number>();
		for (const item of items) {
			const event = eventOf(item);
			const identity = identityOf(event);
			const count = (seen.get(identity) ?? 0) + 1;
			seen.set(identity, count);
			const known = this.#byIdentity.get(identity) ?? [];
			const same = known[count - 1];
			if (same !== undefined) {
				this.shared += same.isShared ? 0 : 1;
				same.isShared ||= isLive;
				continue;
			}

			const entry = {item, time: sortable(event.time), isLive, isShared: false};
			this.entries.push(entry);
			this.#byIdentity.set(identity, [...known, entry]);
		}
	}
}

/** The time of an event, UTC with up to nine digits, as a text that sorts; '': it has none. */
function sortable(time: string | undefined): string {
	return time === undefined ? '' : `${time.slice(0, 19)}.${time.slice(20, -1).padEnd(9, '0')}`;
}
