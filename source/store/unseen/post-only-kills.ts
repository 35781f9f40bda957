/**
Of a list of actions an agent reports the last only: `[Sigkill, Post]` kills, and its event says POST. Who was killed is told
by three together: the policy's signal counter, which rose without an event that says so; its report of a process; and the
exit of that process by SIGKILL at once behind it. Where more processes ended so than signals were sent, nobody knows which
of them the policy killed, and none is called killed by it.
*/

import {decodeFrame} from '../../tetragon/wire/decode.js';
import {Arrival} from '../arrival.js';
import {atOnceMs, jitterMs} from '../kills/kill-state.js';
import type {Unseen} from '../policies/policies.js';
import type {ExecImage, Lineage} from '../processes/lineage.js';
import type {Parts} from '../store-parts.js';

/** Events of the buffer that are looked through: more than the time between two polls has but in a flood. */
const mostRows = 262_144;
const post = 1;

type Report = {readonly seq: number; readonly timeMs: number; readonly image: ExecImage};

/** Books what of an UNSEEN can be told so; only the rest is left in it. Returns how many these are. */
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

/** The reports that kills are known by, oldest first; none where it is not clear whose they are. */
function reportsOf({ring, policyNames, policies}: Parts, {node, policy, alert}: Unseen): readonly Report[] {
	const number = policyNames.numberOf(policy.name);
	if (alert.byReport === 0 || number === 0) {
		return [];
	}

	// Of each process the last one, which is the one it died of, before any other.
	const last = new Map<Lineage, Report>();
	const others: Report[] = [];
	const from = Math.max(ring.firstSeq, ring.nextSeq - mostRows);
	for (let slab = ring.slabOf(ring.nextSeq - 1); slab !== undefined; slab = ring.slabOf(slab.firstSeq - 1)) {
		for (let row = slab.rows - 1; row >= Math.max(0, from - slab.firstSeq); row--) {
			if (slab.policy[row] !== number || slab.node[row] !== node || slab.action[row] !== post) {
				continue;
			}

			const timeMs = slab.time[row]!;
			const image = slab.processes[row];
			const isOfItsTime = timeMs > alert.fromMs && timeMs <= alert.toMs;
			if (!isOfItsTime || image === undefined || !diedOfIt(image, slab.firstSeq + row, timeMs)) {
				continue;
			}

			if (policies.of(node, policy.name, image.facts?.namespace ?? '') !== policy) {
				continue;
			}

			const report = {seq: slab.firstSeq + row, timeMs, image};
			if (last.has(image.lineage)) {
				others.push(report);
			} else {
				last.set(image.lineage, report);
			}
		}
	}

	if (last.size > alert.byReport) {
		return [];
	}

	return [...last.values(), ...others].slice(0, alert.byReport).sort((a, b) => a.seq - b.seq);
}

/** It ended by SIGKILL at once, and no other enforcement explains that. */
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
