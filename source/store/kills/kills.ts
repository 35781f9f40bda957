/**
The enforcements: each hook event that asks for one, joined with the policy's mode and counters on that node and with what the
process did, in whatever order they come.
*/
import {Buffer} from 'node:buffer';
import type {PolicyMode} from '../enforcement-states.js';
import type {Ruling} from '../policies/attribution.js';
import type {PolicyOnNode, UnseenAlert} from '../policies/policy-on-node.js';
import type {ExecImage} from '../processes/lineage.js';
import type {Process} from '../processes/process.js';
import type {KillTotals} from '../snapshot.js';
import {claimOf, type EnforcementRecord, isSettled, newRecord, provenVerdict} from './enforcement-record.js';
import {enforcementOf} from './enforcing-action.js';
import {chainLinks, type Hit, unknownProcess} from './hit.js';
import {KillGroups} from './kill-groups.js';
import {returnedErrorOf} from './returned-error.js';
import {isSameProcess, SigkillExits} from './sigkill-exits.js';
import {type KillAction, proofMs} from './verdict.js';

/** The modes of the first policy list of a node hold for enforcements that arrived up to this long before it. */
export const graceMs = 30_000;
/** An enforcement waits this long for an exit by pid: an agent holds events back for up to 30 s. */
const pendingMs = 35_000;
/** A killed process may still be seen for an instant; what comes this much later is life. */
export const lifeMs = 1000;
/** Hooks of the call that was hit may follow it by so much. */
const sameCallMs = 10;

export class Kills {
	readonly groups = new KillGroups();
	/** Changes when an enforcement came or its state changed. */
	version = 0;
	lastMs: number | undefined;
	readonly #chainOf: (process: Process) => Process[];
	/** Kills without an exit yet, oldest first. */
	#pending: EnforcementRecord[] = [];
	readonly #exits = new SigkillExits();

	constructor(chainOf: (process: Process) => Process[]) {
		this.#chainOf = chainOf;
	}

	totals(): KillTotals {
		const {byState} = this.groups;
		return {
			version: this.version,
			killed: byState.KILLED ?? 0,
			would: (byState['WOULD-KILL'] ?? 0) + (byState['WOULD-SIGNAL'] ?? 0) + (byState['WOULD-DENY'] ?? 0),
			denied: byState.DENIED ?? 0,
			unacknowledged: this.groups.unacknowledged,
			lastMs: this.lastMs,
			groups: this.groups.all(),
			byState: {...byState},
		};
	}

	/** Takes a hook event in when it tells of an enforcement. */
	hit(hit: Hit): EnforcementRecord | undefined {
		const action = enforcementOf(hit.facts.action, hit.facts.returnAction);
		return action && this.#take(hit, action);
	}

	/** Takes in an event that reports another action; its policy's counters say what it was. */
	report(hit: Hit, exit: ExecImage, ruling: Ruling): EnforcementRecord {
		const record = this.#take(hit, 'POST', ruling);
		if (exit.gone) {
			this.#settle(record, exit);
		}

		return record;
	}

	/** The counters say something else now. A ruling that was definite is not lost because its polls are forgotten. */
	rule(record: EnforcementRecord, ruling: Ruling): void {
		const isDefinite = record.ruling === 'enforced' || record.ruling === 'monitored';
		const isLost = ruling === 'uncounted' || ruling === 'early';
		if (record.ruling !== ruling && !(isLost && isDefinite)) {
			record.ruling = ruling;
			this.#judge(record);
		}
	}

	/** As `rule`, for the signal of an event that reports OVERRIDE. */
	ruleSignal(record: EnforcementRecord, ruling: Ruling): void {
		if (record.signalRuling !== ruling && ruling !== 'uncounted' && ruling !== 'early') {
			record.signalRuling = ruling;
			this.#judge(record);
		}
	}

	/** It was no enforcement after all. */
	remove(record: EnforcementRecord): void {
		this.version++;
		this.groups.remove(record);
		const kills = record.image?.kills;
		const index = kills?.indexOf(record) ?? -1;
		if (index >= 0) {
			kills?.splice(index, 1);
		}
	}

