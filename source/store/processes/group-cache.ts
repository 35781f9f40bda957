/**
Finds the group of a process by the bytes of its pod and container names. A container starts thousands of processes: their
names are decoded once.
*/

import type {ProcessOutline} from '../../tetragon/event/process-outline.js';
import {sameBytes} from '../../tetragon/wire/intern.js';
import type {Group} from './lineage.js';

type Slot = {readonly pod: Uint8Array; readonly container: Uint8Array; readonly group: Group};

const slotCount = 256;

export class GroupCache {
	readonly #slots: Array<Slot | undefined> = Array.from({length: slotCount});
	readonly #hosts: Array<Group | undefined> = [];

	/** undefined on a cache miss or when the group was removed; read the facts and call keep(). */
	find(outline: ProcessOutline, node: number): Group | undefined {
		const {bytes, podStart, podNamesEnd, containerStart, containerNamesEnd} = outline;
		if (podStart === 0) {
			const host = this.#hosts[node];
			return host?.isGone === false ? host : undefined;
		}

		const slot = this.#slots[placeOf(outline)];
		return slot !== undefined &&
			!slot.group.isGone &&
			sameBytes(slot.pod, bytes, podStart, podNamesEnd) &&
			sameBytes(slot.container, bytes, containerStart, containerNamesEnd)
			? slot.group
			: undefined;
	}

	keep(outline: ProcessOutline, node: number, group: Group): void {
		const {bytes, podStart, podNamesEnd, containerStart, containerNamesEnd} = outline;
		if (podStart === 0) {
			this.#hosts[node] = group;
		} else if (podNamesEnd > podStart || containerNamesEnd > containerStart) {
			this.#slots[placeOf(outline)] = {
				pod: Uint8Array.from(bytes.subarray(podStart, podNamesEnd)),
				container: Uint8Array.from(bytes.subarray(containerStart, containerNamesEnd)),
				group,
			};
		}
	}
}

/** Pods of one workload differ in the last characters of their names, containers in all of their ids: hash the tail. */
function placeOf({bytes, podNamesEnd, containerStart, containerNamesEnd}: ProcessOutline): number {
	let hash = containerNamesEnd - containerStart;
	for (let at = Math.max(0, podNamesEnd - 12); at < podNamesEnd; at++) {
		hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
	}

	for (let at = Math.max(containerStart, containerNamesEnd - 12); at < containerNamesEnd; at++) {
		hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
	}

	return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (slotCount - 1);
}
