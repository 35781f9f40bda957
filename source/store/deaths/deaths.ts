/**
The ends of processes and containers of pods, joined with all evidence of who ended them, in whatever order it comes: a new fact
makes the ends that it may concern be judged again, and the judge looks at everything that is known.
*/
import {
	blind,
	type Death,
	type EventNews,
	type Exit,
	type OomKill,
	type PodNews,
	type Sight,
	type SignalSent,
} from '../death.js';
import type {ExecImage} from '../processes/lineage.js';
import type {ChainLink, Process} from '../processes/process.js';
import type {DeathGroup} from '../snapshot.js';
import {causeOf} from './causes.js';
import {deathGroups} from './death-groups.js';
import {isMain} from './death-words.js';
import {type EndRecord, endOfApi, exitOf} from './end-record.js';
import {isSameContainer, PodRecord} from './pod-record.js';
import {PodRecords} from './pod-records.js';
import {signalOfCode} from './signal-names.js';
import {Signals} from './signals.js';
import {toleranceMs} from './stops.js';

const mostEnds = 2000;
const mostOoms = 200;
/** Exits without a signal, of which the API may say later that they ended a container. */
const mostPlain = 512;
/** The API's word of an end comes within this time. */
const settleMs = 6000;
/** With a target also the ends of so long ago are shown: the API keeps its Events for an hour. */
const pastMs = 3_600_000;

export type DeathParts = {
	readonly nodeName: (node: number) => string;
	readonly nodeOf: (name: string) => number;
	readonly chainOf: (process: Process) => readonly ChainLink[];
	/** Changes with the verdicts of the policies, which have the first word. */
	readonly killsVersion: () => number;
	/** Policies whose counters rose when it ended, and no event says whom they hit. */
	readonly unseenOf: (process: Process) => readonly string[];
};

export class Deaths {
	/** Changes when an end came or what is known of one. */
	version = 0;
	sight: Sight = blind;
	readonly #parts: DeathParts;
	readonly #pods = new PodRecords();
	/** Oldest first. */
	readonly #ends = new Map<string, EndRecord>();
	readonly #byPod = new Map<string, Set<EndRecord>>();
	readonly #byImage = new WeakMap<Process, EndRecord>();
	readonly #plain: Array<{readonly image: ExecImage; readonly seq: number}> = [];
	readonly #signals = new Signals();
	#ooms: OomKill[] = [];
	#toldVersion = 0;
	#firstMs: number | undefined;
	/** Ends that the API alone has said so far. */
	#ofApi = 0;
	#groups: {readonly version: number; readonly killsVersion: number; readonly rows: readonly DeathGroup[]} | undefined;

	constructor(parts: DeathParts) {
		this.#parts = parts;
	}

	/** The exit of a process. */
	exit(image: ExecImage, seq: number, nowMs: number): void {
		this.#firstMs ??= nowMs;
		if (!image.hasPod || image.status < 0) {
			return;
		}

		const isPlain = image.signal === '' && signalOfCode(image.status) === undefined;
		const isAwaited = this.#ofApi > 0;
		if (isPlain && ((image.status === 0 && !isAwaited) || image.facts?.containerPid !== 1)) {
			this.#plain.push({image, seq});
			if (this.#plain.length > mostPlain) {
				this.#plain.shift();
			}

			return;
		}

		this.#addExit(image, seq, nowMs);
	}

	signal(sent: SignalSent): void {
		const isFirst = this.#signals.add(sent);
		for (const end of this.#ends.values()) {
			const {exit} = end;
			if (exit.node === sent.node && (exit.pid === sent.target || exit.pod === sent.sender.pod || isFirst)) {
				this.#doubt(end);
			}
		}
	}

	/** What a pod's object says. */
	pod(news: PodNews, nowMs: number): void {
		this.#firstMs ??= nowMs;
		this.#learned(this.#pods.learn(news, nowMs), nowMs);
	}

