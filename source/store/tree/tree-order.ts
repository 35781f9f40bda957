/**
The order of siblings by a value that changes. One instance reads each value once, so that rows keep their places however
often they are laid out; a new instance reads the values again.
*/

import type {Lineage, Siblings} from '../processes/lineage.js';
import {Group} from '../processes/lineage.js';
import type {Cells} from '../rates.js';

const treeSorts = ['name', 'rate', 'kills', 'newest'] as const;
/** `name`: groups by name, processes by their start, as they are kept. */
export type TreeSort = (typeof treeSorts)[number];

type Subject = Group | Lineage;

export class TreeOrder {
	readonly #sort: TreeSort;
	/** 1: the highest first. */
	readonly #sign: 1 | -1;
	readonly #values = new Map<Subject, number>();

	constructor(sort: TreeSort, isInverted: boolean) {
		this.#sort = sort;
		this.#sign = isInverted ? -1 : 1;
	}

	groups(children: readonly Group[], cells: Cells): readonly Group[] {
		if (this.#sort === 'name' || this.#sort === 'newest') {
			return this.#sign === 1 ? children : children.toReversed();
		}

		for (const group of children) {
			if (!this.#values.has(group)) {
				this.#values.set(group, this.#sort === 'kills' ? group.kills : group.recent.count(cells));
			}
		}

		return children.toSorted(this.#compare);
	}

	siblings(list: Siblings): readonly Lineage[] {
		const lineages: Lineage[] = [];
		for (let lineage = list.first; lineage !== undefined; lineage = lineage.next) {
			lineages.push(lineage);
		}

		return this.#sorted(lineages);
	}

	/** Sorts the flat list of all processes, in place. */
	flat(subjects: Subject[], count: number): void {
		subjects.length = count;
		const sorted = this.#sorted(subjects);
		for (const [index, subject] of sorted.entries()) {
			subjects[index] = subject;
		}
	}

	#sorted<Each extends Subject>(subjects: readonly Each[]): readonly Each[] {
		if (this.#sort === 'name') {
			return this.#sign === 1 ? subjects : subjects.toReversed();
		}

		return subjects.toSorted(this.#compare);
	}

	readonly #compare = (one: Subject, other: Subject): number =>
		this.#sign * (this.#valueOf(other) - this.#valueOf(one));

	#valueOf(subject: Subject): number {
		let value = this.#values.get(subject);
		if (value === undefined) {
			value = this.#look(subject);
			this.#values.set(subject, value);
		}

		return value;
	}

	#look(subject: Subject): number {
		if (subject instanceof Group) {
			return 0;
		}

		switch (this.#sort) {
			case 'kills':
				return killsOf(subject);
			case 'newest':
				return subject.current.startMs;
			default:
				return subject.current.recent;
		}
	}
}

/** Enforcements that hit a process, in all its images. */
export function killsOf({current, images}: Lineage): number {
	return images.reduce((sum, image) => sum + image.kills.length, current.kills.length);
}
