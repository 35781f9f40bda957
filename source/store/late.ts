import type {Facts} from '../tetragon/facts.js';
import type {NodeRecord} from './nodes.js';
import type {Process} from './process.js';

/** An event this far behind its time, or behind its node's newest one, is marked late. */
const lateMs = 2000;

/** Also keeps the node's lag. Processes that ran before the agent are announced with their start time, days ago: not late. */
export function isLate(
	record: NodeRecord,
	facts: Facts,
	image: Process | undefined,
	timeMs: number,
	nowMs: number,
): boolean {
	if (timeMs >= record.newestMs) {
		record.newestMs = timeMs;
		record.lagMs = nowMs - timeMs;
		return nowMs - timeMs > lateMs && !isOld(facts, image);
	}

	const late = nowMs - timeMs > lateMs || record.newestMs - timeMs > lateMs;
	return late && !isOld(facts, image);
}

const isOld = (facts: Facts, image: Process | undefined): boolean =>
	facts.kind === 'process_exec' && (image?.facts?.flags.includes('procFS') ?? false);
