/** Translates a request into flags of `tetra getevents`, which can express one allow filter and no deny filter. */
import type {EventsRequest, ServerFilter} from '../../tetragon/agent/link.js';

type Said = {
	readonly flags: readonly string[];
	/** Filters that tetra has no flag for: all events come, and tetratop filters them. */
	readonly left: readonly string[];
};

const flagOf: Readonly<Partial<Record<keyof ServerFilter, string>>> = {
	namespace: '--namespace',
	pod_regex: '--pod',
	binary_regex: '--process',
	event_set: '--event-types',
	policy_names: '--policy-names',
};

export function tetraFlags({allow_list: all = [], deny_list: deny = []}: EventsRequest): Said {
	// Events beside those of the target: tetra can say one filter.
	const allow = all.length > 1 ? all.filter(filter => filter.cel_expression === undefined) : all;
	const [filter] = allow;
	const left = deny.length > 0 ? ['deny filters'] : [];
	if (filter === undefined) {
		return {flags: [], left};
	}

	if (allow.length > 1) {
		return {flags: [], left: ['several filters at once', ...left]};
	}

	const flags: string[] = [];
	for (const [name, values] of Object.entries(filter)) {
		const flag = flagOf[name as keyof ServerFilter];
		// tetra splits the value at commas, and drops an empty namespace.
		if (
			flag === undefined ||
			!Array.isArray(values) ||
			values.some(value => value === '' || String(value).includes(','))
		) {
			left.push(`the filter ${name}`);
		} else {
			flags.push(...values.map(value => `${flag}=${value}`));
		}
	}

	return {flags, left};
}
