/** The way in: one event's facts go to the process table, the ring, the kills, the policies and the rates, in this order. */
import type {Facts} from '../tetragon/event/facts.js';
import type {Arrival} from './arrival.js';
import type {Deaths} from './deaths/deaths.js';
import {takeSignal} from './deaths/take-signal.js';
import {unkeptClaim} from './kills/enforcement-record.js';
import {enforcementOf} from './kills/enforcing-action.js';
import type {Hit} from './kills/hit.js';
import type {Kills} from './kills/kills.js';
import {isLate} from './nodes/lateness.js';
import type {Loss} from './nodes/loss.js';
import type {NodeRecord, Nodes} from './nodes/nodes.js';
import type {Timeline} from './nodes/timeline.js';
import type {Policies} from './policies/policies.js';
import type {ExecImage} from './processes/lineage.js';
import {type Processes, processBytes} from './processes/processes.js';
import type {Rate} from './rates.js';
import {kindCode, kindList} from './ring/kind-codes.js';
import type {NameTable} from './ring/name-table.js';
import type {Ring} from './ring/ring.js';
import {flag, type Slab} from './ring/slabs.js';

type Parts = {
	readonly nodes: Nodes;
	readonly rate: Rate;
	readonly timeline: Timeline;
	readonly processes: Processes;
	readonly ring: Ring;
	readonly policyNames: NameTable;
	readonly functionNames: NameTable;
	readonly loss: Loss;
	readonly kills: Kills;
	readonly deaths: Deaths;
	readonly policies: Policies;
	/** Called when a row was appended. */
	readonly offer: (seq: number) => void;
	/** The event itself says that others are missing. */
	readonly lossAnnounced: (seq: number, node: number, timeMs: number, nowMs: number) => void;
};

type Place = {readonly seq: number; readonly node: number; readonly timeMs: number; readonly nowMs: number};

export class Intake {
	events = 0;
	/** Events by kind code. */
	readonly byKind = new Float64Array(kindList.length);
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** What an event says of the end of a process: its exit, or a signal that is sent. */
	#end(arrival: Arrival, image: ExecImage | undefined, at: Place): void {
		const {facts} = arrival;
		if (image !== undefined) {
			this.#proveKills(image, facts, at.timeMs);
			if (facts.kind === 'process_exit') {
				this.#parts.deaths.exit(image, at.seq, at.nowMs);
			}
		}

