/** Judges enforcements by the policies' counters, and keeps the alerts for those that no event explains. */
import type {PolicyStatus} from '../../tetragon/agent/policy.js';
import {isAtLeast} from '../../tetragon/agent/release.js';
import {graceMs} from '../kills/kills.js';
import type {PolicySettled} from '../policies/policies.js';
import type {AllParts} from '../store-parts.js';
import {claimReports} from './post-only-kills.js';

type PolicyList = {
	readonly node: number;
	/** undefined: it could not be read, so no mode is known. */
	readonly list: readonly PolicyStatus[] | undefined;
	/** The agent read its counters between these two, on the client's clock. */
	readonly askedMs: number;
	readonly gotMs: number;
};

/** Takes in an answer to ListTracingPolicies, and judges the enforcements of its node anew. */
export function takePolicyList(parts: AllParts, {node, list, askedMs, gotMs}: PolicyList): void {
	const {policies, kills, nodes} = parts;
	const before = policies.ofNode(node).listedMs;
	// Agents before v1.4 know no monitor mode.
	const isModeless = !isAtLeast(nodes.get(node)?.patch.version ?? '', 1, 4);
	for (const policy of policies.take(node, list, askedMs, gotMs, isModeless)) {
		kills.modeChanged(policy, before ?? gotMs);
	}

	if (list !== undefined) {
		kills.resolve(node, before ?? gotMs - graceMs, kill =>
			policies.modeOf(node, kill.policy, kill.process?.facts?.namespace),
		);
	}

	settlePolicies(parts, gotMs);
}

export function settlePolicies(parts: AllParts, nowMs: number): void {
	for (const settled of parts.policies.settle(nowMs)) {
		applySettled(parts, settled);
	}

	// A rest may be explained by events that report another action; then the counters are judged once more.
	for (const {node, policy} of parts.policies.unexplained()) {
		claimReports(parts, node, policy, nowMs);
	}
}

function applySettled(parts: AllParts, {node, policy, raised, retracted}: PolicySettled): void {
	if (raised !== undefined) {
		parts.kills.unseen(node, policy, raised);
		parts.intake.countEnforcements(raised.count, raised.alertMs);
	}

	for (const {alertMs, count} of retracted) {
		const taken = parts.kills.takeBack(node, policy.name, alertMs, count);
		parts.intake.countEnforcements(-taken, alertMs);
	}
}
