/**
What is known: the last events, every process, every kill, the policies, the losses. A facade over small parts that each
hold one idea; it knows no clock (time is passed in), no socket and no screen.
*/
import {decodeFrame} from '../tetragon/decode.js';
import type {Event} from '../tetragon/event.js';
import type {Facts, Format} from '../tetragon/facts.js';
import {factsOfEvent} from '../tetragon/json-lines.js';
import type {PolicyStatus} from '../tetragon/policy.js';
import {newFacts, scanFrame} from '../tetragon/scan.js';
import {RowCandidate} from './candidate.js';
import {Decoded} from './decoded.js';
import {type Dumped, mergeDump} from './dump.js';
import {Feed, type FeedFilter} from './feed.js';
import type {KillRecord} from './kill-record.js';
import {enforcementOf} from './kill-state.js';
import {Kills} from './kills.js';
import {kindCode, kindList} from './kinds.js';
import {isLate} from './late.js';
import {Loss, Problems} from './loss.js';
import {Names} from './names.js';
import {type NodePatch, Nodes} from './nodes.js';
import type {PodFact} from './pod-fact.js';
import {Policies} from './policies.js';
import {type PolicyRow, policyRows} from './policy-rows.js';
import type {Process} from './process.js';
import {Processes, processBytes} from './processes.js';
import {Cells, Rate} from './rates.js';
import {Ring} from './ring.js';
import {flag} from './slabs.js';
import type {KillTotals, NodeStatus, Problem, Rule, Totals} from './snapshot.js';
import {Timeline, type TimelineCells} from './timeline.js';
import {Tree, type TreeOptions} from './tree.js';

/** Modes that a list brings hold for kills that came this long before the first one. */
const graceMs = 30_000;

export type StoreOptions = {
	/** Bytes of frames and their columns that are kept. */
	readonly bufferBytes?: number;
	/** How long an exited process stays. */
	readonly keepDeadMs?: number;
	readonly maxProcesses?: number;
	/** What is not to be kept: left out by the user's flags, or our own doing on the nodes. Not counted as lost. */
	readonly accept?: ((node: number, facts: Facts) => boolean) | undefined;
};

export class Store {
	/** Changes when anything did that a reader can see. */
	version = 0;
	readonly #facts: Facts = newFacts();
	readonly #accept: StoreOptions['accept'];
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
	readonly #byKind = new Float64Array(kindList.length);
	readonly #decoded = new Decoded();
	readonly #candidate: RowCandidate;
	#events = 0;
	#nowMs = 0;
	#shownRate = 0;

	constructor({
		bufferBytes = 128 * 1024 * 1024,
		keepDeadMs = 30_000,
		maxProcesses = 65_536,
		accept,
	}: StoreOptions = {}) {
		this.#accept = accept;
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
		scanFrame(bytes, this.#facts);
		this.#take(node, bytes, 'protobuf', nowMs);
	}

	/** A JSON line and what it parsed to. */
	takeEvent(node: number, line: Uint8Array, event: Event, nowMs: number): void {
		factsOfEvent(event, this.#facts);
		this.#take(node, line, 'json', nowMs);
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
			this.#countKill(node, count);
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
		const {firstSeq} = this.#ring;
		const oldest = this.#ring.slabOf(firstSeq);
		const lost = this.#nodes.all().map(record => record.lostServer);
		return {
			events: this.#events,
			byKind: Object.fromEntries(
				kindList.map((kind, code) => [kind, this.#byKind[code]!]).filter(([, count]) => count),
			),
			shed: Object.fromEntries(this.#loss.shed),
			malformed: this.#loss.malformed,
			malformedLine: this.#loss.malformedLine,
			lostServer:
				lost.length === 0 || lost.includes(undefined)
					? undefined
					: lost.reduce<number>((sum, count) => sum + (count ?? 0), 0),
			perSecond: this.#rate.perSecond(nowMs),
			peakPerSecond: this.#rate.peak(nowMs),
			spark: this.#rate.spark(nowMs, 24),
			bufferedEvents: this.#ring.events,
			bufferedBytes: this.#ring.bytes,
			bufferBytes: this.#ring.bufferBytes,
			oldestMs: oldest?.time[firstSeq - oldest.firstSeq],
			processes: this.#processes.alive,
			pods: this.#processes.forest.groups.pods,
		};
	}

	kills(): KillTotals {
		return this.#kills.totals();
	}

	/** One row for a policy, merged over the nodes, by name. */
	policyRows(): PolicyRow[] {
		return policyRows(this.#policies.all(), node => this.#nodes.nameOf(node), this.#events);
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

	#take(node: number, bytes: Uint8Array, format: Format, nowMs: number): void {
		const facts = this.#facts;
		const record = this.#nodes.get(node);
		if (record === undefined || this.#accept?.(node, facts) === false) {
			return;
		}

		this.#see(nowMs);
		const code = kindCode(facts.kind);
		this.#events++;
		this.#byKind[code]!++;
		this.#rate.add(nowMs);
		this.#timeline.add('all', nowMs);
		record.events++;
		record.rate.add(nowMs);
		const timeless = Number.isNaN(facts.timeMs);
		const timeMs = timeless ? nowMs : facts.timeMs;
		const {made} = this.#processes;
		const image = this.#processes.observe(facts, node, timeMs, nowMs);
		const slab = this.#ring.append(bytes, format, code, node, timeMs);
		const row = slab.rows - 1;
		const seq = slab.firstSeq + row;
		if ((slab.flags[row]! & flag.shorn) !== 0) {
			this.#loss.drop('frames larger than the buffer', 1);
		}

		slab.processes.push(image);
		slab.policy[row] = this.#policyNames.numberOf(facts.policyName);
		slab.functionName[row] = this.#functionNames.numberOf(facts.functionName);
		slab.action[row] = facts.action;
		slab.returnAction[row] = facts.returnAction;
		slab.flags[row]! |= timeless ? flag.timeless : isLate(record, facts, image, timeMs, nowMs) ? flag.late : 0;
		if (this.#processes.made !== made) {
			this.#ring.weigh((this.#processes.made - made) * processBytes);
		}

		if (image !== undefined && facts.kind === 'process_exit') {
			if (image.kills.length > 0 || facts.signal === 'SIGKILL') {
				this.#kills.exit(image);
			}
		} else if (image !== undefined) {
			this.#kills.life(image, timeMs);
		}

		if (facts.policyName !== '' || facts.action > 2 || facts.returnAction > 2) {
			this.#takeHook({facts, seq, node, timeMs, nowMs, image, bytes, format});
		}

		this.#offer(seq);
	}

	#takeHook(hook: Omit<Parameters<Kills['hit']>[0], 'mode'>): void {
		const {facts, node, timeMs, image} = hook;
		const enforces = enforcementOf(facts.action, facts.returnAction) !== undefined;
		const process = image?.facts ?? (enforces ? facts.readProcess() : undefined);
		const policy =
			facts.policyName === ''
				? undefined
				: this.#policies.see(node, facts.policyName, process?.namespace ?? '', timeMs, enforces);

		if (!enforces) {
			return;
		}

		const mode = this.#policies.modeOf(node, facts.policyName, process?.namespace);
		if (mode === 'monitor') {
			policy?.wouldHit(process);
		}

		this.#kills.hit({...hook, mode});
		this.#countKill(node, 1);
		this.#processes.forest.kill(image);
	}

	#countKill(node: number, count: number): void {
		this.#timeline.add('kills', this.#nowMs, count);
		const record = this.#nodes.get(node);
		if (record !== undefined) {
			record.kills += count;
		}
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
