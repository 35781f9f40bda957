/**
The process table: a bounded number of processes by exec_id. Events are late (up to 30 s), out of order and can be lost, so
an exec may arrive after its hook events, and an exit may never arrive.
*/
import type {Facts, ProcessFacts} from '../../tetragon/event/facts.js';
import {ProcessOutline} from '../../tetragon/event/process-outline.js';
import {ancestorsOf} from './ancestors.js';
import {Eviction} from './eviction.js';
import {ExpiryQueue} from './expiry-queue.js';
import {Forest, sameLineage} from './forest.js';
import {ExecImage, exitNotSeen, Lineage} from './lineage.js';
import type {NodeTable} from './node-table.js';
import {addOfEvent} from './of-event.js';
import {Orphans} from './orphans.js';
import type {Process} from './process.js';
import type {ProcessesOptions} from './processes-options.js';

/** In so many first events of a process without a pod its pod is looked for. */
const podTries = 8;

/** Estimated heap bytes of a process with its strings, which the ring counts. */
export const processBytes = 640;

/** An agent holds an event back for 30 s at most: an event this much after the exit of its process is another's. */
const reusedMs = 60_000;

export class Processes {
	readonly forest: Forest;
	alive = 0;
	/** Images made since start: the ring counts the memory that its rows keep alive by it. */
	made = 0;
	readonly #options: ProcessesOptions;
	readonly #nodes: NodeTable[] = [];
	readonly #eviction: Eviction;

