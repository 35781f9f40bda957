/**
The rows of the process pane: namespace → workload (where it folds two pods or more) → pod → container → processes, and
the hosts. The order is by name and start, so that no row moves by activity. Rows are laid out again only
when one came, went or was folded; the values of a row are read when it is painted.
*/
import type {Forest} from '../processes/forest.js';
import type {Group} from '../processes/lineage.js';
import {Lineage, type Siblings} from '../processes/lineage.js';
import type {Process} from '../processes/process.js';
import type {Cells} from '../rates.js';
import type {TreeRow} from '../snapshot.js';
import {isInfra, type TreeOptions} from './tree-options.js';
import {treeRow} from './tree-row.js';

export {isInfra, type TreeOptions} from './tree-options.js';

type Subject = Group | Lineage;

const firstRows = 256;
/** Bits of the flags column. */
const bit = {last: 1, leaf: 2, folded: 4} as const;

export class Tree {
	readonly #forest: Forest;
	readonly #cells: Cells;
	readonly #find: (execId: string) => Lineage | undefined;
	/** The columns are reused by the next layout: in a fork storm each frame lays out 60 000 rows. */
	readonly #subjects: Subject[] = [];
	#count = 0;
	#depths = new Uint16Array(firstRows);
	#parents = new Int32Array(firstRows);
	#below = new Uint32Array(firstRows);
	#flags = new Uint8Array(firstRows);
	#index: Map<string, number> | undefined;
	#laidOut = -1;
	#options: TreeOptions | undefined;
	#folded = '';
	/** Changes when the rows did. */
	version = 0;

	constructor(forest: Forest, cells: Cells, find: (execId: string) => Lineage | undefined) {
		this.#forest = forest;
		this.#cells = cells;
		this.#find = find;
	}

	get length(): number {
		return this.#count;
	}

	/** Lays the rows out again if anything changed; returns whether it did. */
	update(options: TreeOptions): boolean {
		const before = this.#options;
		const folded = [...options.folded].map(([id, fold]) => `${id}\0${fold}`).join('\0');
		const same =
			before !== undefined &&
			this.#laidOut === this.#forest.version &&
			before.showHost === options.showHost &&
			before.showInfra === options.showInfra &&
			before.filter === options.filter &&
			before.flat === options.flat &&
			before.order === options.order &&
			this.#folded === folded;
		if (same) {
			return false;
		}

		this.#options = options;
		this.#folded = folded;
		this.#laidOut = this.#forest.version;
		this.#index = undefined;
		this.version++;
		this.#count = 0;
		this.#layOut(options);
		this.#subjects.length = this.#count;
		if (options.flat) {
			options.order?.flat(this.#subjects, this.#count);
		}

		return true;
	}

	at(index: number): TreeRow | undefined {
		const subject = this.#subjects[index];
		if (subject === undefined) {
			return undefined;
		}

		const place = {
			depth: this.#depths[index]!,
			branch: this.#branchOf(index),
			last: this.#has(index, bit.last),
			folded: this.#has(index, bit.folded),
			leaf: this.#has(index, bit.leaf),
			processes: this.#below[index]!,
		};
		return treeRow(subject, place, this.#cells, this.#forest.groups.hosts);
	}

	/** The index of the row with this id; the exec_id of any image of a process finds its one row. -1: not shown. */
	indexOf(id: string): number {
		if (this.#index === undefined) {
			this.#index = new Map();
			for (const [index, subject] of this.#subjects.entries()) {
				this.#index.set(subject === this.#forest.groups.hosts ? 'host' : subject.id, index);
			}
		}

		return this.#index.get(id) ?? this.#index.get(this.#find(id)?.id ?? '') ?? -1;
	}

	/** Ids of the rows above a process, outermost first: those that must be unfolded to see it. */
	pathOf(process: Process): readonly string[] {
		const path: string[] = [];
		const lineage = this.#find(process.execId);
		for (let up = lineage?.up; up !== undefined; up = up.up) {
			path.unshift(up.id);
		}

		for (let group = lineage?.group; group !== undefined && group.type !== 'root'; group = group.parent) {
			path.unshift(group.id);
		}

		return path;
	}

	#layOut(options: TreeOptions): void {
		const {namespaces, hosts} = this.#forest.groups;
		const ordered: (group: Group) => Iterable<Group> = group =>
			options.order?.groups(group.children, this.#cells) ?? group.children;
		for (const namespace of ordered(namespaces)) {
			if (!isInfra(namespace.name) || options.showInfra) {
				this.#group(namespace, 0, -1);
			}
		}

		for (const namespace of ordered(namespaces)) {
			if (isInfra(namespace.name) && !options.showInfra) {
				this.#closedTop(namespace, options);
			}
		}

		if (options.showHost) {
			for (const host of ordered(hosts)) {
				this.#group(host, 0, -1);
			}
		} else if (hosts.members > 0) {
			this.#closedTop(hosts, options);
		}

		this.#markLast(0, -1);
	}

	/** A hidden group: one row at the top level; the flat list, which has no groups, leaves it out. */
	#closedTop(group: Group, options: TreeOptions): void {
		if (!options.flat) {
			this.#closed(group, 0, -1);
		}
	}

	/** A folded group is one row, unless it has no processes. Returns how many they are. */
	#closed(group: Group, depth: number, parent: number): number {
		const count = this.#matches(group);
		if (count > 0) {
			this.#push(group, depth, parent, true, false, count);
		}

		return count;
	}

