/** Where each kind of event keeps what the scanner reads of it; test/tetragon/wire/scan.test.ts holds it against the decoder. */
import {type EventKind, eventKinds} from '../event/event.js';

/** Where a kind keeps what the scanner reads; 0: it has none. `process` is field 1 of every kind that has one. */
export type Layout = {
	readonly kind: EventKind;
	readonly parent: number;
	readonly name: number;
	readonly secondName: number;
	readonly policy: number;
	readonly action: number;
	readonly returnAction: number;
};

const none = {parent: 0, name: 0, secondName: 0, policy: 0, action: 0, returnAction: 0};
/** By the kind's field number. */
export const layouts: ReadonlyArray<Layout | undefined> = layoutTable({
	process_exec: {...none, parent: 2},
	process_exit: {...none, parent: 2},
	process_kprobe: {...none, parent: 2, name: 3, policy: 8, action: 6, returnAction: 9},
	process_tracepoint: {...none, parent: 2, name: 4, secondName: 5, policy: 7, action: 8},
	process_loader: {...none, parent: 4},
	process_uprobe: {...none, parent: 2, name: 4, policy: 5, action: 12},
	process_lsm: {...none, parent: 2, name: 3, policy: 5, action: 8},
	process_usdt: {...none, parent: 2, name: 4, secondName: 5, policy: 6, action: 11},
});

function layoutTable(known: Partial<Record<EventKind, Omit<Layout, 'kind'>>>): Array<Layout | undefined> {
	const table: Array<Layout | undefined> = Array.from({length: 30});
	for (const [number, kind] of Object.entries(eventKinds)) {
		const layout = known[kind];
		if (layout !== undefined) {
			table[Number(number)] = {kind, ...layout};
		}
	}

	return table;
}

/** Kinds that have no process. */
export const processless: Readonly<Record<number, EventKind>> = {
	27: eventKinds[27],
	40000: eventKinds[40_000],
	40001: eventKinds[40_001],
};