	/** An Event of the API. */
	event(news: EventNews, nowMs: number): void {
		const about = this.#pods.happened(news, nowMs);
		if (about instanceof PodRecord) {
			this.#learned(about, nowMs);
		} else if (about !== undefined) {
			this.oom(about);
		}
	}

	/** The OOM killer's word. */
	oom(oom: OomKill): void {
		this.#ooms = [...this.#ooms, oom].slice(-mostOoms);
		for (const end of this.#ends.values()) {
			if (end.exit.pid === oom.pid) {
				this.#doubt(end);
			}
		}
	}

	look(sight: Sight): void {
		if (JSON.stringify(sight) === JSON.stringify(this.sight)) {
			return;
		}

		this.sight = sight;
		this.version++;
		for (const end of this.#ends.values()) {
			this.#doubt(end);
		}
	}

	tick(nowMs: number): void {
		for (const end of this.#ends.values()) {
			if (!end.isSettled && nowMs - end.arrivedMs >= settleMs) {
				end.isSettled = true;
				this.#doubt(end);
			}
		}
	}

	/** Whether anything changed since it was last asked. */
	takeNews(): boolean {
		const isNew = this.version !== this.#toldVersion;
		this.#toldVersion = this.version;
		return isNew;
	}

	/** Why a process ended; undefined: it did not, a policy ended it, or nothing is kept of it. */
	of(process: Process): Death | undefined {
		const end = this.#byImage.get(process);
		return end === undefined || isPolicys(end) ? undefined : this.#judged(end);
	}

	/** The rows of the pane, newest first. */
	groups(): readonly DeathGroup[] {
		const killsVersion = this.#parts.killsVersion();
		if (this.#groups?.killsVersion !== killsVersion) {
			this.#askPoliciesAgain();
		}

		if (this.#groups?.version !== this.version || this.#groups.killsVersion !== killsVersion) {
			const shown = [...this.#ends.values()].filter(end => !isPolicys(end));
			const rows = deathGroups(shown, end => this.#judged(end), this.sight.hasTarget);
			this.#groups = {version: this.version, killsVersion, rows};
		}

		return this.#groups.rows;
	}

	/** `all`, or the id of a row. */
	acknowledge(id: string): boolean {
		const rows = this.groups().filter(row => (id === 'all' || row.id === id) && !row.acknowledged);
		for (const {ends} of rows) {
			for (const end of ends) {
				const record = this.#ends.get(end);
				if (record !== undefined) {
					record.acknowledged = true;
				}
			}
		}

		this.version += rows.length > 0 ? 1 : 0;
		return rows.length > 0;
	}

	/** A counter may explain now what nothing did. */
	#askPoliciesAgain(): void {
		for (const end of this.#ends.values()) {
			end.death = end.death?.state === 'UNKNOWN' ? undefined : end.death;
		}
	}

	#judged(end: EndRecord): Death {
		end.death ??= this.#judge(end);
		return end.death;
	}

