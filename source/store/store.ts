/**
What is known: the last events, every process, every kill, the policies, the losses. A facade over small parts that each
hold one idea; it knows no clock (time is passed in), no socket and no screen.
*/
import {decodeFrame} from '../tetragon/decode.js';
import type {Event} from '../tetragon/event.js';
import type {Format} from '../tetragon/facts.js';
import {factsOfEvent} from '../tetragon/json-lines.js';
import type {PolicyStatus} from '../tetragon/policy.js';
import {scanFrame} from '../tetragon/scan.js';
import {RowCandidate} from './candidate.js';
import {Decoded} from './decoded.js';
import {type Dumped, mergeDump} from './dump.js';
import {Feed, type FeedFilter} from './feed.js';
import {Intake} from './intake.js';
import type {KillRecord} from './kill-record.js';
import {graceMs, Kills} from './kills.js';
import {Loss, Problems} from './loss.js';
import {Names} from './names.js';
import {type NodePatch, Nodes} from './nodes.js';
import type {PodFact} from './pod-fact.js';
import {Policies} from './policies.js';
import {type PolicyRow, policyRows} from './policy-rows.js';
import type {Process} from './process.js';
import {Processes} from './processes.js';
import {Cells, Rate} from './rates.js';
import {Ring} from './ring.js';
import type {KillTotals, NodeStatus, Problem, Rule, Totals} from './snapshot.js';
import type {StoreOptions} from './store-options.js';
import {Timeline, type TimelineCells} from './timeline.js';
import {totalsOf} from './totals.js';
import {Tree, type TreeOptions} from './tree.js';

export type {StoreOptions} from './store-options.js';

export class Store {
	/** Changes when anything did that a reader can see. */
	version = 0;
	readonly #cells = new Cells();
	readonly #ring: Ring;
	readonly #nodes = new Nodes();
	readonly #processes: Processes;
	readonly #policies = new Policies();
	readonly #kills: Kills;
	readonly #loss = new Loss();
	readonly #problems = new Problems();
	readonly #rate = new Rate();
	readonly #timeline = new Timeline();
	readonly #policyNames = new Names();
	readonly #functionNames = new Names();
	readonly #feeds = new Set<Feed>();
	readonly #decoded = new Decoded();
	readonly #candidate: RowCandidate;
	readonly #intake: Intake;
	#nowMs = 0;
	#shownRate = 0;

