import type {Query} from '../api/api.js';
import type {Pod} from '../api/objects.js';
import type {Target} from './parse.js';

export type PodList = {readonly path: string; readonly query: Query};

export type PodSource = {
	/** The target that was found: a bare name may be a workload, or be in another namespace. */
	readonly target: Target;
	/** One list of pods for each namespace. They may return other pods as well. */
	readonly lists: readonly PodList[];
	/** A selector of labels that all pods of the target have; '': none is known. */
	readonly selector: string;
	/** Returns true for a pod of the target. */
	readonly meant: (pod: Pod) => boolean;
	/** Reads what `meant` must know about these pods. Never rejects. */
	readonly learn?: (pods: readonly Pod[], signal: AbortSignal) => Promise<void>;
	/** Follows what `meant` depends on, until the signal aborts. */
	readonly follow?: (changed: () => void, signal: AbortSignal) => Promise<void>;
	/** Why the target may exist without a pod of it being seen; undefined: it was found. */
	readonly unsure?: string;
};