	#judge({exit, process, isSettled}: EndRecord): Death {
		const pod = this.#pods.of(exit);
		const signals = this.#signals.of(exit.node);
		return causeOf({
			exit,
			signals,
			seesSignals: signals.length > 0,
			pod,
			deleter: {word: pod && this.#pods.deletionBy(pod), isAsked: this.sight.events === 'seen'},
			neighbours: [...(this.#byPod.get(nameOf(exit)) ?? [])].map(other => ({
				...other.exit,
				policies: policiesOf(other),
			})),
			ooms: this.#ooms,
			unseen: this.#parts.unseenOf(process),
			sight: this.sight,
			isSettled,
		});
	}

	#doubt(end: EndRecord): void {
		end.death = undefined;
		this.version++;
	}

	#addExit(image: ExecImage, seq: number, nowMs: number): void {
		const exit = exitOf(image, this.#parts.nodeName(image.node));
		if (exit === undefined) {
			return;
		}

		this.#add({
			id: `${image.node} ${image.execId}`,
			exit,
			node: image.node,
			seq,
			image,
			process: image,
			chain: this.#parts.chainOf(image),
			arrivedMs: nowMs,
			acknowledged: false,
			death: undefined,
			isSettled: false,
		});
		// The API may have said it before: the exit says more.
		for (const other of this.#byPod.get(nameOf(exit)) ?? []) {
			if (other.image === undefined && isSameEnd(other.exit, exit)) {
				this.#drop(other);
			}
		}
	}

	#add(end: EndRecord): void {
		if (this.#ends.has(end.id)) {
			return;
		}

		this.#ofApi += end.image === undefined ? 1 : 0;
		this.#ends.set(end.id, end);
		this.#byImage.set(end.process, end);
		const name = nameOf(end.exit);
		const ofPod = this.#byPod.get(name) ?? new Set();
		ofPod.add(end);
		this.#byPod.set(name, ofPod);
		for (const other of ofPod) {
			this.#doubt(other);
		}

		const [oldest] = this.#ends.values();
		if (this.#ends.size > mostEnds && oldest !== undefined) {
			this.#drop(oldest);
		}
	}

	#drop(end: EndRecord): void {
		this.version++;
		this.#ofApi -= end.image === undefined ? 1 : 0;
		this.#ends.delete(end.id);
		const name = nameOf(end.exit);
		const ofPod = this.#byPod.get(name);
		ofPod?.delete(end);
		if (ofPod?.size === 0) {
			this.#byPod.delete(name);
		}
	}

	/** Something is known of a pod: its ends are judged again, and a container's end that nobody saw is taken in. */
	#learned(pod: PodRecord, nowMs: number): void {
		const name = `${pod.namespace}/${pod.pod}`;
		for (const end of this.#byPod.get(name) ?? []) {
			this.#doubt(end);
		}

		const sinceMs = (this.#firstMs ?? nowMs) - (this.sight.hasTarget ? pastMs : 0);
		for (const end of pod.ends.filter(({finishedMs}) => finishedMs >= sinceMs)) {
			const plain = this.#plain.find(({image}) => isMainOf(image, end.containerId));
			if (plain !== undefined) {
				this.#addExit(plain.image, plain.seq, nowMs);
			}

			const made = endOfApi(pod, end, this.#parts.nodeOf(pod.node), nowMs);
			const isSeen = [...(this.#byPod.get(name) ?? [])].some(other => isSameEnd(made.exit, other.exit));
			if (!isSeen) {
				this.#add(made);
			}
		}
	}
}

function nameOf({namespace, pod}: Exit): string {
	return `${namespace}/${pod}`;
}

function isMainOf({facts}: ExecImage, containerId: string): boolean {
	return facts?.containerPid === 1 && isSameContainer(facts.containerId, containerId);
}

/** The end of a container by the API, and the exit that it was. An agent before v1.2 sends no pid of the container. */
function isSameEnd(ofApi: Exit, exit: Exit): boolean {
	if (exit.execId === '') {
		return ofApi.containerId === exit.containerId && ofApi.timeMs === exit.timeMs;
	}

	const isOne = isSameContainer(ofApi.containerId, exit.containerId);
	const isNear = Math.abs(ofApi.timeMs - exit.timeMs) <= toleranceMs;
	return isOne && (isMain(exit) || (isNear && exit.containerPid === 0));
}

/** The policies that killed it. */
function policiesOf({process}: EndRecord): readonly string[] {
	return process.kills.filter(({state}) => state === 'KILLED').map(({policy}) => policy);
}

/** The policies have the first word: an end of theirs has its row already. */
function isPolicys({image, exit}: EndRecord): boolean {
	const images = image === undefined ? [] : [...image.lineage.images, image.lineage.current, image];
	return images.some(({kills}) =>
		kills.some(
			({state}) =>
				state === 'KILLED' ||
				((state === 'KILL ?' || state === 'KILL-SENT' || state === 'SIGNALLED') && exit.signal !== ''),
		),
	);
}
