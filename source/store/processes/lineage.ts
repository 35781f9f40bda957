/**
Three classes that refer to each other. An ExecImage is one exec_id. A Lineage is one pid from fork to exit, a row of the
tree: an exec replaces its image and changes the exec_id, and the old image never exits, so a lineage holds all images and
only the newest can end. A Group is a row above the processes: namespace, workload, pod, container or host.
*/
import type {ProcessFacts} from '../../tetragon/event/facts.js';
import {ProcessOutline} from '../../tetragon/event/process-outline.js';
import {readProcessFacts} from '../../tetragon/wire/process-facts.js';
import {readOutline} from '../../tetragon/wire/process-outline.js';
import {type Cells, RecentCount} from '../rates.js';
import type {Enforcement, Process, ProcessState} from './process.js';

/**
`status` of a process that has ended although its exit was never seen: its pid was reused, or a later dump lacks it.
*/
export const exitNotSeen = -1;

/** Most processes have neither kills nor earlier images: they share one empty array until the first entry. */
const noKills: Enforcement[] = [];
const noImages: ExecImage[] = [];

/** The stretch of the ring that holds rows of a process, as the process knows it: a slab. */
type RowBlock = {
	readonly bytes: Buffer;
	readonly firstSeq: number;
	/** The process of each row. */
	readonly processes: ReadonlyArray<ExecImage | undefined>;
};

export class ExecImage implements Process {
	readonly execId: string;
	readonly node: number;
	readonly pid: number;
	/** Space-separated, as the agent sends them: execve, clone, procFS, … */
	flags = '';
	execProbe = false;
	/** The agent has named its pod. */
	hasPod = false;
	/** Where its row stands; undefined until it is placed. */
	placedIn: Group | undefined;
	/** The stretch of the ring that has its newest row. */
	newest: RowBlock | undefined;
	parentExecId: string;
	state: ProcessState = 'alive';
	asOfDump = false;
	startMs: number;
	endMs = Number.NaN;
	signal = '';
	status = 0;
	events = 0;
	kills: Enforcement[] = noKills;
	lastMs = 0;
	lineage: Lineage;
	#facts: ProcessFacts | undefined;
	/** The bytes of the message that describes it, until its facts are read. */
	#bytes: Buffer | undefined;
	#start = 0;
	#end = 0;
	readonly #cells: Cells;
	#cell = 0;
	#current = 0;
	#previous = 0;

	constructor(cells: Cells, execId: string, node: number, pid: number, parentExecId: string, startMs: number) {
		this.#cells = cells;
		this.execId = execId;
		this.node = node;
		this.pid = pid;
		this.parentExecId = parentExecId;
		this.startMs = startMs;
		// Every image has a lineage: the constructor of Lineage, or Lineage.exec(), sets it right after this.
		this.lineage = undefined as unknown as Lineage;
	}

	get facts(): ProcessFacts | undefined {
		return this.#facts ?? (this.#bytes === undefined ? undefined : this.#read(this.#bytes));
	}

	/** Sequence number of its newest event; undefined: the buffer has none. */
	get newestSeq(): number | undefined {
		const row = this.newest?.processes.lastIndexOf(this) ?? -1;
		return this.newest === undefined || row < 0 ? undefined : this.newest.firstSeq + row;
	}

	/** More than its exec_id is known. */
	get isKnown(): boolean {
		return this.#facts !== undefined || this.#bytes !== undefined;
	}

	know(description: ProcessFacts | ProcessOutline): void {
		this.flags = description.flags;
		this.execProbe = description.execProbe;
		this.placedIn = undefined;
		if (description instanceof ProcessOutline) {
			this.hasPod = description.hasPod;
			this.#facts = undefined;
			this.#bytes = description.bytes;
			this.#start = description.start;
			this.#end = description.end;
		} else {
			this.hasPod = description.pod !== '';
			this.#facts = description;
			this.#bytes = undefined;
		}
	}

	/** Its frame, which belonged to the socket, lies in a slab now; `at` is where it begins there. */
	movedTo(slab: RowBlock, frame: Uint8Array, at: number): void {
		if (this.#bytes === frame) {
			this.#bytes = slab.bytes;
			this.#start += at;
			this.#end += at;
		}
	}

	/** A slab is about to be used anew: what somebody may still ask for is read now. */
	leave(slab: RowBlock, isHeld: boolean): void {
		const hasRows = this.newest !== slab;
		if (!hasRows) {
			this.newest = undefined;
		}

		if (this.#bytes === slab.bytes) {
			if (isHeld || hasRows || !this.lineage.forgotten || this.kills.length > 0) {
				this.#read(this.#bytes);
			}

			this.#bytes = undefined;
		}
	}

	/** Outlines the message; false when its bytes are gone or were read already. */
	outline(outline: ProcessOutline): boolean {
		if (this.#bytes === undefined) {
			return false;
		}

		readOutline(outline, this.#bytes, this.#start, this.#end, this.execId, this.pid);
		return true;
	}

	#read(bytes: Buffer): ProcessFacts {
		const facts = readProcessFacts(bytes, this.#start, this.#end);
		this.#facts = facts;
		this.#bytes = undefined;
		this.#share(facts);
		return facts;
	}

	/** Replaces equal strings and labels by the ones that the table has, to save memory. */
	#share(facts: ProcessFacts): void {
		const own = facts as {execId: string; parentExecId: string};
		own.execId = own.execId === this.execId ? this.execId : own.execId;
		own.parentExecId = own.parentExecId === this.parentExecId ? this.parentExecId : own.parentExecId;
		if (this.placedIn !== undefined) {
			shareLabels(facts, this.placedIn);
		}
	}

