/**
The two events with which an agent itself says that others are missing: `rate_limit_info` of its export file, with a number,
and `process_throttle`: between its START and its STOP exec events of that cgroup are dropped in BPF, and nobody counts them.
*/
import type {Event} from '../../tetragon/event/event.js';
import type {FeedMarker} from '../snapshot.js';

/** Cgroups whose throttling has begun and not ended, of all nodes; more than a cluster throttles at a time. */
const mostOpen = 4096;

export class AgentLoss {
	readonly #since = new Map<string, number>();

	/** The rule to be drawn for an event; undefined: it tells of no loss, or of one that is drawn already. */
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
			// Each processor that throttles says so by itself.
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
