/** What is known of one pod (one uid) by the API. Whatever the order in which it is learned, the same is known in the end. */
import type {ContainerEnd, EventNews, PodNews} from '../death.js';

/** An Event of the pod, with every time at which it was seen to happen. */
export type PodEvent = Pick<EventNews, 'reason' | 'message' | 'container'> & {readonly timesMs: number[]};

/** Per pod; the newest are kept. */
const mostEnds = 16;
const mostEvents = 32;
const mostTimes = 64;
/** Characters of a text of the API that are kept. */
const longestText = 1000;

export class PodRecord {
	readonly uid: string;
	readonly namespace: string;
	readonly pod: string;
	node = '';
	owner = '';
	graceSeconds = 30;
	deletedMs = Number.NaN;
	deletionGraceSeconds = 0;
	reason = '';
	message = '';
	disruption = '';
	disruptionMessage = '';
	disruptionMs = Number.NaN;
	/** Instances of its containers by id: when they began. */
	readonly startedMs = new Map<string, number>();
	/** By container name. */
	readonly memoryLimits = new Map<string, string>();
	/** When the API last said something of it. */
	lastMs = 0;
	readonly #ends = new Map<string, ContainerEnd>();
	readonly #events = new Map<string, PodEvent>();

	constructor(uid: string, namespace: string, pod: string) {
		this.uid = uid;
		this.namespace = namespace;
		this.pod = pod;
	}

	/** Oldest first. */
	get ends(): readonly ContainerEnd[] {
		return [...this.#ends.values()].sort((a, b) => a.finishedMs - b.finishedMs);
	}

	get events(): readonly PodEvent[] {
		return [...this.#events.values()];
	}

	learn(news: PodNews): void {
		this.node ||= news.node;
		this.owner ||= news.owner.slice(0, longestText);
		this.graceSeconds = news.graceSeconds;
		// The last version before the pod goes has the time of its end and no grace: the first request is meant.
		if (!(news.deletedMs >= this.deletedMs)) {
			this.deletedMs = Number.isNaN(news.deletedMs) ? this.deletedMs : news.deletedMs;
		}

		this.deletionGraceSeconds = Math.max(this.deletionGraceSeconds, news.deletionGraceSeconds);
		this.reason ||= news.reason;
		this.message ||= news.message.slice(0, longestText);
		this.disruption ||= news.disruption;
		this.disruptionMessage ||= news.disruptionMessage.slice(0, longestText);
		this.disruptionMs = Number.isNaN(this.disruptionMs) ? news.disruptionMs : this.disruptionMs;
		for (const {name, containerId, startedMs, memoryLimit} of news.containers) {
			this.memoryLimits.set(name, memoryLimit);
			if (containerId !== '') {
				this.startedMs.set(containerId, startedMs);
			}
		}

		for (const end of news.ends) {
			this.#ends.set(`${end.container} ${end.containerId} ${end.finishedMs}`, end);
			if (end.containerId !== '' && !Number.isNaN(end.startedMs)) {
				this.startedMs.set(end.containerId, end.startedMs);
			}
		}

		dropOldest(this.#ends, mostEnds);
		dropOldest(this.startedMs, mostEnds * 2);
	}

	happened({reason, message, container, firstMs, lastMs}: EventNews): void {
		const text = message.slice(0, longestText);
		const key = `${reason} ${container} ${text}`;
		const event = this.#events.get(key) ?? {reason, message: text, container, timesMs: []};
		for (const atMs of [firstMs, lastMs]) {
			if (!Number.isNaN(atMs) && !event.timesMs.includes(atMs)) {
				event.timesMs.push(atMs);
			}
		}

		event.timesMs.sort((a, b) => a - b);
		event.timesMs.splice(0, event.timesMs.length - mostTimes);
		this.#events.set(key, event);
		dropOldest(this.#events, mostEvents);
	}

	/** Start of the instance of a container; NaN: not known. */
	startOf(containerId: string): number {
		for (const [id, startedMs] of this.startedMs) {
			if (isSameContainer(id, containerId)) {
				return startedMs;
			}
		}

		return Number.NaN;
	}
}

function dropOldest(map: Map<string, unknown>, most: number): void {
	for (const key of map.keys()) {
		if (map.size <= most) {
			return;
		}

		map.delete(key);
	}
}

/** Tetragon's `docker` field has the first 31 characters only; the API and `container.id` have a scheme. */
export function isSameContainer(one: string, other: string): boolean {
	const [a, b] = [bare(one), bare(other)];
	return a.length >= 12 && b.length >= 12 && (a.startsWith(b) || b.startsWith(a));
}

function bare(id: string): string {
	return id.slice(id.indexOf('://') < 0 ? 0 : id.indexOf('://') + 3);
}
