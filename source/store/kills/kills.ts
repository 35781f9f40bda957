/**
All enforcements. Each hook event with an enforcing action is matched with the policy's mode on that node and with the exit of
the process, in whatever order they arrive.
*/
import {Buffer} from 'node:buffer';
import type {Facts, Format, ProcessFacts} from '../../tetragon/event/facts.js';
import type {PolicyMode} from '../enforcement-states.js';
import type {ExecImage} from '../processes/lineage.js';
import type {ChainLink, Process} from '../processes/process.js';
import type {KillTotals} from '../snapshot.js';
import {type EnforcementRecord, isSettled, newRecord, provenState} from './enforcement-record.js';
import {KillGroups} from './kill-groups.js';
import {enforcementOf, jitterMs, type KillAction} from './kill-state.js';

/** The modes of the first policy list of a node hold for enforcements that arrived up to this long before it. */
export const graceMs = 30_000;
/** An exit of another exec_id of the same pid proves a kill within this time (ms of event time). */
const fallbackMs = 5000;
/** An enforcement waits this long for an exit by pid: an agent holds events back for up to 30 s. */
const pendingMs = 35_000;
const mostExits = 256;
/** A killed process may still cause events for an instant; an event this much later shows that it lives. */
const lifeMs = 1000;

type Exit = {readonly node: number; readonly pid: number; readonly image: ExecImage};

type Hit = {
	readonly facts: Facts;
	readonly seq: number;
	readonly node: number;
	readonly timeMs: number;
	readonly nowMs: number;
	readonly image: ExecImage | undefined;
	readonly bytes: Uint8Array;
	readonly format: Format;
	readonly mode: PolicyMode;
};

export class Kills {
	readonly groups = new KillGroups();
	/** Changes when an enforcement came or its state changed. */
	version = 0;
	lastMs: number | undefined;
	readonly #chainOf: (process: Process) => Process[];
	/** Enforcements without an exit yet, oldest first. */
	#pending: EnforcementRecord[] = [];
	/** The newest exits by SIGKILL, for hook events that arrive after them without an exec_id. */
	readonly #exits: Exit[] = [];

	constructor(chainOf: (process: Process) => Process[]) {
		this.#chainOf = chainOf;
	}

	totals(): KillTotals {
		const {byState} = this.groups;
		return {
			killed: byState.KILLED ?? 0,
			would: (byState['WOULD-KILL'] ?? 0) + (byState['WOULD-DENY'] ?? 0),
			denied: byState.DENIED ?? 0,
			unacknowledged: this.groups.unacknowledged,
			lastMs: this.lastMs,
			groups: this.groups.all(),
			byState: {...byState},
		};
	}

	/** Takes a hook event in, if its action enforces. */
	hit(hit: Hit): EnforcementRecord | undefined {
		const action = enforcementOf(hit.facts.action, hit.facts.returnAction);
		return action && this.#take(hit, action);
	}

	/** Takes in a POST event whose process was killed by the same policy. */
	reported(hit: Hit, exit: ExecImage): void {
		this.#settle(this.#take(hit, 'POST'), exit);
	}

