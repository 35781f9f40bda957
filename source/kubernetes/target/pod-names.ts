/** The names of a target's pods: those of this session for the filter here, and those that may still send events for the agents. */
import {nameOf, namespaceOf, type Pod} from '../api/objects.js';

export type PodName = {readonly namespace: string; readonly name: string};

export type TargetPodNames = {
	/** Every pod of the session, so that the events of a pod that is gone stay on the screen; the first ones are forgotten. */
	readonly all: readonly PodName[];
	/** The pods that may send events now. */
	readonly live: readonly PodName[];
	/** A selector of labels that all these pods have; '': none is known. */
	readonly selector: string;
};

/** A CronJob has 1440 pods a day. */
const mostNames = 2000;
/** Milliseconds that a pod is asked for after its end: its exit events come later. */
const lastEventsMs = 5000;

export class PodNames {
	readonly #all = new Map<string, PodName>();
	/** Key of a pod → when it ended. */
	readonly #ended = new Map<string, number>();
	#live: ReadonlySet<string> = new Set();

	/** Returns the milliseconds after which another call gives another answer; undefined: none by time alone. */
	update(pods: readonly Pod[], nowMs: number): number | undefined {
		const now = new Map<string, PodName>();
		for (const pod of pods) {
			const key = keyOf(pod);
			this.#all.set(key, {namespace: namespaceOf(pod), name: nameOf(pod)});
			if (!isFinished(pod)) {
				now.set(key, {namespace: namespaceOf(pod), name: nameOf(pod)});
				this.#ended.delete(key);
			}
		}

		for (const key of this.#live) {
			if (!now.has(key) && !this.#ended.has(key)) {
				this.#ended.set(key, nowMs);
			}
		}

		for (const [key, sinceMs] of this.#ended) {
			if (nowMs - sinceMs >= lastEventsMs) {
				this.#ended.delete(key);
			}
		}

		this.#live = new Set([...now.keys(), ...this.#ended.keys()]);
		this.#forget();
		const [oldest] = this.#ended.values();
		return oldest === undefined ? undefined : oldest + lastEventsMs - nowMs;
	}

	names(selector: string): TargetPodNames {
		const live = [...this.#live].flatMap(key => this.#all.get(key) ?? []);
		return {all: [...this.#all.values()], live, selector};
	}

	#forget(): void {
		for (const key of this.#all.keys()) {
			if (this.#all.size <= mostNames) {
				return;
			}

			if (!this.#live.has(key)) {
				this.#all.delete(key);
			}
		}
	}
}

export function keyOf(pod: Pod): string {
	return `${namespaceOf(pod)}/${nameOf(pod)}`;
}

/** A finished pod makes no more events. */
export function isFinished(pod: Pod): boolean {
	const phase = pod.status?.phase;
	return phase === 'Succeeded' || phase === 'Failed';
}
