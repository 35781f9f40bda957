/**
Decides which lineages the process table forgets. Ended ones stay on the screen for a while, and longer while they have
children or an unacknowledged kill. A full table also forgets running ones, since exits can be lost.
*/
import type {ExpiryQueue} from './expiry-queue.js';
import type {Forest} from './forest.js';
import {type ExecImage, exitNotSeen, type Lineage} from './lineage.js';
import {longestSilent, type NodeTable} from './node-table.js';
import type {ProcessesOptions} from './processes-options.js';

type Table = {
	readonly forest: Forest;
	readonly nodes: ReadonlyArray<NodeTable | undefined>;
	readonly end: (image: ExecImage, timeMs: number, nowMs: number, signal: string, status: number) => void;
};

export class Eviction {
	/** Images in the table. */
	size = 0;
	readonly #options: ProcessesOptions;
	readonly #table: Table;
	/** The table size at which room is made again. */
	#tryAt = 0;
	/** Ended lineages of all nodes whose display time is not over. */
	#dead = 0;
	/** Lineages that had ended before they were first seen. */
	#overdue: Lineage[] = [];
	/** Expired lineages that are kept for their children or for a kill. */
	readonly #kept = new Set<Lineage>();

	constructor(options: ProcessesOptions, table: Table) {
		this.#options = options;
		this.#table = table;
	}

	/** A lineage has ended. */
	died(lineage: Lineage, nowMs: number): void {
		const {keepDeadMs, maxProcesses} = this.#options;
		const expiry = this.#table.nodes[lineage.current.node]?.expiry;
		if (expiry === undefined) {
			return;
		}

		expiry.add(lineage, nowMs + keepDeadMs);
		this.#dead++;
		// A storm of short processes on one node must not crowd out the living, nor the dead of the others.
		if (expiry.length * 16 > maxProcesses || this.#dead * 2 > maxProcesses) {
			this.#take(expiry, Number.POSITIVE_INFINITY);
		}
	}

	/** It had ended when we heard of it. */
	diedBefore(lineage: Lineage): void {
		this.#overdue.push(lineage);
	}

	/** It runs again: an exec came after the exit of the image before. */
	revived(lineage: Lineage): void {
		lineage.expired = false;
		this.#kept.delete(lineage);
	}

	/** Forgets lineages that ended long enough ago and that nothing needs. */
	age(nowMs: number): void {
		for (const lineage of this.#overdue.splice(0)) {
			this.expire(lineage);
		}

		for (const table of this.#table.nodes) {
			while (table !== undefined && this.#take(table.expiry, nowMs)) {
				// One after the other.
			}
		}
	}

	/** A kill was acknowledged: what only that kept may go. */
	releaseAcknowledged(): void {
		for (const lineage of this.#kept) {
			this.expire(lineage);
		}
	}

	held(lineage: Lineage): boolean {
		const {held} = this.#options;
		return (lineage.current.kills.length > 0 && held(lineage.current)) || lineage.images.some(held);
	}

	expire(lineage: Lineage | undefined): void {
		let at = lineage;
		while (at !== undefined && !at.forgotten && at.gone) {
			at.expired = true;
			if (at.childCount > 0 || this.held(at)) {
				this.#kept.add(at);
				return;
			}

			const parent: Lineage | undefined = at.parent;
			if (parent === undefined) {
				const first = at.images[0] ?? at.current;
				this.#table.nodes[first.node]?.orphans.leave(first.parentExecId, at);
			}

			this.#table.forest.remove(at);
			this.dropAll(at);
			at = parent?.expired ? parent : undefined;
		}
	}

	/** Takes all its images out of the table. */
	dropAll(lineage: Lineage): void {
		if (lineage.expired) {
			this.#kept.delete(lineage);
		}

		this.drop(lineage.current);
		for (const image of lineage.images) {
			this.drop(image);
		}
	}

	drop(image: ExecImage): void {
		const images = this.#table.nodes[image.node]?.images;
		// Another process may have its exec_id by now.
		if (images?.get(image.execId) === image) {
			images.delete(image.execId);
			this.size--;
		}
	}

	/** Lets the longest dead go, if its time is over; Infinity: in any case. False: there is none. */
	#take(expiry: ExpiryQueue, nowMs: number): boolean {
		const lineage = expiry.take(nowMs);
		if (lineage === undefined) {
			return false;
		}

		this.#dead--;
		this.expire(lineage);
		return true;
	}

	/** Another process begins with its exec_id. Its row may still be there, for its children or a kill. */
	replace(image: ExecImage): void {
		const {lineage} = image;
		this.drop(image);
		if (lineage.id === image.execId) {
			lineage.yieldId();
			this.#table.forest.version++;
		}
	}

	/**
	Makes room in a full table: first the lineages that ended first, then those without an event for longest; none with
	children or with an unacknowledged kill.
	*/
	makeRoom(): void {
		const {maxProcesses} = this.#options;
		if (this.size <= maxProcesses || this.size < this.#tryAt) {
			return;
		}

		const goal = maxProcesses - Math.ceil(maxProcesses / 16);
		const byLength = this.#table.nodes
			.flatMap(table => table?.expiry ?? [])
			.toSorted((one, other) => other.length - one.length);
		for (const expiry of byLength) {
			while (this.size > goal && this.#take(expiry, Number.POSITIVE_INFINITY)) {
				// The longest dead first, from where there are most.
			}
		}

		if (this.size <= maxProcesses) {
			return;
		}

		for (const lineage of longestSilent(this.#table.nodes, each => this.held(each), this.size - goal)) {
			const {current} = lineage;
			this.#table.end(current, current.lastMs, current.lastMs, '', exitNotSeen);
			this.expire(lineage);
		}

		// When nothing can be forgotten, a search for every new process would cost more than a few processes above the bound.
		this.#tryAt = this.size + Math.ceil(maxProcesses / 64);
	}
}