	constructor({
		bufferBytes = 128 * 1024 * 1024,
		keepDeadMs = 30_000,
		maxProcesses = 65_536,
		accept,
	}: StoreOptions = {}) {
		const nodeName = (node: number) => this.#nodes.nameOf(node);
		this.#ring = new Ring(bufferBytes);
		this.#processes = new Processes({
			keepDeadMs,
			maxProcesses,
			cells: this.#cells,
			nodeName,
			held: process => (process.kills as KillRecord[]).some(kill => kill.group?.acknowledged === false),
		});
		this.#kills = new Kills(process => this.#processes.chainOf(process));
		this.#candidate = new RowCandidate({
			policies: this.#policyNames,
			functions: this.#functionNames,
			nodeName,
			event: seq => this.event(seq),
		});
		this.#intake = new Intake({
			nodes: this.#nodes,
			rate: this.#rate,
			timeline: this.#timeline,
			processes: this.#processes,
			ring: this.#ring,
			policyNames: this.#policyNames,
			functionNames: this.#functionNames,
			loss: this.#loss,
			kills: this.#kills,
			policies: this.#policies,
			offer: seq => this.#offer(seq),
			accept,
		});
	}

	/** The id of a node; the same name has the same id for ever. */
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
		this.#processes.forest.groups.renameHost(id, name);
		this.version++;
	}

	/** A GetEventsResponse as it came; the bytes are copied. */
	takeFrame(node: number, bytes: Uint8Array, nowMs: number): void {
		scanFrame(bytes, this.#intake.facts);
		this.#see(nowMs);
		this.#intake.take(node, bytes, 'protobuf', nowMs);
	}

	/** A JSON line and what it parsed to. */
	takeEvent(node: number, line: Uint8Array, event: Event, nowMs: number): void {
		factsOfEvent(event, this.#intake.facts);
		this.#see(nowMs);
		this.#intake.take(node, line, 'json', nowMs);
	}

	/** The agent's process cache: fills the tree with what ran before we came. */
	takeDump(node: number, dump: readonly Dumped[], nowMs: number): void {
		const connectedMs = this.#nodes.get(node)?.patch.sinceMs ?? Number.NaN;
		mergeDump(this.#processes, node, dump, nowMs, connectedMs);
		this.version++;
	}

	/** ListTracingPolicies; undefined: it cannot be read, so no mode is known. */
	takePolicies(node: number, list: readonly PolicyStatus[] | undefined, nowMs: number): void {
		this.#see(nowMs);
		const before = this.#policies.ofNode(node).listedMs;
		for (const {policy, count} of this.#policies.take(node, list, nowMs)) {
			this.#kills.unseen(node, policy.name, count, 'NoPost', nowMs);
			this.#intake.countKill(node, count, nowMs);
		}

		if (list !== undefined) {
			this.#kills.resolve(node, before ?? nowMs - graceMs, kill =>
				this.#policies.modeOf(node, kill.policy, kill.process?.facts?.namespace),
			);
		}

		this.version++;
	}

	/** Draws a rule into the feed, in order with the events. Returns its sequence number. */
	rule(node: number, rule: Rule, nowMs: number): number {
		this.#see(nowMs);
		const seq = this.#ring.appendRule(rule, node, nowMs);
		if (rule.type === 'lost') {
			this.#timeline.add('lost', nowMs, rule.count);
		} else if (rule.type === 'gap') {
			for (let ms = Math.max(rule.fromMs, rule.toMs - 3_600_000); ms < rule.toMs; ms += 1000) {
				this.#timeline.add('lost', ms);
			}
		}

		this.#offer(seq);
		return seq;
	}

	/** Events that tetratop itself let go, by cause. */
	shed(cause: string, count: number): void {
		this.#loss.drop(cause, count);
		this.version++;
	}

	malformed(count: number, lineNumber?: number): void {
		this.#loss.unreadable(count, lineNumber);
		this.version++;
	}

	/** What the agent's metrics say it lost since we connected; undefined: cannot be known. */
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

	/** A kill group, or 'all': it leaves the header's count, and its processes may be forgotten. */
	acknowledge(group: string): void {
		if (this.#kills.acknowledge(group)) {
			this.#processes.letGo();
			this.version++;
		}
	}

	/** Lets time pass: call it about every 250 ms. */
	tick(nowMs: number): void {
		this.#see(nowMs);
		const before = this.#processes.forest.version + this.#kills.version;
		this.#processes.age(nowMs);
		this.#kills.tick(nowMs);
		const rate = Math.round(this.#rate.perSecond(nowMs) * 10);
		if (rate !== this.#shownRate || before !== this.#processes.forest.version + this.#kills.version) {
			this.#shownRate = rate;
			this.version++;
		}
	}

	totals(nowMs = this.#nowMs): Totals {
		return totalsOf(
			{
				intake: this.#intake,
				ring: this.#ring,
				nodes: this.#nodes,
				loss: this.#loss,
				rate: this.#rate,
				processes: this.#processes,
			},
			nowMs,
		);
	}

	kills(): KillTotals {
		return this.#kills.totals();
	}

	/** One row for a policy, merged over the nodes, by name. */
	policyRows(): PolicyRow[] {
		return policyRows(this.#policies.all(), node => this.#nodes.nameOf(node), this.#intake.events);
	}

	nodes(nowMs = this.#nowMs): NodeStatus[] {
		return this.#nodes.all().map(record => record.status(nowMs));
	}

	nodeName(node: number): string {
		return this.#nodes.nameOf(node);
	}

	/** Most important first. */
	problems(): Problem[] {
		return this.#problems.all();
	}

	/** The bytes of an event, as a copy; of a kill also when the ring has dropped it. */
	frameOf(seq: number): {bytes: Uint8Array; format: Format} | undefined {
		const frame = this.#ring.frameOf(seq);
		if (frame !== undefined) {
			return frame;
		}

		const kill = this.#kills.find(seq);
		return kill?.frame === undefined ? undefined : {bytes: kill.frame, format: kill.format};
	}

	/** The decoded event; the newest ones asked for are kept. */
	event(seq: number): Event | undefined {
		return this.#decoded.get(seq, () => {
			const frame = this.frameOf(seq);
			return frame === undefined ? undefined : decodeFrame(frame.bytes, frame.format);
		});
	}

	process(execId: string, node?: number): Process | undefined {
		return this.#processes.get(execId, node);
	}

	/** Ancestors, nearest first; earlier images of the same pid are among them. At most 64, no circles. */
	chainOf(process: Process): Process[] {
		return this.#processes.chainOf(process);
	}

	/** Earlier images of the same pid (exec without fork), oldest first: the history of a tree row. */
	imagesOf(process: Process): readonly Process[] {
		return this.#processes.get(process.execId, process.node)?.lineage.images ?? [];
	}

	/** Forgets the events of the buffer; processes and kills stay. */
	clear(): void {
		this.#ring.clear();
		this.#decoded.clear();
		this.version++;
	}

	/** Rules of the buffer (gaps, losses), oldest first. */
	rules(): Rule[] {
		return [...this.#ring.rules()];
	}

	/** The pods of the process table, for choosing one. */
	pods(): PodFact[] {
		return this.#processes.forest.groups.podFacts(node => this.#nodes.nameOf(node), this.#cells);
	}

	/** Events, kills and losses of the last `count` cells of `cellMs`; an hour is kept. */
	timeline(cellMs: number, count: number, nowMs = this.#nowMs): TimelineCells {
		return this.#timeline.cells(cellMs, count, nowMs);
	}

	openFeed(filter?: FeedFilter): Feed {
		const feed = new Feed(this.#ring, this.#policyNames, (slab, seq) => this.#candidate.pointAt(slab, seq));
		feed.setFilter(filter);
		this.#feeds.add(feed);
		return feed;
	}

	/** A feed that nobody looks at any more must not cost the way in. */
	closeFeed(feed: Feed): void {
		this.#feeds.delete(feed);
	}

	tree(options?: TreeOptions): Tree {
		const find = (execId: string) => this.#processes.get(execId)?.lineage;
		const tree = new Tree(this.#processes.forest, this.#cells, find);
		if (options !== undefined) {
			tree.update(options);
		}

		return tree;
	}

	#offer(seq: number): void {
		this.version++;
		for (const feed of this.#feeds) {
			feed.offer(seq);
		}
	}

	#see(nowMs: number): void {
		if (nowMs > this.#nowMs) {
			this.#nowMs = nowMs;
			this.#cells.advance(nowMs);
		}
	}
}
