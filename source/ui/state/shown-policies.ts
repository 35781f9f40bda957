/** The rows of the policies view: the agents' lists, merged, joined with what the cluster has. */
import {type ClusterPolicies, type JoinedPolicy, joinPolicies} from '../../store/policies/policy-join.js';
import type {PolicyRow} from '../../store/policies/policy-rows.js';
import type {Store} from '../../store/store.js';

/** `join`: undefined without a cluster. */
export type ShownPolicy = PolicyRow & {readonly join?: Omit<JoinedPolicy, 'row'>};

export type ShownPolicies = {
	readonly policies: readonly ShownPolicy[];
	readonly policySentences: readonly string[];
};

export function shownPolicies(store: Store, cluster: ClusterPolicies | undefined): ShownPolicies {
	const rows = store.policyRows();
	if (cluster === undefined) {
		return {policies: rows, policySentences: []};
	}

	const ended = new Set(store.nodes().flatMap(({name, state}) => (state === 'ended' ? [name] : [])));
	const listed = store.policyLists().flatMap(({node}) => (ended.has(node) ? [] : [node]));
	const {policies, sentences} = joinPolicies(rows, listed, cluster);
	return {
		policies: policies.map(({row, ...join}) => ({...row, note: noteOf(row, join), join})),
		policySentences: [...new Set([...sentences, ...policies.flatMap(({words}) => words)])],
	};
}

/** The reasons in full are in the open policy. */
function noteOf({note, state}: PolicyRow, {hasObject}: Omit<JoinedPolicy, 'row'>): string {
	const of = hasObject === false ? ['no object'] : [];
	const nowhere = hasObject === true && state === 'unlisted' ? ['on no agent'] : [];
	return [...of, ...nowhere, ...(note === '' ? [] : [note])].join('; ');
}
