/**
Of a list of actions an agent reports the last only: `[Sigkill, Post]` kills, and its event says POST; `[Sigkill, Override]`
says OVERRIDE. When the signals that a policy counted are not explained by events that say so, its other events of that time
become claims: who died by SIGKILL right after one takes a signal, in the order in which they died.
*/

import {decodeFrame} from '../../tetragon/decode-frame.js';
import {Arrival} from '../arrival.js';
import type {EnforcementRecord} from '../kills/enforcement-record.js';
import {jitterMs} from '../kills/verdict.js';
import type {Claim, Ruling, Trace, Unexplained} from '../policies/attribution.js';
import type {PolicyOnNode} from '../policies/policy-on-node.js';
import type {ExecImage} from '../processes/lineage.js';
import type {AllParts} from '../store-parts.js';

/** Events of the buffer that are looked through: more than the time between two polls has but in a flood. */
const mostRows = 262_144;
/** A process ends by SIGKILL as its call returns: an exit later than this (ms of event time) has another cause. */
const deathMs = 500;
const post = 1;
const override = 5;

/** Lets the reports of the unexplained spans claim what is left of the policy's signals. */
export function claimReports(parts: AllParts, node: number, policy: PolicyOnNode, nowMs: number): void {
	for (const report of newReports(parts, node, policy)) {
		policy.claims.add(new Report(parts, node, policy, report, nowMs));
	}

	policy.claims.judge();
}

type Row = {readonly seq: number; readonly timeMs: number; readonly clientMs: number; readonly image: ExecImage};

class Report {
	readonly #parts: AllParts;
	readonly #node: number;
	readonly #policy: PolicyOnNode;
	readonly #row: Row;
	readonly #nowMs: number;
	/** The enforcement that it turned out to be. */
	#record: EnforcementRecord | undefined;
	/** The record is that of an event which says OVERRIDE, and was there before. */
	readonly #isOverride: boolean;

	constructor(parts: AllParts, node: number, policy: PolicyOnNode, row: Row, nowMs: number) {
		this.#parts = parts;
		this.#node = node;
		this.#policy = policy;
		this.#row = row;
		this.#nowMs = nowMs;
		this.#record = row.image.kills.find(kill => kill.seq === row.seq) as EnforcementRecord | undefined;
		this.#isOverride = this.#record !== undefined;
	}

	claim(): Claim {
		return {
			timeMs: this.#row.clientMs,
			family: 'signal',
			isExplicit: false,
			trace: traceOf(this.#row),
			process: this.#row.image.lineage,
		};
	}

	ruled(ruling: Ruling): void {
		if (this.#isOverride) {
			this.#parts.kills.ruleSignal(this.#record!, ruling);
			return;
		}

		if (ruling === 'enforced' || ruling === 'monitored' || ruling === 'mixed') {
			if (this.#record === undefined) {
				this.#enforce(ruling);
			} else {
				this.#parts.kills.rule(this.#record, ruling);
			}
		} else if (ruling === 'none' && this.#record !== undefined) {
			this.#parts.kills.remove(this.#record);
			this.#parts.intake.countEnforcements(-1, this.#nowMs);
			this.#record = undefined;
		}
	}

	#enforce(ruling: Ruling): void {
		const {seq, timeMs, clientMs, image} = this.#row;
		const frame = this.#parts.ring.frameOf(seq);
		const event = frame?.format === 'json' ? decodeFrame(frame.bytes, 'json') : undefined;
		if (frame === undefined || (frame.format === 'json' && event === undefined)) {
			return;
		}

		const arrival = new Arrival();
		const {facts} = event === undefined ? arrival.frame(frame.bytes) : arrival.line(frame.bytes, event);
		const hit = {
			...frame,
			facts,
			seq,
			node: this.#node,
			timeMs,
			nowMs: this.#nowMs,
			image,
			listedMode: this.#policy.mode,
			clockLagMs: clientMs - timeMs,
			policyOnNode: this.#policy,
		};
		this.#record = this.#parts.kills.report(hit, image.lineage.current, ruling);
		this.#parts.processes.forest.kill(image);
		this.#parts.intake.countEnforcements(1, this.#nowMs);
	}
}

/** Rows of the policy in an unexplained span that are no claims yet, oldest first. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one search backwards; each check saves those after it
function newReports(parts: AllParts, node: number, policy: PolicyOnNode): readonly Row[] {
	const {ring, policyNames, policies, nodes} = parts;
	const number = policyNames.numberOf(policy.name);
	const spans = policy.claims.rests.filter(({signal}) => signal.enforced > 0 || signal.monitored > 0);
	// The name table is full: the rows of this policy cannot be distinguished from others.
	if (number === 0 || spans.length === 0) {
		return [];
	}

	const lagMs = nodes.get(node)?.skew.clockLagMs ?? 0;
	const found: Row[] = [];
	const from = Math.max(ring.firstSeq, ring.nextSeq - mostRows, soughtUpTo(policy, spans, ring.nextSeq));
	for (
		let slab = ring.slabOf(ring.nextSeq - 1);
		slab !== undefined && slab.firstSeq + slab.rows > from;
		slab = ring.slabOf(slab.firstSeq - 1)
	) {
		for (let row = slab.rows - 1; row >= Math.max(0, from - slab.firstSeq); row--) {
			const action = slab.action[row];
			if (slab.policy[row] !== number || slab.node[row] !== node || (action !== post && action !== override)) {
				continue;
			}

			const seq = slab.firstSeq + row;
			const timeMs = slab.time[row]!;
			const clientMs = timeMs + lagMs;
			const image = slab.processes[row];
			const isInSpan = spans.some(({fromMs, toMs}) => clientMs > fromMs && clientMs <= toMs);
			if (!isInSpan || image === undefined) {
				continue;
			}

			if (policies.of(node, policy.name, image.facts?.namespace ?? '') === policy && policy.isNewReport(seq)) {
				found.push({seq, timeMs, clientMs, image});
			}
		}
	}

	return found.toReversed();
}

/** In the same spans only what came since the last search is new. */
function soughtUpTo(policy: PolicyOnNode, spans: readonly Unexplained[], nextSeq: number): number {
	const {reportsSought} = policy;
	const words = spans.map(({fromMs, toMs}) => `${fromMs}-${toMs}`).join(' ');
	policy.reportsSought = {spans: words, seq: nextSeq};
	return reportsSought.spans === words ? reportsSought.seq : 0;
}

/** It died by SIGKILL at once, or it ended otherwise, or its end is not known yet. */
function traceOf({timeMs, image}: Row): Trace {
	const {current} = image.lineage;
	const after = current.endMs - timeMs;
	if (current.signal === 'SIGKILL' && after >= -jitterMs && after <= deathMs) {
		return isExplained(image) ? 'open' : 'enforced';
	}

	return Number.isFinite(after) ? 'monitored' : 'open';
}

/** An event that says SIGKILL explains the death of this process. */
function isExplained({kills, lineage}: ExecImage): boolean {
	return [...kills, ...lineage.current.kills].some(kill => kill.state === 'KILLED' && kill.action === 'SIGKILL');
}
