/** The pods of which the API said something, bounded; and the Events of their owners and nodes. */
import type {EventNews, Exit, OomKill, PodNews} from '../death.js';
import {isSameContainer, PodRecord} from './pod-record.js';

const mostPods = 5000;
const mostDeletions = 500;

/** `Deleted pod: api-575995dc5c-ltksf` */
const deletedPod = /^Deleted? pod:? (\S+)/i;
/** `System OOM encountered, victim process: perl, pid: 6437` */
const systemOom = /victim process: .*, pid: (\d+)/;

export class PodRecords {
	readonly #pods = new Map<string, PodRecord>();
	/** By namespace/name: uids, oldest first. */
	readonly #names = new Map<string, Set<string>>();
	/** By namespace/pod: the owner's word that it deleted the pod. */
	readonly #deletions = new Map<string, string>();

	/** Returns the pod's record. */
	learn(news: PodNews, nowMs: number): PodRecord {
		const record = this.#record(news.uid, news.namespace, news.pod, nowMs);
		record.learn(news);
		return record;
	}

	/** Returns the record of the pod that the Event is about, or an OOM of a node. */
	happened(news: EventNews, nowMs: number): PodRecord | OomKill | undefined {
		if (news.kind === 'Node') {
			const pid = Number(systemOom.exec(news.message)?.[1] ?? '');
			return news.reason === 'SystemOOM' && pid > 0
				? {node: news.name, pid, atMs: news.lastMs, text: `Event SystemOOM: ${news.message.slice(0, 200)}`}
				: undefined;
		}

		if (news.kind === 'Pod') {
			const uid = news.uid === '' ? this.#newest(news.namespace, news.name) : news.uid;
			const record = this.#record(uid, news.namespace, news.name, nowMs);
			record.happened(news);
			return record;
		}

		const deleted = news.reason === 'SuccessfulDelete' ? deletedPod.exec(news.message)?.[1] : undefined;
		if (deleted === undefined) {
			return undefined;
		}

		const key = `${news.namespace}/${deleted}`;
		this.#deletions.set(key, `Event SuccessfulDelete of ${news.kind} ${news.name}: ${news.message.slice(0, 200)}`);
		drop(this.#deletions, mostDeletions);
		return this.#pods.get(this.#newest(news.namespace, deleted));
	}

	/** The owner's word; undefined: it said none. */
	deletionBy({namespace, pod}: PodRecord): string | undefined {
		return this.#deletions.get(`${namespace}/${pod}`);
	}

	/** The pod of an exit: of several that had its name, the one with its container. */
	of({namespace, pod, containerId, timeMs}: Exit): PodRecord | undefined {
		const records = [...(this.#names.get(`${namespace}/${pod}`) ?? [])].flatMap(uid => this.#pods.get(uid) ?? []);
		const exact = records.find(
			record =>
				!Number.isNaN(record.startOf(containerId)) ||
				record.ends.some(end => isSameContainer(end.containerId, containerId)),
		);
		if (exact !== undefined || records.length < 2) {
			return exact ?? records[0];
		}

		// A pod that began later is not meant, nor one whose containers are known by other ids.
		const began: (record: PodRecord) => number = record =>
			Math.min(...record.startedMs.values(), Number.POSITIVE_INFINITY);
		const possible = records.filter(record => record.startedMs.size === 0 || began(record) <= timeMs + 3000);
		return possible.at(-1);
	}

	#record(uid: string, namespace: string, pod: string, nowMs: number): PodRecord {
		const known = this.#pods.get(uid);
		const record = known ?? new PodRecord(uid, namespace, pod);
		record.lastMs = nowMs;
		// The one that was spoken of last is dropped last.
		this.#pods.delete(uid);
		this.#pods.set(uid, record);
		const name = `${namespace}/${pod}`;
		const uids = this.#names.get(name) ?? new Set();
		uids.add(uid);
		this.#names.set(name, uids);
		for (const [oldest, {namespace: space, pod: of}] of this.#pods) {
			if (this.#pods.size <= mostPods) {
				break;
			}

			this.#pods.delete(oldest);
			const others = this.#names.get(`${space}/${of}`);
			others?.delete(oldest);
			if (others?.size === 0) {
				this.#names.delete(`${space}/${of}`);
			}
		}

		return record;
	}

	#newest(namespace: string, pod: string): string {
		return [...(this.#names.get(`${namespace}/${pod}`) ?? [])].at(-1) ?? `${namespace}/${pod}`;
	}
}

function drop(map: Map<string, unknown>, most: number): void {
	for (const key of map.keys()) {
		if (map.size <= most) {
			return;
		}

		map.delete(key);
	}
}
