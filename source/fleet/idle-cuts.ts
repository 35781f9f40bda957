/**
Load balancers, proxies, kubelets and container runtimes end streams that carry nothing for some time, and some of them
heed no ping. One such end looks like any other. Three in a row of one node, each as long after its last event as the others,
are a habit of the path: whoever sees the gaps may want to know where they come from.
*/
import type {EventSink} from './event-sink.js';

const enough = 3;
/** Ages that differ by less are the same: a timer that is looked at now and then. */
const alikeMs = 3000;
const alikeShare = 0.05;
/** A stream that was idle for so many times as long, and stood, ends the habit. */
const outlived = 1.5;

export class IdleCuts {
	readonly #store: Pick<EventSink, 'raise' | 'settle'>;
	/** Of each node, the ages of the newest streams that ended idle. */
	readonly #ages = new Map<number, readonly number[]>();
	/** What was told of each way. */
	readonly #told = new Map<string, number>();

	constructor(store: Pick<EventSink, 'raise' | 'settle'>) {
		this.#store = store;
	}

	/** A quiet stream of the node ended, and nobody here had asked for it. */
	ended(node: number, via: string, idleMs: number): void {
		const id = `idle-cuts/${via}`;
		const told = this.#told.get(via);
		if (told !== undefined && idleMs > told * outlived) {
			this.#told.delete(via);
			this.#store.settle(id);
		}

		const ages = [...(this.#ages.get(node) ?? []), idleMs].slice(-enough);
		this.#ages.set(node, ages);
		const [shortest, longest] = [Math.min(...ages), Math.max(...ages)];
		if (this.#told.has(via) || ages.length < enough || !isAlike(shortest, longest)) {
			return;
		}

		this.#told.set(via, longest);
		this.#store.raise({
			id,
			severity: 'note',
			what: `this path cuts idle streams after about ${words((shortest + longest) / 2)} (${via})`,
			why: 'three streams in a row of a node ended so long after their last event; each time it connects again, and a gap is drawn',
			fix: 'raise the idle timeout of what lies between: load balancer, proxy, kubelet, or container runtime (stream_idle_timeout)',
		});
	}
}

function isAlike(shortest: number, longest: number): boolean {
	return longest - shortest <= Math.max(alikeMs, longest * alikeShare);
}

function words(ms: number): string {
	const seconds = ms / 1000;
	if (seconds < 100) {
		return `${Math.round(seconds)} s`;
	}

	if (seconds < 900) {
		return `${Math.round(seconds / 10) * 10} s`;
	}

	return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Number((seconds / 3600).toFixed(1))} h`;
}
