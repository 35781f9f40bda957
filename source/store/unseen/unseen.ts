/** Enforcements that only the counters of a policy show, without an event. */

import type {Unseen} from '../policies/policies.js';
import type {Parts} from '../store-parts.js';
import {addPostOnlyKills} from './post-only-kills.js';

export function addUnseen(parts: Parts, all: readonly Unseen[], nowMs: number): void {
	for (const unseen of all) {
		const {node, policy, alert} = unseen;
		const reported = addPostOnlyKills(parts, unseen, nowMs);
		if (alert.count > 0) {
			parts.kills.unseen(node, policy.name, alert.count, 'NoPost', nowMs);
		}

		parts.intake.countKill(node, alert.count + reported, nowMs);
	}
}

/** Takes back UNSEEN enforcements whose events arrived after all. */
export function retractUnseen(parts: Parts): void {
	for (const {node, policy, alertMs} of parts.policies.takeLate()) {
		if (parts.kills.takeBack(node, policy, alertMs)) {
			parts.intake.countKill(node, -1, alertMs);
		}
	}
}