	#take(hit: Hit, action: KillAction): EnforcementRecord {
		const {facts, image} = hit;
		const process = image ?? unknownProcess(facts, hit);
		const kill = newRecord({
			seq: hit.seq,
			node: hit.node,
			timeMs: hit.timeMs,
			arrivedMs: hit.nowMs,
			mode: hit.mode,
			image,
			format: hit.format,
			kind: facts.kind,
			action,
			policy: facts.policyName,
			functionName: facts.functionName,
			process,
			pid: facts.pid,
			chain: this.#chain(process, facts),
			frame: Buffer.from(hit.bytes),
			count: 1,
		});
		this.#add(kill, action);
		return kill;
	}

	/** Adds enforcements that a policy's counters have and no event: NoPost, a rate limit, or a loss. */
	unseen(node: number, policy: string, count: number, cause: string, timeMs: number): EnforcementRecord {
		const kill = newRecord({
			seq: -1,
			node,
			timeMs,
			arrivedMs: timeMs,
			kind: 'unknown',
			action: cause,
			policy,
			functionName: '',
			mode: 'enforce',
			process: undefined,
			image: undefined,
			pid: 0,
			chain: [],
			frame: undefined,
			format: 'protobuf',
			count,
		});
		this.version++;
		this.lastMs = Math.max(this.lastMs ?? timeMs, timeMs);
		this.groups.add(kill);
		return kill;
	}

	/** The event of an UNSEEN enforcement arrived after all. Returns whether its alert was still there. */
	takeBack(node: number, policy: string, alertMs: number): boolean {
		const found = this.groups.takeBack(node, policy, alertMs);
		this.version += found ? 1 : 0;
		return found;
	}

	exit(image: ExecImage): void {
		for (const kill of [...image.kills] as EnforcementRecord[]) {
			this.#settle(kill, image);
		}

		if (image.signal !== 'SIGKILL') {
			return;
		}

		this.#exits.push({node: image.node, pid: image.pid, image});
		if (this.#exits.length > mostExits) {
			this.#exits.shift();
		}

		for (const kill of this.#pending) {
			if (!isSettled(kill) && kill.node === image.node && kill.pid === image.pid && sameProcess(kill, image)) {
				this.#settle(kill, image);
			}
		}
	}

	/** Takes any other event of a process: a process that causes events was not killed. */
	seenAlive(image: ExecImage, timeMs: number): void {
		for (const kill of image.kills as EnforcementRecord[]) {
			if (!kill.outlived && kill.action === 'NOTIFYENFORCER' && timeMs > kill.timeMs + lifeMs) {
				kill.outlived = true;
				this.#judge(kill);
			}
		}
	}

	/** Sets the modes of enforcements that arrived before the policy list of their node. */
	resolve(node: number, sinceMs: number, modeOf: (kill: EnforcementRecord) => PolicyMode): void {
		for (const group of [...this.groups.all()]) {
			for (const kill of [...group.kills]) {
				if (kill.node === node && kill.seq >= 0 && kill.mode === 'unknown' && kill.arrivedMs >= sinceMs) {
					kill.mode = modeOf(kill);
					this.#judge(kill);
				}
			}
		}
	}

	/** The enforcement of a hook event, which the ring may have dropped. */
	find(seq: number): EnforcementRecord | undefined {
		for (const {kills} of this.groups.all()) {
			const kill = kills.find(kill => kill.seq === seq);
			if (kill !== undefined) {
				return kill;
			}
		}

		return undefined;
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
		if (
			this.#pending.some(kill => kill.state === 'KILL-SENT' && Math.abs(nowMs - kill.arrivedMs - fallbackMs) < 1000)
		) {
			this.version++;
		}
	}

	#add(kill: EnforcementRecord, action: KillAction): void {
		this.version++;
		this.lastMs = Math.max(this.lastMs ?? kill.timeMs, kill.timeMs);
		const {image} = kill;
		if (image !== undefined) {
			const others = image.kills as EnforcementRecord[];
			kill.otherKiller = others.some(isKiller);
			if (action === 'SIGKILL' && kill.mode === 'enforce') {
				for (const other of others.filter(other => !isKiller(other))) {
					other.otherKiller = true;
					this.#judge(other);
				}
			}

			image.hit(kill);
		}

		this.groups.add(kill);
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

	/** The exit may have arrived before the hook event. */
	#exitBefore(kill: EnforcementRecord): ExecImage | undefined {
		const {image} = kill;
		if (image?.gone) {
			return image;
		}

		return this.#exits.find(exit => exit.node === kill.node && exit.pid === kill.pid && sameProcess(kill, exit.image))
			?.image;
	}

	#settle(kill: EnforcementRecord, exit: ExecImage): void {
		if (isSettled(kill) || exit.status < 0) {
			return;
		}

		kill.exitMs = exit.endMs;
		kill.exitSignal = exit.signal;
		kill.exitStatus = exit.status;
		const chain = kill.process === undefined ? [] : this.#chain(kill.process, undefined);
		if (chain.length > kill.chain.length) {
			kill.chain = chain;
		}

		this.#judge(kill);
	}

	#judge(kill: EnforcementRecord): void {
		this.version++;
		const state = provenState(kill);
		if (state === kill.state || kill.group === undefined) {
			kill.state = kill.group === undefined ? kill.state : state;
			return;
		}

		this.groups.move(kill, state);
	}

	#chain(process: Process | undefined, facts: Facts | undefined): ChainLink[] {
		if (process === undefined) {
			return [];
		}

		const chain = [process, ...this.#chainOf(process)].map(link);
		const parent = chain.length === 1 ? facts?.readParent() : undefined;
		if (parent !== undefined && parent.execId !== process.execId) {
			chain.push({execId: parent.execId, pid: parent.pid, binary: parent.binary, arguments: parent.arguments});
		}

		return chain;
	}
}

function isKiller(kill: EnforcementRecord): boolean {
	return kill.action === 'SIGKILL' && kill.mode === 'enforce';
}

/**
Whether this exit of the same pid is that of the hook event's process. A process that began after the hook event has a
reused pid.
*/
function sameProcess(kill: EnforcementRecord, exit: ExecImage): boolean {
	const after = exit.endMs - kill.timeMs;
	if (after > fallbackMs || after < -jitterMs) {
		return false;
	}

	if (kill.image !== undefined && kill.image.lineage === exit.lineage) {
		return true;
	}

	return exit.startMs <= kill.timeMs || (kill.image !== undefined && exit.parentExecId === kill.image.execId);
}

function link({execId, pid, facts}: Process): ChainLink {
	return {
		execId,
		pid,
		binary: facts?.binary ?? '',
		arguments: facts?.arguments ?? '',
	};
}

/** The process of a hook event that is not in the table, by the facts of the event. */
function unknownProcess(facts: Facts, hit: Hit): Process | undefined {
	const known: ProcessFacts | undefined = facts.readProcess();
	if (known === undefined) {
		return undefined;
	}

	return {
		execId: known.execId,
		node: hit.node,
		pid: known.pid,
		execProbe: known.execProbe,
		facts: known,
		parentExecId: known.parentExecId,
		state: 'mentioned',
		asOfDump: false,
		startMs: known.startMs,
		endMs: Number.NaN,
		signal: '',
		status: 0,
		events: 1,
		recent: 0,
		kills: [],
		lastMs: hit.nowMs,
	};
}