	/** Returns how many processes are below, shown or not. */
	#group(group: Group, depth: number, parent: number): number {
		const {flat = false} = this.#options ?? {};
		// A workload of one pod would only repeat the pod's name.
		if (group.type === 'workload' && group.children.length < 2 && !flat) {
			return group.children.reduce((sum, pod) => sum + this.#group(pod, depth, parent), 0);
		}

		if (!flat && this.#options?.folded.get(group.id) === true) {
			return this.#closed(group, depth, parent);
		}

		const row = flat ? -1 : this.#push(group, depth, parent, false, false, 0);
		let count = 0;
		for (const child of this.#options?.order?.groups(group.children, this.#cells) ?? group.children) {
			count += this.#group(child, flat ? 0 : depth + 1, row);
		}

		count += this.#siblings(group, flat ? 0 : depth + 1, row);
		if (flat) {
			return count;
		}

		if (count === 0) {
			this.#count = row;
			return 0;
		}

		this.#below[row] = count;
		this.#markLast(row + 1, row);
		return count;
	}

	#siblings(list: Siblings, depth: number, parent: number): number {
		let count = 0;
		const order = this.#options?.order;
		if (order !== undefined) {
			return order.siblings(list).reduce((sum, lineage) => sum + this.#lineage(lineage, depth, parent), 0);
		}

		for (let lineage = list.first; lineage !== undefined; lineage = lineage.next) {
			count += this.#lineage(lineage, depth, parent);
		}

		return count;
	}

	#lineage(lineage: Lineage, depth: number, parent: number): number {
		if (lineage.first === undefined) {
			if (!this.#shows(lineage)) {
				return 0;
			}

			this.#push(lineage, depth, parent, false, true, 0);
			return 1;
		}

		if (this.#options?.flat === true) {
			if (this.#shows(lineage)) {
				this.#push(lineage, 0, -1, false, true, 0);
			}

			return (this.#shows(lineage) ? 1 : 0) + this.#siblings(lineage, 0, -1);
		}

		const folded = this.#options?.folded.get(lineage.id) ?? false;
		const row = this.#push(lineage, depth, parent, folded, false, 0);
		const below = folded ? this.#matchesBelow(lineage) : this.#siblings(lineage, depth + 1, row);
		if (below === 0 && !this.#shows(lineage)) {
			this.#count = row;
			return 0;
		}

		this.#below[row] = below;
		if (below === 0) {
			this.#flags[row]! |= bit.leaf;
		}

		this.#markLast(row + 1, row);
		return below + (this.#shows(lineage) ? 1 : 0);
	}

	#shows(lineage: Lineage): boolean {
		const filter = this.#options?.filter;
		if (filter === undefined) {
			return true;
		}

		if (lineage.asked !== filter) {
			lineage.asked = filter;
			lineage.answer = filter(lineage.current);
		}

		return lineage.answer;
	}

	#matches(group: Group): number {
		if (this.#options?.filter === undefined) {
			return group.members;
		}

		let count = this.#matchesBelow(group);
		for (const child of group.children) {
			count += this.#matches(child);
		}

		return count;
	}

	#matchesBelow(list: Siblings): number {
		let count = 0;
		for (let lineage = list.first; lineage !== undefined; lineage = lineage.next) {
			count += (this.#shows(lineage) ? 1 : 0) + this.#matchesBelow(lineage);
		}

		return count;
	}

	#push(subject: Subject, depth: number, parent: number, folded: boolean, leaf: boolean, below: number): number {
		const row = this.#count++;
		if (row === this.#depths.length) {
			this.#grow();
		}

		this.#subjects[row] = subject;
		this.#depths[row] = depth;
		this.#parents[row] = parent;
		this.#below[row] = below;
		this.#flags[row] = (folded ? bit.folded : 0) | (leaf ? bit.leaf : 0);
		return row;
	}

	#grow(): void {
		const rows = this.#depths.length * 2;
		const [depths, parents, below, flags] = [this.#depths, this.#parents, this.#below, this.#flags];
		this.#depths = new Uint16Array(rows);
		this.#depths.set(depths);
		this.#parents = new Int32Array(rows);
		this.#parents.set(parents);
		this.#below = new Uint32Array(rows);
		this.#below.set(below);
		this.#flags = new Uint8Array(rows);
		this.#flags.set(flags);
	}

	#has(row: number, wanted: number): boolean {
		return (this.#flags[row]! & wanted) !== 0;
	}

	/** The last of the rows whose parent is `parent`, looked for from the end down to `from`. */
	#markLast(from: number, parent: number): void {
		for (let row = this.#count - 1; row >= from; row--) {
			if (this.#parents[row] === parent) {
				this.#flags[row]! |= bit.last;
				return;
			}
		}
	}

	/** For each process above this row, outermost first: whether it has a later sibling. */
	#branchOf(index: number): boolean[] {
		const branch: boolean[] = [];
		if (!(this.#subjects[index] instanceof Lineage)) {
			return branch;
		}

		for (
			let row = this.#parents[index]!;
			row >= 0 && this.#subjects[row] instanceof Lineage;
			row = this.#parents[row]!
		) {
			branch.unshift(!this.#has(row, bit.last));
		}

		return branch;
	}
}