		if (facts.functionName !== '') {
			const {processes, nodes, deaths} = this.#parts;
			const hook = {facts, image, node: nodes.nameOf(at.node), timeMs: at.timeMs};
			takeSignal(deaths, arrival, {...hook, chainOf: process => processes.chainOf(process)});
		}
	}

	/** Takes an event in; each step reads what the one before has made. Returns whether the event asks for an enforcement. */
	take(node: number, arrival: Arrival, nowMs: number): boolean {
		const {facts} = arrival;
		const {processes, ring, offer, lossAnnounced} = this.#parts;
		const record = this.#parts.nodes.get(node);
		if (record === undefined) {
			return false;
		}

		this.#count(record, facts, nowMs, arrival.isPast);
		const timeless = Number.isNaN(facts.timeMs);
		const timeMs = timeless ? nowMs : facts.timeMs;
		const {made} = processes;
		const image = processes.observe(facts, node, timeMs, nowMs);
		const shown = image ?? processes.nameless(facts, node, timeMs);
		const slab = this.#append(arrival, node, timeMs, shown);
		const row = slab.rows - 1;
		const seq = slab.firstSeq + row;
		slab.flags[row]! |= timeless
			? flag.timeless
			: !arrival.isPast && isLate(record, facts, image, timeMs, nowMs)
				? flag.late
				: 0;
		if (arrival.isNoEvent) {
			slab.flags[row]! |= flag.malformed;
			this.#parts.loss.unreadable(1, undefined);
		}

		const madeNow = processes.made - made + (shown === image ? 0 : 1);
		if (madeNow !== 0) {
			ring.weigh(madeNow * processBytes);
		}

		this.#end(arrival, image, {seq, node, timeMs, nowMs});
		let enforces = false;
		if (facts.policyName !== '' || facts.action > 2 || facts.returnAction > 2) {
			enforces = this.#takeHook({
				facts,
				seq,
				node,
				timeMs,
				nowMs,
				image: shown,
				bytes: arrival.bytes,
				format: arrival.format,
			});
		}

		offer(seq);
		if (facts.kind === 'process_throttle' || facts.kind === 'rate_limit_info') {
			lossAnnounced(seq, node, timeMs, nowMs);
		}

		return enforces;
	}

	/** An event that is not kept counts for its policy, whose counters have it all the same. */
	pass(node: number, {facts}: Arrival, nowMs: number): void {
		if (facts.policyName === '') {
			return;
		}

		const {policies, nodes} = this.#parts;
		const policy = policies.see(node, facts.policyName, facts.readProcess()?.namespace ?? '');
		const action = enforcementOf(facts.action, facts.returnAction);
		if (action !== undefined) {
			const timeMs = Number.isNaN(facts.timeMs) ? nowMs : facts.timeMs;
			const clientMs = timeMs + (nodes.get(node)?.skew.clockLagMs ?? 0);
			policy?.claims.add({claim: () => unkeptClaim(action, clientMs), ruled: () => undefined});
		}
	}

	/** Counts an event that is not kept. */
	hide(node: number): void {
		const record = this.#parts.nodes.get(node);
		if (record !== undefined) {
			record.hidden++;
		}
	}

	/** An event of the past counts at its own time, and in no rate of now. */
	#count(record: NodeRecord, facts: Facts, nowMs: number, isPast: boolean): void {
		this.events++;
		this.byKind[kindCode(facts.kind)]!++;
		record.events++;
		this.#parts.timeline.add('all', isPast && facts.timeMs < nowMs ? facts.timeMs : nowMs);
		if (!isPast) {
			this.#parts.rate.add(nowMs);
			record.rate.add(nowMs);
		}
	}

	/** Returns the slab, whose last row is the event. */
	#append({facts, bytes, format}: Arrival, node: number, timeMs: number, image: ExecImage | undefined): Slab {
		const slab = this.#parts.ring.append(bytes, format, kindCode(facts.kind), node, timeMs);
		const row = slab.rows - 1;
		slab.processes.push(image);
		if (image !== undefined) {
			image.newest = slab;
		}

		if ((slab.flags[row]! & flag.oversized) === 0) {
			image?.movedTo(slab, bytes, slab.offset[row]!);
		} else {
			this.#parts.loss.drop('frames larger than the buffer', 1);
			// The bytes belong to the socket and are not kept: read the facts while they are there.
			void image?.facts;
		}

		slab.policy[row] = this.#parts.policyNames.numberOf(facts.policyName);
		slab.functionName[row] = this.#parts.functionNames.numberOf(facts.functionName);
		slab.action[row] = facts.action;
		slab.returnAction[row] = facts.returnAction;
		return slab;
	}

	/** An exit proves an enforcement, and any other event shows that the process outlived it. */
	#proveKills(image: ExecImage, facts: Facts, timeMs: number): void {
		if (facts.kind !== 'process_exit') {
			const isEnforced = enforcementOf(facts.action, facts.returnAction) !== undefined;
			this.#parts.kills.life(image, timeMs, isEnforced);
			if (facts.kind === 'process_exec') {
				// An exec under way may still end after the signal was sent; a child shows that its parent ran.
				const parent = this.#parts.processes.get(image.parentExecId, image.node);
				if (parent !== undefined && parent.kills.length > 0) {
					this.#parts.kills.life(parent, timeMs, parent.pid === image.pid);
				}
			}
		} else if (image.kills.length > 0 || facts.signal === 'SIGKILL') {
			this.#parts.kills.exit(image);
		}
	}

	#takeHook(hook: Omit<Hit, 'listedMode' | 'policyOnNode' | 'clockLagMs'>): boolean {
		const {facts, node, image} = hook;
		const enforces = enforcementOf(facts.action, facts.returnAction) !== undefined;
		const process = image?.facts ?? (enforces ? facts.readProcess() : undefined);
		const {policies, nodes} = this.#parts;
		const policyOnNode =
			facts.policyName === '' ? undefined : policies.see(node, facts.policyName, process?.namespace ?? '');
		if (!enforces) {
			return false;
		}

		const listedMode = policies.modeOf(node, facts.policyName, process?.namespace);
		const clockLagMs = nodes.get(node)?.skew.clockLagMs ?? 0;
		this.#parts.kills.hit({...hook, listedMode, policyOnNode, clockLagMs});
		this.countEnforcements(1, hook.nowMs);
		this.#parts.processes.forest.kill(image);
		return true;
	}

	countEnforcements(count: number, nowMs: number): void {
		this.#parts.timeline.add('kills', nowMs, count);
	}
}