	#take(hit: Hit, action: KillAction, ruling?: Ruling): EnforcementRecord {
		const {facts, image, policyOnNode} = hit;
		const process = image ?? unknownProcess(facts, hit);
		const kill = newRecord(
			{
				seq: hit.seq,
				node: hit.node,
				timeMs: hit.timeMs,
				arrivedMs: hit.nowMs,
				clientMs: hit.timeMs + hit.clockLagMs,
				listedMode: hit.listedMode,
				policyOnNode,
				returnedError: action === 'OVERRIDE' ? returnedErrorOf(hit.bytes, hit.format) : undefined,
				image,
				format: hit.format,
				kind: facts.kind,
				action,
				policy: facts.policyName,
				functionName: facts.functionName,
				process,
				pid: facts.pid,
				chain: chainLinks(process, this.#chainOf, facts),
				frame: Buffer.from(hit.bytes),
				count: 1,
			},
			ruling ?? (policyOnNode?.claims.isCounted === true ? 'pending' : 'uncounted'),
		);
		this.#book(kill);
		if (ruling === undefined) {
			policyOnNode?.claims.add({claim: () => claimOf(kill), ruled: next => this.rule(kill, next)});
		}

		return kill;
	}

	/** A policy's counters rose and no event came: NoPost, a rate limit, or a loss. */
	unseen(node: number, policy: PolicyOnNode, {fromMs, toMs, alertMs, count}: UnseenAlert): EnforcementRecord {
		const kill = newRecord({
			seq: -1,
			node,
			timeMs: alertMs,
			clientMs: alertMs,
			arrivedMs: alertMs,
			kind: 'unknown',
			action: 'UNSEEN',
			policy: policy.name,
			policyOnNode: policy,
			functionName: '',
			listedMode: 'enforce',
			returnedError: undefined,
			process: undefined,
			image: undefined,
			pid: 0,
			chain: [],
			frame: undefined,
			format: 'protobuf',
			count,
		});
		kill.candidates = this.#exits.unexplained(node, fromMs, toMs);
		this.version++;
		this.lastMs = Math.max(this.lastMs ?? alertMs, alertMs);
		this.groups.add(kill);
		return kill;
	}

	/** Events came of `count` enforcements that an alert of that time reported. Returns how many it still had. */
	takeBack(node: number, policy: string, alertMs: number, count: number): number {
		const taken = this.groups.takeBack(node, policy, alertMs, count);
		this.version += taken > 0 ? 1 : 0;
		return taken;
	}

	exit(image: ExecImage): void {
		for (const kill of [...image.kills] as EnforcementRecord[]) {
			this.#settle(kill, image);
		}

		if (image.signal !== 'SIGKILL') {
			return;
		}

		this.#exits.add(image);
		for (const kill of this.#pending) {
			if (!isSettled(kill) && kill.node === image.node && kill.pid === image.pid && isSameProcess(kill, image)) {
				this.#settle(kill, image);
			}
		}
	}

	/** Any other event of a process that an enforcement hit, an exec of it, or a child of it: a killed one does nothing any more. */
	life(image: ExecImage, timeMs: number, isEnforced = false): void {
		for (const kill of image.kills as EnforcementRecord[]) {
			const after = timeMs - kill.timeMs;
			if (after > lifeMs ? kill.wentOn !== 'later' : after > sameCallMs && kill.wentOn === 'no' && !isEnforced) {
				kill.wentOn = after > lifeMs ? 'later' : 'soon';
				kill.policyOnNode?.claims.touch();
				this.#judge(kill);
			}
		}
	}

	/**
	A list says another mode than the one before it, and no counter tells when it changed: who died in what was taken for
	monitor mode may have been killed.
	*/
	modeChanged(policy: PolicyOnNode, sinceMs: number): void {
		for (const group of [...this.groups.all()]) {
			for (const kill of [...group.kills]) {
				const isOpen = kill.policyOnNode === policy && kill.clientMs > sinceMs && !policy.claims.isCounted;
				if (isOpen && kill.listedMode === 'monitor' && kill.exitSignal === 'SIGKILL') {
					kill.listedMode = 'changed';
					this.#judge(kill);
				}
			}
		}
	}