	constructor(options: ProcessesOptions) {
		this.#options = options;
		this.forest = new Forest(options.nodeName);
		this.#eviction = new Eviction(options, {
			forest: this.forest,
			nodes: this.#nodes,
			end: (image, timeMs, nowMs, signal, status) => this.end(image, timeMs, nowMs, signal, status),
		});
	}

	/** Images in the table. */
	get size(): number {
		return this.#eviction.size;
	}

	/** The next process that is added makes it forget another. */
	get isFull(): boolean {
		return this.size >= this.#options.maxProcesses;
	}

	/** Parents that somebody in the table waits for. */
	get orphanParents(): number {
		return this.#nodes.reduce((sum, table) => sum + (table?.orphans.size ?? 0), 0);
	}

	get(execId: string, node?: number): ExecImage | undefined {
		if (node !== undefined) {
			return this.#nodes[node]?.images.get(execId);
		}

		for (const table of this.#nodes) {
			const image = table?.images.get(execId);
			if (image !== undefined) {
				return image;
			}
		}

		return undefined;
	}

	running(node: number, pid: number): ExecImage | undefined {
		return this.#nodes[node]?.running.get(pid)?.current;
	}

	*ofNode(node: number): Iterable<ExecImage> {
		yield* this.#table(node).images.values();
	}

	/** The process of an event, added if it is new; undefined when the event has none or does not name it. */
	observe(facts: Facts, node: number, timeMs: number, nowMs: number): ExecImage | undefined {
		const table = this.#table(node);
		const {execId} = facts;
		const image =
			execId === ''
				? facts.pid > 0
					? table.running.get(facts.pid)?.current
					: undefined
				: (this.#known(table, facts, timeMs) ?? addOfEvent(this, facts, node, timeMs, nowMs));
		if (image === undefined) {
			return undefined;
		}

		// The agent may learn the pod of a process only after its exec was description.
		const podless = !image.hasPod && image.events < podTries && facts.kind !== 'process_exit';
		if (!image.isKnown || (podless && execId !== '' && image.events > 0 && facts.outlineProcess()?.hasPod !== false)) {
			this.learn(image, facts.readProcess());
		}

		if (image.asOfDump || image.state === 'mentioned') {
			this.#confirm(image);
		}

		if (facts.kind === 'process_exit') {
			this.end(image, timeMs, nowMs, facts.signal, facts.status);
		}

		image.touch(nowMs);
		this.forest.touch(image, this.#options.cells);
		return image;
	}

	/** An exec_id that acts long after its process ended is another process: clocks begin anew with a boot. */
	#known(table: NodeTable, facts: Facts, timeMs: number): ExecImage | undefined {
		const image = table.images.get(facts.execId);
		const isBeginning = facts.kind === 'process_exec' || image?.status !== exitNotSeen;
		if (image?.state === 'exited' && isBeginning && timeMs > image.endMs + reusedMs) {
			this.#eviction.replace(image);
			return undefined;
		}

		return image;
	}

	/**
	The process of an event that does not name it (a field filter of Tetragon left exec_id out), by what the event itself says. It
	is in no table and no tree: only its row knows it. undefined: the event has no process.
	*/
	nameless(facts: Facts, node: number, timeMs: number): ExecImage | undefined {
		const process = facts.outlineProcess() ?? facts.readProcess();
		if (process === undefined || facts.execId !== '') {
			return undefined;
		}

		const startMs = Number.isFinite(process.startMs) ? process.startMs : timeMs;
		const image = new ExecImage(this.#options.cells, '', node, process.pid, process.parentExecId, startMs);
		new Lineage(image).forgotten = true;
		image.know(process);
		if (facts.kind === 'process_exit') {
			image.state = 'exited';
			image.endMs = timeMs;
			image.signal = facts.signal;
			image.status = facts.status;
		}

		return image;
	}

	/** Adds a process by its facts (from the dump, or as the parent of an event). Add its parent before it. */
	add(
		description: ProcessFacts | ProcessOutline,
		node: number,
		state: 'alive' | 'mentioned' | 'exited',
		atMs: number,
		nowMs: number,
	): ExecImage {
		const table = this.#table(node);
		const {execId, pid, parentExecId} = description;
		const startMs = Number.isFinite(description.startMs) ? description.startMs : atMs;
		const parent = parentExecId === execId ? undefined : table.images.get(parentExecId);
		// The parent's own string, not a second copy of it.
		const image = new ExecImage(this.#options.cells, execId, node, pid, parent?.execId ?? parentExecId, startMs);
		description.parentExecId = image.parentExecId;
		image.know(description);
		if (description instanceof ProcessOutline) {
			image.placedIn = this.forest.groupCache.find(description, node);
		}

		image.state = state;
		image.lastMs = nowMs;
		table.images.set(execId, image);
		this.#eviction.size++;
		this.made++;
		const before = table.running.get(pid);
		const waiting = table.orphans.take(execId);
		const same =
			sameLineage(image, parent, before?.current) ?? waiting.find(lineage => lineage.current.pid === pid && pid !== 0);
		if (same === undefined) {
			this.#begin(image, parent, table, before, nowMs);
		} else {
			this.#continue(image, parent, same, table, nowMs);
		}

		for (const lineage of waiting) {
			this.#attach(lineage, image);
			this.forest.place(lineage);
		}

		this.#eviction.makeRoom();
		return image;
	}

	end(image: ExecImage, timeMs: number, nowMs: number, signal: string, status: number): void {
		if (image.state === 'exited' && image.status !== exitNotSeen) {
			return;
		}

		const wasGone = image.state === 'exited';
		const {lineage} = image;
		image.state = 'exited';
		image.endMs = timeMs;
		image.signal = signal;
		image.status = status;
		this.forest.version++;
		if (image !== lineage.current) {
			return;
		}

		const table = this.#table(image.node);
		if (table.running.get(image.pid) === lineage) {
			table.running.delete(image.pid);
		}

		if (!wasGone) {
			this.alive--;
			this.#eviction.died(lineage, nowMs);
		}
	}

	/** Forgets processes that ended long enough ago and that nothing needs. */
	age(nowMs: number): void {
		this.#eviction.age(nowMs);
	}

	/** A kill was acknowledged: what only that kept may go. */
	releaseAcknowledged(): void {
		this.#eviction.releaseAcknowledged();
	}

	chainOf(process: Process): Process[] {
		return ancestorsOf(process, execId => this.get(execId, process.node));
	}

	#table(node: number): NodeTable {
		const table = this.#nodes[node];
		if (table !== undefined) {
			return table;
		}

		const made: NodeTable = {images: new Map(), running: new Map(), orphans: new Orphans(), expiry: new ExpiryQueue()};
		this.#nodes[node] = made;
		return made;
	}

	#begin(
		image: ExecImage,
		parent: ExecImage | undefined,
		table: NodeTable,
		before: Lineage | undefined,
		nowMs: number,
	): void {
		const lineage = new Lineage(image);
		if (image.state === 'exited') {
			image.status = exitNotSeen;
			image.endMs = nowMs;
			this.#eviction.diedBefore(lineage);
		} else {
			this.alive++;
			if (before === undefined) {
				table.running.set(image.pid, lineage);
			} else if (before.current.startMs <= image.startMs) {
				// The pid was reused, so its former process has ended, although its exit did not arrive.
				this.end(before.current, image.startMs, nowMs, '', exitNotSeen);
				table.running.set(image.pid, lineage);
			} else if (image.state === 'alive') {
				this.end(image, before.current.startMs, nowMs, '', exitNotSeen);
			}
		}

		if (parent !== undefined) {
			this.#attach(lineage, parent);
		} else if (image.parentExecId !== '' && image.parentExecId !== image.execId) {
			table.orphans.add(image.parentExecId, lineage);
		}

		this.forest.place(lineage);
	}

	#continue(image: ExecImage, parent: ExecImage | undefined, lineage: Lineage, table: NodeTable, nowMs: number): void {
		const wasGone = lineage.gone;
		const dropped = lineage.exec(image);
		if (parent !== undefined && lineage.parent === undefined) {
			this.#attach(lineage, parent);
		}

		if (wasGone && !lineage.gone) {
			this.alive++;
			this.#eviction.revived(lineage);
		}

		if (dropped !== undefined) {
			this.#eviction.drop(dropped);
		}

		if (lineage.current === image) {
			if (image.state === 'exited') {
				image.state = 'alive';
				this.end(image, nowMs, nowMs, '', exitNotSeen);
			} else {
				table.running.set(image.pid, lineage);
			}
		}

		this.forest.place(lineage);
	}

	#attach(lineage: Lineage, parent: ExecImage): void {
		const far = this.forest.adopt(lineage, parent.lineage);
		if (far === undefined || this.#eviction.held(far)) {
			return;
		}

		let child = lineage;
		while (child.parent !== undefined && child.parent !== far) {
			child = child.parent;
		}

		this.forest.splice(far, child);
		this.#eviction.dropAll(far);
	}

	/**
	Takes facts that arrive after the exec_id: of a parent that was only mentioned, or a pod that the agent did not know
	at first.
	*/
	learn(image: ExecImage, facts: ProcessFacts | undefined): void {
		if (facts === undefined || (image.isKnown && facts.pod === '')) {
			return;
		}

		image.know(facts);
		image.lineage.asked = undefined;
		if (image.lineage.current === image) {
			this.forest.place(image.lineage);
		}
	}

	#confirm(image: ExecImage): void {
		image.asOfDump = false;
		if (image.state === 'mentioned') {
			image.state = 'alive';
		}

		this.forest.version++;
	}
}