	get recent(): number {
		const cellsAgo = this.#cells.now - this.#cell;
		return cellsAgo === 0 ? this.#current + this.#previous : cellsAgo === 1 ? this.#current : 0;
	}

	touch(nowMs: number): void {
		const {now} = this.#cells;
		const cellsAgo = now - this.#cell;
		if (cellsAgo !== 0) {
			this.#previous = cellsAgo === 1 ? this.#current : 0;
			this.#current = 0;
			this.#cell = now;
		}

		this.#current++;
		this.events++;
		this.lastMs = nowMs;
	}

	hit(kill: Enforcement): void {
		if (this.kills === noKills) {
			this.kills = [];
		}

		this.kills.push(kill);
	}

	get gone(): boolean {
		return this.state === 'exited';
	}
}

/** Rows in display order, as a linked list: with 20 000 siblings one is added or removed as fast as with two. */
export type Siblings = {first: Lineage | undefined; last: Lineage | undefined};

export class Lineage implements Siblings {
	/** The identity of the row through every exec: exec_id of the first image, unless another process has it by now. */
	id: string;
	/** Its place among its siblings. It does not change, so that rows stay in place. */
	startMs: number;
	current: ExecImage;
	/** Earlier images of this pid, oldest first; the newest 32. */
	images: ExecImage[] = noImages;
	/** The lineage that forked it, also in another container. */
	parent: Lineage | undefined;
	/** Lineages in the table whose parent this is. They keep it from being forgotten. */
	childCount = 0;
	depth = 0;
	group: Group | undefined;
	/** The row above it in the tree: its parent, when both are in one container. */
	up: Lineage | undefined;
	first: Lineage | undefined;
	last: Lineage | undefined;
	next: Lineage | undefined;
	previous: Lineage | undefined;
	/** Its display time has expired; it is kept only while it has children or an unacknowledged kill. */
	expired = false;
	forgotten = false;
	/** The last filter that tested it, and the answer. */
	asked: unknown;
	answer = false;

	constructor(first: ExecImage) {
		this.id = first.execId;
		this.startMs = first.startMs;
		this.current = first;
		first.lineage = this;
	}

	get gone(): boolean {
		return this.current.state === 'exited';
	}

	/**
	Makes `image` the running image, or an earlier one when it is older than the running one. Returns the image dropped
	for it.
	*/
	exec(image: ExecImage): ExecImage | undefined {
		image.lineage = this;
		this.asked = undefined;
		if (this.images === noImages) {
			this.images = [];
		}

		const ended = this.gone && this.current.status !== exitNotSeen;
		if (ended || image.startMs < this.current.startMs) {
			image.state = 'replaced';
			image.endMs = this.current.startMs;
			this.images.push(image);
			this.images.sort((a, b) => a.startMs - b.startMs);
		} else {
			this.current.state = 'replaced';
			this.current.endMs = image.startMs;
			this.images.push(this.current);
			this.current = image;
		}

		// A shell that execs itself again and again must not fill the table. The image whose exec_id names the row stays: a
		// late event of it would else begin a second row of that name.
		const oldest = this.images.length > 32 ? this.images.findIndex(({execId}) => execId !== this.id) : -1;
		return oldest >= 0 ? this.images.splice(oldest, 1)[0] : undefined;
	}

	/** Another process begins with the exec_id that names this row: the exec_id names the other one from now on. */
	yieldId(): void {
		this.id = `${this.id} until ${this.current.endMs}`;
	}
}

export type GroupType = 'root' | 'namespace' | 'workload' | 'pod' | 'container' | 'host';

export class Group implements Siblings {
	readonly id: string;
	readonly type: GroupType;
	name: string;
	readonly parent: Group | undefined;
	node: number | undefined;
	image = '';
	/** Of a container: the pod's labels, as its newest process has them. */
	labels: ProcessFacts['podLabels'];
	/** By name. Of a container or host: none. */
	readonly children: Group[] = [];
	/** Of a container or host: the topmost processes. */
	first: Siblings['first'];
	last: Siblings['last'];
	/** Processes below, exited ones that are still kept included. */
	members = 0;
	/** It had no members any more and was taken out; another one may have its id now. */
	isGone = false;
	kills = 0;
	/** Since it is here. */
	events = 0;
	readonly recent = new RecentCount();

	constructor(type: GroupType, id: string, name: string, parent: Group | undefined) {
		this.type = type;
		this.id = id;
		this.name = name;
		this.parent = parent;
	}
}

/** Processes of a container have the same labels: one object for all of them saves a tenth of the table's memory. */
export function shareLabels(facts: ProcessFacts, group: Group): void {
	const {podLabels} = facts;
	if (podLabels === undefined || podLabels === group.labels) {
		return;
	}

	const names = Object.keys(podLabels);
	const known = group.labels;
	const same =
		known !== undefined &&
		Object.keys(known).length === names.length &&
		names.every(name => known[name] === podLabels[name]);
	if (same) {
		(facts as {podLabels: typeof known}).podLabels = known;
	} else {
		group.labels = podLabels;
	}
}
