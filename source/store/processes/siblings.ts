/** The doubly linked list of the rows below one row or group. */
import type {Lineage, Siblings} from './lineage.js';

/** Inserts by start time; looks from the end, where nearly all belong. */
export function insert(list: Siblings, lineage: Lineage): void {
	let after = list.last;
	while (after !== undefined && after.startMs > lineage.startMs) {
		after = after.previous;
	}

	lineage.previous = after;
	lineage.next = after === undefined ? list.first : after.next;
	if (lineage.next === undefined) {
		list.last = lineage;
	} else {
		lineage.next.previous = lineage;
	}

	if (after === undefined) {
		list.first = lineage;
	} else {
		after.next = lineage;
	}
}

export function remove(list: Siblings, lineage: Lineage): void {
	if (lineage.previous === undefined) {
		list.first = lineage.next;
	} else {
		lineage.previous.next = lineage.next;
	}

	if (lineage.next === undefined) {
		list.last = lineage.previous;
	} else {
		lineage.next.previous = lineage.previous;
	}

	lineage.next = undefined;
	lineage.previous = undefined;
}

/** The rows directly below; a copy, since placing them changes the list. */
export function rowsOf(list: Siblings): Lineage[] {
	const rows: Lineage[] = [];
	for (let row = list.first; row !== undefined; row = row.next) {
		rows.push(row);
	}

	return rows;
}
