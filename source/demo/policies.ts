/** The policies that a node of the demo has loaded: ListTracingPolicies, and counters that go with the events. */
import {status} from '@grpc/grpc-js';
import type {PolicyStatus} from '../tetragon/agent/policy.js';
import {policies} from './script.js';
import {GrpcError} from './server.js';

type Loaded = Omit<(typeof policies)[number], 'mode'> & {
	mode: string;
	enabled: boolean;
	posts: number;
	signals: number;
};

export class PolicyBook {
	readonly #loaded = new Map<string, Loaded>(
		policies.map(policy => [
			policy.name,
			{...policy, mode: policy.mode as string, enabled: true, posts: 0, signals: 0},
		]),
	);

	/** An event of this policy was made. */
	count(name: string, enforced: boolean): void {
		const policy = this.#loaded.get(name);
		if (policy) {
			policy.posts++;
			policy.signals += enforced ? 1 : 0;
		}
	}

	list(): readonly PolicyStatus[] {
		return [...this.#loaded.values()].map((policy, index) => ({
			id: String(index + 1),
			name: policy.name,
			namespace: policy.namespace,
			sensors: [policy.sensor],
			enabled: policy.enabled,
			filter_id: policy.namespace === '' ? '0' : String(index + 1),
			state: policy.enabled ? 'TP_STATE_ENABLED' : 'TP_STATE_DISABLED',
			kernel_memory_bytes: policy.memory,
			mode: policy.mode,
			stats: {action_counters: countersOf(policy)},
			domain: 'k8s',
			hook_statuses: policy.hooks.map((hook, at) => ({
				section: policy.sensor === 'generic_lsm' ? 'lsmhooks' : 'kprobes',
				state: 'STATUS_LOADED',
				hook_description: hook,
				hook_idx: at,
			})),
		}));
	}

	/** ConfigureTracingPolicy, with the agent's words for what it cannot do. */
	configure(request: Readonly<Record<string, unknown>>): void {
		const {name = '', namespace = '', domain = '', mode, enable} = request;
		const policy = this.#loaded.get(String(name));
		if (!policy || policy.namespace !== namespace || domain !== 'k8s') {
			throw new GrpcError(status.UNKNOWN, `tracing policy {${name} ${namespace} ${domain || 'grpc'}} does not exist`);
		}

		if (typeof mode === 'string') {
			policy.mode = mode;
		}

		if (typeof enable === 'boolean') {
			if (policy.enabled === enable) {
				throw new GrpcError(status.UNKNOWN, `tracing policy ${name} is not ${enable ? 'disabled' : 'enabled'}`);
			}

			policy.enabled = enable;
		}
	}
}

/** As the agent: a counter that is zero is left out. */
function countersOf({posts, signals, mode}: Loaded): Record<string, string> {
	const signal = mode === 'TP_MODE_MONITOR' ? 'monitor_signal' : 'signal';
	return {
		...(posts > 0 ? {post: String(posts)} : {}),
		...(signals > 0 ? {[signal]: String(signals)} : {}),
	};
}
