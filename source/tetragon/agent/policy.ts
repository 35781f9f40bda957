/** A TracingPolicyStatus of ListTracingPolicies, in Tetragon's JSON names; fields that an older agent lacks are absent. */
export type PolicyStatus = {
	readonly id?: string;
	readonly name?: string;
	/** Absent or '': cluster-wide. */
	readonly namespace?: string;
	readonly sensors?: readonly string[];
	/** The only state that agents before v1.1 send. */
	readonly enabled?: boolean;
	readonly filter_id?: string;
	readonly error?: string;
	/** TP_STATE_…; a number where this build has no name for it. */
	readonly state?: string | number;
	readonly kernel_memory_bytes?: string;
	/** TP_MODE_…; absent before v1.4. */
	readonly mode?: string | number;
	/** Absent before v1.6. Counters are 64-bit: strings. */
	readonly stats?: {
		readonly action_counters?: ActionCounters;
		readonly selector_action_counters?: ReadonlyArray<{
			readonly hook?: string;
			readonly hook_index?: number;
			readonly selector_index?: number;
			readonly selector_label?: string;
			readonly action_counters?: ActionCounters;
		}>;
	};
	/** v1.8: must be echoed to ConfigureTracingPolicy. */
	readonly domain?: string;
	readonly hook_statuses?: ReadonlyArray<{
		readonly section?: string;
		readonly state?: string | number;
		readonly hook_description?: string;
		readonly hook_idx?: number;
	}>;
};

/** Counts since the policy was loaded, as decimal strings: post, signal, override, notify_enforcer, set, nopost and their monitor_ twins. */
export type ActionCounters = Readonly<Record<string, string>>;
