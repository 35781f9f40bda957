import type {Facts} from '../../tetragon/event/facts.js';
import type {ExecImage} from '../processes/lineage.js';
import type {NodeRecord} from './nodes.js';

/** An event that arrives later than this after its time, or after a newer event of its node, is marked late. */
const lateMs = 2000;

/**
Returns whether the event is late, and updates the node's lag. An agent sends the processes that ran before it with
their start times, days ago: they are not late.
*/
export function isLate(
	record: NodeRecord,
	facts: Facts,
	image: ExecImage | undefined,
	timeMs: number,
	nowMs: number,
): boolean {
	const old = isOld(facts, image);
	if (!old) {
		record.skew.see(nowMs - timeMs, nowMs);
	}

	if (timeMs >= record.newestMs) {
		record.newestMs = timeMs;
		record.lagMs = nowMs - timeMs;
		return nowMs - timeMs > lateMs && !old;
	}

	const late = nowMs - timeMs > lateMs || record.newestMs - timeMs > lateMs;
	return late && !old;
}

function isOld(facts: Facts, image: ExecImage | undefined): boolean {
	if (facts.kind !== 'process_exec' || image === undefined) {
		return false;
	}

	// There are few different flags: the last answer is kept.
	if (image.flags !== lastFlags) {
		lastFlags = image.flags;
		isLastOld = lastFlags.includes('procFS');
	}

	return isLastOld;
}

let lastFlags = '';
let isLastOld = false;
