/** Enforcements that the counters tell of and no event does. */

import type {Unseen} from '../policies/policies.js';
import type {Parts} from '../store-parts.js';
import {tellReports} from './post-only-kills.js';

export function tellUnseen(parts: Parts, all: readonly Unseen[], nowMs: number): void {
	for (const unseen of all) {
		const {node, policy, told} = unseen;
		const reported = tellReports(parts, unseen, nowMs);
		if (told.count > 0) {
			parts.kills.unseen(node, policy.name, told.count, 'NoPost', nowMs);
		}

		parts.intake.countKill(node, told.count + reported, nowMs);
	}
}

/** Their events came after all, and stand for themselves. */
export function takeBackUnseen(parts: Parts): void {
	for (const {node, policy, toldMs} of parts.policies.takeLate()) {
		if (parts.kills.takeBack(node, policy, toldMs)) {
			parts.intake.countKill(node, -1, toldMs);
		}
	}
}
