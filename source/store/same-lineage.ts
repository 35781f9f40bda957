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
		running !== undefined &&
		running.parentExecId === image.parentExecId &&
		running.flags.includes('clone') &&
		!running.flags.includes('execve') &&
		image.flags.includes('execve');
	return bareFork ? running.lineage : undefined;
}
