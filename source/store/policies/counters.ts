/** The action counters of a policy, as numbers. The agent counts from when the policy was loaded; agents from v1.6 on have them. */
import type {ActionCounters} from '../../tetragon/agent/policy.js';
import type {Poll} from './attribution.js';

/** A 64-bit counter; exact up to 2^53, which no policy reaches. */
export function counter(counters: ActionCounters | undefined, name: string): number {
	return Number(counters?.[name] ?? 0);
}

const enforcing = ['signal', 'override', 'notify_enforcer', 'set'] as const;

/** As `tetra tracingpolicy list` sums them. */
export function enforcedOf(counters: ActionCounters | undefined): number {
	return enforcing.reduce((sum, name) => sum + counter(counters, name), 0);
}

export function monitoredOf(counters: ActionCounters | undefined): number {
	return enforcing.reduce((sum, name) => sum + counter(counters, `monitor_${name}`), 0);
}

export function countsOf(counters: ActionCounters): Poll['counts'] {
	function both(name: string) {
		return {enforced: counter(counters, name), monitored: counter(counters, `monitor_${name}`)};
	}

	return {signal: both('signal'), override: both('override'), notify: both('notify_enforcer')};
}
