import type {Image, Lineage} from './lineage.js';

/** The lineage that a new image goes on with: the parent has its pid (exec without fork), or it is the exec of a fork that a hook named first. */
export function sameLineage(image: Image, parent: Image | undefined, running: Image | undefined): Lineage | undefined {
	if (parent !== undefined && parent.pid === image.pid && image.pid !== 0 && !parent.lineage.forgotten) {
		return parent.lineage;
	}

	if (running !== undefined && running.parentExecId === image.execId && image.pid !== 0) {
		return running.lineage;
	}

	const bareFork =
		running?.facts !== undefined &&
		running.parentExecId === image.parentExecId &&
		running.facts.flags.includes('clone') &&
		!running.facts.flags.includes('execve') &&
		(image.facts?.flags.includes('execve') ?? false);
	return bareFork ? running.lineage : undefined;
}
