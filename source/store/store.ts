/**
All that is known: the last events, every process, every enforcement, the policies and the losses. The store is a facade
over small parts that hold one idea each. It has no clock (the caller passes the time in), no socket and no screen.
*/

import type {Problem} from '../problem.js';
import type {DumpedProcess} from '../tetragon/agent/link.js';
import type {PolicyStatus} from '../tetragon/agent/policy.js';
import type {Event} from '../tetragon/event/event.js';
import type {Facts, Format} from '../tetragon/event/facts.js';
import type {Arrival} from './arrival.js';
import type {Deaths} from './deaths/deaths.js';
import {decodedFrame} from './decoded-frame.js';
import {knownEvents} from './known-events.js';
import {Problems} from './nodes/loss.js';
import {type NodePatch, Nodes} from './nodes/nodes.js';
import {nameSkews} from './nodes/skew.js';
import {markLoss, type TimelineCells} from './nodes/timeline.js';
import {type PolicyRow, policyRows} from './policies/policy-rows.js';
import {mergeDump} from './processes/cache-dump.js';
import {ExecImage} from './processes/lineage.js';
import type {PodFact} from './processes/pod-fact.js';
import type {Process} from './processes/process.js';
import {Feed, type FeedFilter} from './ring/feed.js';
import type {FeedMarker, KillTotals, NodeStatus, Totals} from './snapshot.js';
import {frameOf, makeParts, type Parts, type StoreOptions} from './store-parts.js';
import {totalsOf} from './totals.js';
import {Tree, type TreeOptions} from './tree/tree.js';
import {settlePolicies, takePolicyList} from './unseen/unseen.js';

export type {StoreOptions} from './store-parts.js';

export class Store {
	/** Changes when anything changed that a reader can see. */
	version = 0;
	/** Changes when everything was forgotten: feeds and trees that were opened before are out of date. */
	epoch = 0;
	readonly #options: StoreOptions;
	readonly #nodes = new Nodes();
	readonly #problems = new Problems();
	readonly #feeds = new Set<Feed>();
	#parts: Parts;
	#nowMs = 0;
	#shownRate = 0;

	constructor(options: StoreOptions = {}) {
		this.#options = options;
		this.#parts = this.#makeParts(0);
	}

	/** Returns the id of a node. The same name always has the same id. */
	openNode(name: string): number {
		this.version++;
		return this.#nodes.open(name);
	}

	setNode(id: number, patch: NodePatch): void {
		const record = this.#nodes.get(id);
		if (record !== undefined) {
			record.patch = {...record.patch, ...patch};
			if ('lostServer' in patch) {
				record.lostServer = patch.lostServer;
			}

			this.version++;
		}
	}

	renameNode(id: number, name: string): void {
		this.#nodes.rename(id, name);
		this.#parts.processes.forest.groups.renameHost(id, name);
		this.version++;
	}

	/** Takes an event in; its bytes are copied. Returns whether it asks for an enforcement. */
	take(node: number, arrival: Arrival, nowMs: number): boolean {
		this.#advance(nowMs);
		return this.#parts.intake.take(node, arrival, nowMs);
	}

