/**
Node, policy, function, pod and image names repeat in every event. One copy of each saves the allocation of the string
and, since V8 keeps a string's hash with it, the hashing in every Map that it later keys.
*/

type Slot = {readonly bytes: Buffer; readonly text: string};

const slotCount = 1024;
const longest = 96;
const slots: Array<Slot | undefined> = Array.from({length: slotCount});

/** The UTF-8 text of `bytes[start, end)`; the same string object for the same bytes while they stay in the table. */
export function interned(bytes: Buffer, start: number, end: number): string {
	const length = end - start;
	if (length === 0) {
		return '';
	}

	if (length > longest) {
		return bytes.utf8Slice(start, end);
	}

	let hash = length;
	for (let at = start; at < end; at++) {
		hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
	}

	const index = (hash ^ (hash >>> 10)) & (slotCount - 1);
	const slot = slots[index];
	if (slot !== undefined && sameBytes(slot.bytes, bytes, start, end)) {
		return slot.text;
	}

	const text = bytes.utf8Slice(start, end);
	// A copy: a slice would keep the whole slab of the frame alive.
	slots[index] = {bytes: Buffer.from(bytes.subarray(start, end)), text};
	return text;
}

/** Whether `bytes[start, end)` are all of `kept`: a loop, for a call into Buffer.compare costs more than names are long. */
export function sameBytes(kept: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
	const length = end - start;
	if (kept.length !== length) {
		return false;
	}

	for (let at = 0; at < length; at++) {
		if (kept[at] !== bytes[start + at]) {
			return false;
		}
	}

	return true;
}
