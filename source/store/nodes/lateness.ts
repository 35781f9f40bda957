import type {Facts} from '../../tetragon/event/facts.js';
import type {ExecImage} from '../processes/lineage.js';
import type {NodeRecord} from './nodes.js';

/** An event this far behind its time, or behind its node's newest one, is marked late. */
const lateMs = 2000;

/** Also keeps the node's lag. Processes that ran before the agent are announced with their start time, days ago: not late. */
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

	// Flags are few and stand in every exec.
	if (image.flags !== lastFlags) {
		lastFlags = image.flags;
		isLastOld = lastFlags.includes('procFS');
	}

	return isLastOld;
}

let lastFlags = '';
let isLastOld = false;