	/** See EventSink of fleet/. */
	known(node: number, times: ReadonlySet<number>): Iterable<Facts | undefined> {
		return knownEvents(this.#parts, node, times);
	}

	/** Counts an event that is not kept for its policy, whose counters have it all the same. */
	pass(node: number, arrival: Arrival, nowMs: number): void {
		this.#parts.intake.pass(node, arrival, nowMs);
	}

	/** Counts an event that is not kept. */
	hide(node: number): void {
		this.#parts.intake.hide(node);
	}

	/** Takes the agent's process cache in short steps: the caller walks through them, and may give events in between. */
	*takeDump(node: number, dump: readonly DumpedProcess[], nowMs: number): Generator<undefined> {
		const connectedMs = this.#nodes.get(node)?.patch.sinceMs ?? Number.NaN;
		yield* mergeDump(() => this.#parts.processes, node, dump, nowMs, connectedMs);
		this.version++;
	}

	/**
	ListTracingPolicies; undefined: it cannot be read, so no mode is known. `askedMs`: when it was asked for; the agent read
	its counters between then and `nowMs`.
	*/
	takePolicies(node: number, list: readonly PolicyStatus[] | undefined, nowMs: number, askedMs = nowMs): void {
		this.#advance(nowMs);
		takePolicyList({...this.#parts, nodes: this.#nodes}, {node, list, askedMs, gotMs: nowMs});
		this.version++;
	}

	/** What the stream of a node asks for: `isWhole` tells whether every event of a policy of that name is among it. */
	setRequest(node: number, isWhole: (policy: string) => boolean): void {
		this.#parts.policies.setRequest(node, isWhole);
		this.version++;
	}

	/** Adds a rule (a line drawn across the feed) after the newest event. Returns its sequence number. */
	rule(node: number, rule: FeedMarker, nowMs: number): number {
		this.#advance(nowMs);
		const seq = this.#parts.ring.appendRule(rule, node, nowMs);
		this.#parts.policies.note(node, rule);
		this.#parts.loss.note(rule);
		markLoss(this.#parts.timeline, rule, nowMs);
		this.#offer(seq);
		return seq;
	}

	/** Counts events that tetratop itself dropped, by cause. */
	shed(cause: string, count: number): void {
		this.#parts.loss.drop(cause, count);
		this.version++;
	}

	malformed(count: number, lineNumber: number | undefined): void {
		this.#parts.loss.unreadable(count, lineNumber);
		this.version++;
	}

	/** Sets the number of events that the agent lost since the connection, by its metrics. undefined: unknown. */
	setLostServer(node: number, count: number | undefined): void {
		const record = this.#nodes.get(node);
		if (record !== undefined && record.lostServer !== count) {
			record.lostServer = count;
			this.version++;
		}
	}

	raise(problem: Problem): void {
		this.version += this.#problems.raise(problem) ? 1 : 0;
	}

	settle(id: string): void {
		this.version += this.#problems.settle(id) ? 1 : 0;
	}

	/** Acknowledges a row of the kill pane, or 'all': it leaves the header's count, and its processes may be forgotten. */
	acknowledge(group: string): void {
		const isDeath = this.deaths.acknowledge(group);
		if (this.#parts.kills.acknowledge(group) || isDeath) {
			this.#parts.processes.releaseAcknowledged();
			this.version++;
		}
	}

	/** Advances the time. Call it about every 250 ms. */
	tick(nowMs: number): void {
		this.#advance(nowMs);
		const {forest} = this.#parts.processes;
		const before = forest.version + this.#parts.kills.version;
		this.deaths.tick(nowMs);
		this.#parts.processes.age(nowMs);
		settlePolicies({...this.#parts, nodes: this.#nodes}, nowMs);
		this.#parts.kills.tick(nowMs);
		nameSkews(this.#nodes.all(), this);
		const rate = Math.round(this.#parts.rate.perSecond(nowMs) * 10);
		const after = forest.version + this.#parts.kills.version;
		if (rate !== this.#shownRate || before !== after || this.deaths.takeNews()) {
			this.#shownRate = rate;
			this.version++;
		}
	}

	/** Set while the screen is paused: the processes of the paused picture stay readable. */
	hold(isHeld: boolean): void {
		this.#parts.ring.isHeld = isHeld;
	}

	totals(nowMs = this.#nowMs): Totals {
		return totalsOf({...this.#parts, nodes: this.#nodes}, nowMs);
	}

	get deaths(): Deaths {
		return this.#parts.deaths;
	}

	kills(): KillTotals {
		return this.#parts.kills.totals();
	}

	/** One row for each policy, merged over the nodes, sorted by name. */
	policyRows(): PolicyRow[] {
		return policyRows(this.#parts.policies.all(), this.#nodes, this.#parts.intake.events);
	}

	/** The newest policy list of each node, as its agent sent it. */
	policyLists(): Array<{readonly node: string; readonly list: readonly PolicyStatus[]; readonly atMs: number}> {
		return this.#parts.policies.lists().map(({node, list, atMs}) => ({node: this.#nodes.nameOf(node), list, atMs}));
	}

	nodes(nowMs = this.#nowMs): NodeStatus[] {
		const {killedOnNode} = this.#parts.kills.groups;
		return this.#nodes.all().map(record => record.status(nowMs, killedOnNode.get(record.id) ?? 0));
	}

	nodeName(node: number): string {
		return this.#nodes.nameOf(node);
	}

	/** Most important first. */
	problems(): Problem[] {
		return this.#problems.all();
	}

	/** A copy of the bytes of an event. */
	frameOf(seq: number): {bytes: Uint8Array; format: Format} | undefined {
		return frameOf(this.#parts, seq);
	}

	/** The decoded event. A small cache keeps the last ones. */
	event(seq: number): Event | undefined {
		return this.#parts.decoded.get(seq, () => {
			const frame = this.frameOf(seq);
			return frame && decodedFrame(this.#parts, seq, frame);
		});
	}

	process(execId: string, node?: number): Process | undefined {
		return this.#parts.processes.get(execId, node);
	}

	/** Sequence number of the newest event of a process; undefined: the buffer has none. */
	newestOf(process: Process): number | undefined {
		return process instanceof ExecImage ? process.newestSeq : undefined;
	}

	/** Ancestors, nearest first, with earlier images of the same pid. At most 64; circles of foreign ids are cut. */
	chainOf(process: Process): Process[] {
		return this.#parts.processes.chainOf(process);
	}

	/** Earlier images of the same pid (exec without fork), oldest first. */
	imagesOf(process: Process): readonly Process[] {
		return this.#parts.processes.get(process.execId, process.node)?.lineage.images ?? [];
	}

	/** Forgets everything that came from events; nodes and problems stay. Called when a replay goes back in time. */
	reset(): void {
		this.#feeds.clear();
		this.#parts = this.#makeParts(this.#parts.ring.nextSeq);
		this.#nowMs = 0;
		for (const record of this.#nodes.all()) {
			record.reset();
		}

		this.epoch++;
		this.version++;
	}

	/** Forgets the events of the ring; processes and enforcements stay. */
	clear(): void {
		this.#parts.ring.clear();
		this.#parts.decoded.clear();
		this.version++;
	}

	/** The rules in the ring (gaps, losses and so on), oldest first. */
	rules(): FeedMarker[] {
		return [...this.#parts.ring.rules()];
	}

	/** The pods of the process table, for the candidates of the prompt. */
	pods(): PodFact[] {
		return this.#parts.processes.forest.groups.podFacts(node => this.#nodes.nameOf(node), this.#parts.cells);
	}

	/** Events, kills and losses of the last `count` cells of `cellMs`; an hour is kept. */
	timeline(cellMs: number, count: number, nowMs = this.#nowMs): TimelineCells {
		return this.#parts.timeline.cells(cellMs, count, nowMs);
	}

	openFeed(filter?: FeedFilter): Feed {
		const {ring, policyNames, candidate} = this.#parts;
		const feed = new Feed(ring, policyNames, (slab, seq) => candidate.pointAt(slab, seq));
		feed.setFilter(filter);
		this.#feeds.add(feed);
		return feed;
	}

	/** Without this, each event would still be tested against the feed's filter. */
	closeFeed(feed: Feed): void {
		this.#feeds.delete(feed);
	}

	tree(options?: TreeOptions): Tree {
		const {processes} = this.#parts;
		const tree = new Tree(processes.forest, this.#parts.cells, execId => processes.get(execId)?.lineage);
		if (options !== undefined) {
			tree.update(options);
		}

		return tree;
	}

	/** An agent's own word that events are missing, drawn as a rule behind the event that says so. */
	#markAgentLoss(seq: number, node: number, timeMs: number, nowMs: number): void {
		const event = this.event(seq);
		const rule = event && this.#parts.agentLoss.ruleOf(event, node, timeMs);
		if (rule !== undefined) {
			this.#parts.loss.announced += rule.type === 'lost' ? rule.count : 0;
			this.rule(node, rule, nowMs);
		}
	}

	#makeParts(firstSeq: number): Parts {
		return makeParts(this.#options, firstSeq, this.#nodes, {
			event: seq => this.event(seq),
			offer: seq => this.#offer(seq),
			lossAnnounced: (seq, node, timeMs, nowMs) => this.#markAgentLoss(seq, node, timeMs, nowMs),
		});
	}

	#offer(seq: number): void {
		this.version++;
		for (const feed of this.#feeds) {
			feed.offer(seq);
		}
	}

	#advance(nowMs: number): void {
		if (nowMs > this.#nowMs) {
			this.#nowMs = nowMs;
			this.#parts.cells.advance(nowMs);
		}
	}
}
