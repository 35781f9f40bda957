/** Enforcements that the counters tell of and no event does. */

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

/** Their events came after all, and stand for themselves. */
export function retractUnseen(parts: Parts): void {
	for (const {node, policy, alertMs} of parts.policies.takeLate()) {
		if (parts.kills.takeBack(node, policy, alertMs)) {
			parts.intake.countKill(node, -1, alertMs);
		}
	}
}
