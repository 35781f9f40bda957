/**
Finds out that a path cuts idle streams. Load balancers, proxies, kubelets and container runtimes end streams that carry
nothing for some time, and some of them ignore pings. A single end proves nothing. When three streams of one node in a row
end at the same age after their last event, the path is the cause, and a note explains the gaps.
*/
import type {EventSink} from './event-sink.js';

/** Ends in a row of one node. */
const enough = 3;
/** Ages that differ by less are the same: the cutting timer is checked only now and then. */
const alikeMs = 3000;
const alikeShare = 0.05;
/** A stream that was idle for this many times the age, and was not cut, proves that the path has changed. */
const outlived = 1.5;

export class IdleCuts {
	readonly #store: Pick<EventSink, 'raise' | 'settle'>;
	/** By node: how long the newest streams had been idle when they ended, in milliseconds. */
	readonly #ages = new Map<number, readonly number[]>();
	/** By transport: the age that was reported. */
	readonly #reported = new Map<string, number>();

	constructor(store: Pick<EventSink, 'raise' | 'settle'>) {
		this.#store = store;
	}

	/** An idle stream of the node ended, and tetratop did not end it. */
	ended(node: number, via: string, idleMs: number): void {
		const id = `idle-cuts/${via}`;
		const reported = this.#reported.get(via);
		if (reported !== undefined && idleMs > reported * outlived) {
			this.#reported.delete(via);
			this.#store.settle(id);
		}

		const ages = [...(this.#ages.get(node) ?? []), idleMs].slice(-enough);
		this.#ages.set(node, ages);
		const [shortest, longest] = [Math.min(...ages), Math.max(...ages)];
		if (this.#reported.has(via) || ages.length < enough || !isAlike(shortest, longest)) {
			return;
		}

		this.#reported.set(via, longest);
		this.#store.raise({
			id,
			severity: 'note',
			what: `this path cuts idle streams after about ${words((shortest + longest) / 2)} (${via})`,
			why: 'three streams in a row of one node ended at this age after their last event; tetratop reconnects each time and marks a gap',
			fix: 'raise the idle timeout of the load balancer, proxy, kubelet, or container runtime (stream_idle_timeout) in between',
		});
	}
}

function isAlike(shortest: number, longest: number): boolean {
	return longest - shortest <= Math.max(alikeMs, longest * alikeShare);
}

/** `40 s`, `300 s`, `15 min`, `4 h` */
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