	/** The modes of a node became known after events had come already. */
	resolve(node: number, sinceMs: number, modeOf: (kill: EnforcementRecord) => PolicyMode): void {
		for (const group of [...this.groups.all()]) {
			for (const kill of [...group.kills]) {
				if (kill.node === node && kill.seq >= 0 && kill.listedMode === 'unknown' && kill.arrivedMs >= sinceMs) {
					kill.listedMode = modeOf(kill);
					this.#judge(kill);
				}
			}
		}
	}

	/** The kill of a hook event that the ring may have dropped. */
	find(seq: number): EnforcementRecord | undefined {
		for (const {kills} of this.groups.all()) {
			for (const kill of kills) {
				const found = [kill, ...kill.others].find(one => one.seq === seq);
				if (found !== undefined) {
					return found;
				}
			}
		}

		return undefined;
	}

	/** Policies of which a counter rose when a process ended, with no event that says whom they hit. */
	unseenPolicies(process: Process): readonly string[] {
		const unseen = this.groups.all().filter(({state}) => state === 'UNSEEN');
		return unseen.flatMap(({kills}) =>
			kills.filter(kill => kill.candidates.includes(process)).map(kill => kill.policy),
		);
	}

	acknowledge(id: string): boolean {
		const changed = this.groups.acknowledge(id);
		this.version += changed ? 1 : 0;
		return changed;
	}

	tick(nowMs: number): void {
		const first = this.#pending.findIndex(kill => nowMs - kill.arrivedMs < pendingMs && !isSettled(kill));
		if (first !== 0 && this.#pending.length > 0) {
			this.#pending = first < 0 ? [] : this.#pending.slice(first);
		}

		// The words of a KILL-SENT change when it is 5 s old.
		if (this.#pending.some(kill => kill.state === 'KILL-SENT' && Math.abs(nowMs - kill.arrivedMs - proofMs) < 1000)) {
			this.version++;
		}
	}

	#book(kill: EnforcementRecord): void {
		this.version++;
		this.lastMs = Math.max(this.lastMs ?? kill.timeMs, kill.timeMs);
		kill.image?.hit(kill);
		this.groups.add(kill);
		this.#judge(kill);
		const exit = this.#exitBefore(kill);
		if (exit === undefined) {
			this.#pending.push(kill);
			if (this.#pending.length > 4096) {
				this.#pending.shift();
			}
		} else {
			this.#settle(kill, exit);
		}
	}

	/** Its exit may have overtaken it. */
	#exitBefore(kill: EnforcementRecord): ExecImage | undefined {
		const {image} = kill;
		if (image?.gone) {
			return image;
		}

		return this.#exits.of(kill);
	}

	#settle(kill: EnforcementRecord, exit: ExecImage): void {
		if (isSettled(kill) || exit.status < 0) {
			return;
		}

		kill.exitMs = exit.endMs;
		kill.exitSignal = exit.signal;
		kill.exitStatus = exit.status;
		const chain = kill.process === undefined ? [] : chainLinks(kill.process, this.#chainOf);
		if (chain.length > kill.chain.length) {
			kill.chain = chain;
		}

		kill.policyOnNode?.claims.touch();
		this.#judge(kill);
	}

	#judge(kill: EnforcementRecord): void {
		this.version++;
		const {state, reason} = provenVerdict(kill);
		kill.reason = reason;
		kill.mode = modeShown(kill);
		if (state.startsWith('WOULD') && !kill.isInBlast) {
			kill.isInBlast = true;
			kill.policyOnNode?.wouldHit(kill.process?.facts);
		}

		if (state !== kill.state) {
			this.groups.move(kill, state);
			// The verdict of another enforcement of this process may rest on this one.
			for (const other of (kill.image?.kills ?? []) as EnforcementRecord[]) {
				if (other !== kill && other.action !== 'SIGKILL') {
					this.#judge(other);
				}
			}
		}
	}
}

/** The counters know the mode at the moment of the event; the lists know it before and after. */
function modeShown({ruling, signalRuling, listedMode}: EnforcementRecord): EnforcementRecord['mode'] {
	if (ruling === 'enforced' || signalRuling === 'enforced') {
		return 'enforce';
	}

	return ruling === 'monitored' ? 'monitor' : ruling === 'mixed' ? 'changed' : listedMode;
}
