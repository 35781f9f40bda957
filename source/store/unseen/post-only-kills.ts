/**
Kills whose events say POST. Of a list of actions an agent reports only the last one: `[Sigkill, Post]` kills, and its event says
POST. Three facts together prove such a kill: the signal counter of the policy rose without an event, the policy sent a POST event
of the process, and the process ended by SIGKILL at once. When more processes ended so than signals were sent, it is unknown
which of them the policy killed, and none is called killed by it.
*/

import {decodeFrame} from '../../tetragon/decode-frame.js';
import {Arrival} from '../arrival.js';
import {atOnceMs, jitterMs} from '../kills/kill-state.js';
import type {Policies, Unseen} from '../policies/policies.js';
import type {PolicyOnNode} from '../policies/policy-on-node.js';
import type {ExecImage, Lineage} from '../processes/lineage.js';
import type {Parts} from '../store-parts.js';

/** Rows of the ring that are searched: more than arrive between two polls, except in a flood. */
const mostRows = 262_144;
const post = 1;

type Report = {readonly seq: number; readonly timeMs: number; readonly image: ExecImage};

/** Turns the UNSEEN enforcements that can be attributed into kills; returns how many. */
export function addPostOnlyKills(parts: Parts, unseen: Unseen, nowMs: number): number {
	const {node, policy, alert} = unseen;
	const arrival = new Arrival();
	let count = 0;
	for (const report of reportsOf(parts, unseen)) {
		const frame = parts.ring.frameOf(report.seq);
		const event = frame?.format === 'json' ? decodeFrame(frame.bytes, 'json') : undefined;
		if (frame === undefined || (frame.format === 'json' && event === undefined)) {
			continue;
		}

		const {facts} = event === undefined ? arrival.frame(frame.bytes) : arrival.line(frame.bytes, event);
		parts.kills.reported({...report, ...frame, facts, node, nowMs, mode: 'enforce'}, report.image.lineage.current);
		parts.processes.forest.kill(report.image);
		count++;
	}

	policy.explain(alert, count);
	return count;
}

/** The POST events that prove the kills, oldest first; none where more processes ended so than signals were sent. */
function reportsOf(parts: Parts, unseen: Unseen): readonly Report[] {
	const {byReport} = unseen.alert;
	// A process dies of its last one, so the last of each process comes before all others.
	const last = new Map<Lineage, Report>();
	const others: Report[] = [];
	for (const report of byReport === 0 ? [] : candidates(parts, unseen)) {
		if (last.has(report.image.lineage)) {
			others.push(report);
		} else {
			last.set(report.image.lineage, report);
		}
	}

	return last.size > byReport ? [] : [...last.values(), ...others].slice(0, byReport).sort((a, b) => a.seq - b.seq);
}

/** The POST events of the policy between the two polls whose process ended by SIGKILL at once, newest first. */
function* candidates({ring, policyNames, policies}: Parts, {node, policy, alert}: Unseen): Generator<Report> {
	const number = policyNames.numberOf(policy.name);
	// The name is past the bound of the name table: the rows of the policy cannot be found.
	if (number === 0) {
		return;
	}

	const from = Math.max(ring.firstSeq, ring.nextSeq - mostRows);
	for (let slab = ring.slabOf(ring.nextSeq - 1); slab !== undefined; slab = ring.slabOf(slab.firstSeq - 1)) {
		for (let row = slab.rows - 1; row >= Math.max(0, from - slab.firstSeq); row--) {
			if (slab.policy[row] !== number || slab.node[row] !== node || slab.action[row] !== post) {
				continue;
			}

			const seq = slab.firstSeq + row;
			const timeMs = slab.time[row]!;
			const image = slab.processes[row];
			const isBetween = timeMs > alert.fromMs && timeMs <= alert.toMs;
			if (isBetween && image !== undefined && diedOfIt(image, seq, timeMs) && isOf(policies, policy, node, image)) {
				yield {seq, timeMs, image};
			}
		}
	}
}

function isOf(policies: Policies, policy: PolicyOnNode, node: number, {facts}: ExecImage): boolean {
	return policies.of(node, policy.name, facts?.namespace ?? '') === policy;
}

/** The process ended by SIGKILL at once, and no other enforcement explains that. */
function diedOfIt({kills, lineage}: ExecImage, seq: number, timeMs: number): boolean {
	const {current} = lineage;
	const after = current.endMs - timeMs;
	if (current.signal !== 'SIGKILL' || !(after >= -jitterMs && after <= atOnceMs)) {
		return false;
	}

	return ![...kills, ...current.kills].some(
		kill => kill.seq === seq || (kill.state === 'KILLED' && kill.action !== 'POST'),
	);
}
