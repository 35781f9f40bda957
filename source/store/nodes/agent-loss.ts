/**
The two events with which an agent itself reports that others are missing. `rate_limit_info` of its export file has their number.
Between START and STOP of `process_throttle`, exec events of that cgroup are dropped in BPF and are not counted.
*/
import type {Event} from '../../tetragon/event/event.js';
import type {FeedMarker} from '../snapshot.js';

/** Throttled cgroups of all nodes that are followed at a time: more than a cluster throttles. */
const mostOpen = 4096;

export class AgentLoss {
	readonly #since = new Map<string, number>();

	/** The rule for an event; undefined: it reports no loss, or one that has its rule already. */
	ruleOf(event: Event, node: number, timeMs: number): FeedMarker | undefined {
		if (event.rate_limit_info !== undefined) {
			const count = Number(event.rate_limit_info['number_of_dropped_process_events'] ?? 0);
			return count > 0 ? {type: 'lost', where: 'server', count, reason: 'its export file has a rate limit'} : undefined;
		}

		const {type, cgroup: padded = ''} = event.process_throttle ?? {};
		const cgroup = String(padded).replace(/\0+$/, '');
		const key = `${node} ${cgroup}`;
		const fromMs = this.#since.get(key);
		if (type === 'THROTTLE_START' || type === 1) {
			// Each CPU that throttles sends an event of its own.
			if (fromMs !== undefined || this.#since.size >= mostOpen) {
				return undefined;
			}

			this.#since.set(key, timeMs);
			return {type: 'throttled', cgroup, fromMs: timeMs, toMs: undefined};
		}

		if (type !== 'THROTTLE_STOP' && type !== 2) {
			return undefined;
		}

		this.#since.delete(key);
		return {type: 'throttled', cgroup, fromMs, toMs: timeMs};
	}
}
