/** The links between lineages: which process forked which, and which row is below which. */
import {ProcessOutline} from '../../tetragon/event/process-outline.js';
import type {Cells} from '../rates.js';
import {GroupCache} from './group-cache.js';
import {Groups} from './groups.js';
import {type ExecImage, type Group, type Lineage, type Siblings, shareLabels} from './lineage.js';
import {insert, remove, rowsOf} from './siblings.js';

/**
Generations of dead ancestors that a living process keeps: a process that forks and exits again and again must not
fill the table.
*/
const deadGenerations = 64;
const deepest = 512;

export class Forest {
	readonly groups = new Groups();
	readonly groupCache = new GroupCache();
	/** Changes when rows came, went or moved. */
	version = 0;
	readonly #nodeName: (node: number) => string;
	readonly #outline = new ProcessOutline();

	constructor(nodeName: (node: number) => string) {
		this.#nodeName = nodeName;
	}

	/**
	Links a lineage to its parent, unless that makes a circle (foreign exec_ids can). Returns a dead ancestor that is
	too far up to be kept.
	*/
	adopt(lineage: Lineage, parent: Lineage): Lineage | undefined {
		// A full table may have forgotten one of them meanwhile.
		if (lineage.parent !== undefined || parent === lineage || parent.forgotten || lineage.forgotten) {
			return undefined;
		}

		let steps = 0;
		for (let at: Lineage | undefined = parent; at !== undefined; at = at.parent) {
			if (at === lineage || ++steps > deepest * 2) {
				return undefined;
			}
		}

		lineage.parent = parent;
		parent.childCount++;
		lineage.depth = parent.depth + 1;
		return lineage.depth > deepest ? this.#farDead(lineage) : undefined;
	}

	/** Puts the row below its group and parent. Call it again when its facts change. */
	place(lineage: Lineage): void {
		const image = lineage.current;
		if (!image.isKnown || lineage.forgotten) {
			return;
		}

		this.version++;
		const group = this.#groupOf(image);
		const {parent} = lineage;
		const up = parent?.group === group ? parent : undefined;
		if (lineage.group === group && lineage.up === up) {
			return;
		}

		const moved = lineage.group !== group;
		this.#lift(lineage);
		if (moved) {
			this.groups.enter(group);
			if (lineage.group !== undefined) {
				this.groups.leave(lineage.group);
			}
		}

		lineage.group = group;
		lineage.up = up;
		insert(up ?? group, lineage);
		if (moved) {
			this.#gather(lineage, group);
		}
	}

	touch(image: ExecImage, cells: Cells): void {
		const {group} = image.lineage;
		if (group !== undefined) {
			this.groups.touch(group, cells);
		}
	}

	kill(image: ExecImage | undefined): void {
		this.version++;
		if (image?.lineage.group !== undefined) {
			this.groups.kill(image.lineage.group);
		}
	}

	/** Takes the row out for good; its parent and children must be gone before. */
	remove(lineage: Lineage): void {
		this.version++;
		lineage.forgotten = true;
		this.#release(lineage);
		const {parent} = lineage;
		if (parent !== undefined) {
			parent.childCount--;
			lineage.parent = undefined;
		}
	}

	/** Takes an exited ancestor with one child out of the middle: the child is below its grandparent from now on. */
	splice(dead: Lineage, child: Lineage): void {
		const {parent} = dead;
		child.parent = undefined;
		dead.childCount--;
		child.current.parentExecId = parent?.current.execId ?? '';
		const earliest = child.images[0];
		if (earliest !== undefined) {
			earliest.parentExecId = child.current.parentExecId;
		}

		this.remove(dead);
		if (parent !== undefined) {
			child.parent = parent;
			parent.childCount++;
		}

		this.place(child);
	}

	#groupOf(image: ExecImage): Group {
		if (image.placedIn !== undefined && !image.placedIn.isGone) {
			return image.placedIn;
		}

		const isOutlined = image.outline(this.#outline);
		const {facts} = image;
		if (facts === undefined) {
			throw new Error('a process that is not known has no place');
		}

		const group = this.groups.groupFor(facts, image.node, this.#nodeName(image.node));
		shareLabels(facts, group);
		image.placedIn = group;
		if (isOutlined) {
			this.groupCache.keep(this.#outline, image.node, group);
		}

		return group;
	}

	/** Moves its children in its own container below it; children in other containers only name it as their parent. */
	#gather(lineage: Lineage, group: Group): void {
		for (const child of rowsOf(lineage)) {
			if (child.group !== group) {
				this.place(child);
			}
		}

		if (lineage.childCount === 0) {
			return;
		}

		for (const top of rowsOf(group)) {
			if (top.parent === lineage) {
				this.place(top);
			}
		}
	}

	#lift(lineage: Lineage): void {
		const list: Siblings | undefined = lineage.up ?? lineage.group;
		if (list !== undefined) {
			remove(list, lineage);
		}

		lineage.up = undefined;
	}

	#release(lineage: Lineage): void {
		const {group} = lineage;
		if (group === undefined) {
			return;
		}

		this.#lift(lineage);
		for (const child of rowsOf(lineage)) {
			remove(lineage, child);
			child.up = undefined;
			insert(group, child);
		}

		lineage.group = undefined;
		this.groups.leave(group);
	}

	#farDead(lineage: Lineage): Lineage | undefined {
		let steps = 0;
		for (let at = lineage.parent; at !== undefined; at = at.parent) {
			steps++;
			if (steps > deadGenerations && at.gone && at.childCount === 1) {
				return at;
			}
		}

		return undefined;
	}
}

/** The lineage that a new image goes on with: the parent has its pid (exec without fork), or it is the exec of a fork that a hook named first. */
export function sameLineage(
	image: ExecImage,
	parent: ExecImage | undefined,
	running: ExecImage | undefined,
): Lineage | undefined {
	if (parent !== undefined && parent.pid === image.pid && image.pid !== 0 && !parent.lineage.forgotten) {
		return parent.lineage;
	}

	if (running !== undefined && running.parentExecId === image.execId && image.pid !== 0) {
		return running.lineage;
	}

	const bareFork =
		running !== undefined &&
		running.parentExecId === image.parentExecId &&
		running.flags.includes('clone') &&
		!running.flags.includes('execve') &&
		image.flags.includes('execve');
	return bareFork ? running.lineage : undefined;
}
