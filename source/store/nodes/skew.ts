import type {Problem} from '../../problem.js';

/** A window needs this many events, and lasts this long. */
const enough = 5;
const windowMs = 10_000;

/** Smaller differences are the jitter of synchronised clocks, or of a busy network. */
const aheadMs = 1000;
const behindMs = 3000;
/** A smaller lag is the usual delay of an event. */
const clockLagFromMs = 500;

type NodeClock = {readonly id: number; readonly name: string; readonly skew: Skew};
type ProblemSink = {readonly raise: (problem: Problem) => void; readonly settle: (id: string) => void};

/** Times of different nodes stand side by side: that their clocks differ is said once for each. */
export function nameSkews(nodes: readonly NodeClock[], problems: ProblemSink): void {
	for (const {id, name, skew} of nodes) {
		// An agent with a backlog looks like a clock that is behind: only the nodes view shows that.
		if (!skew.isAhead) {
			problems.settle(`skew/${id}`);
		} else {
			problems.raise({
				id: `skew/${id}`,
				severity: 'note',
				what: `${name}: ${skew.words()}`,
				why: 'events are shown at their own times, so those of this node are out of order with the others',
				fix: 'keep the clocks of the nodes and of this machine together (NTP)',
			});
		}
	}
}

export class Skew {
	#fromMs = Number.NaN;
	#count = 0;
	#least = Number.POSITIVE_INFINITY;
	/** Least lag of the last window with enough events. */
	#before: number | undefined;

	see(lagMs: number, nowMs: number): void {
		if (!(nowMs - this.#fromMs < windowMs)) {
			this.#before = this.#count >= enough ? this.#least : undefined;
			this.#fromMs = nowMs;
			this.#count = 0;
			this.#least = Number.POSITIVE_INFINITY;
		}

		this.#count++;
		this.#least = Math.min(this.#least, lagMs);
	}

	/** True when an event came from the future, which proves a skew. */
	get isAhead(): boolean {
		return (this.#known ?? 0) <= -aheadMs;
	}

	get #known(): number | undefined {
		return this.#count >= enough ? this.#least : this.#before;
	}

	/** Milliseconds from the node's clock to ours: the least lag of late; 0 where it is within the usual delay. */
	get clockLagMs(): number {
		const known = this.#known ?? 0;
		return Math.abs(known) > clockLagFromMs ? known : 0;
	}

	/** Words for the node's note; '' where its clock seems to be ours. */
	words(): string {
		const least = this.#known;
		if (least === undefined || (least > -aheadMs && least < behindMs)) {
			return '';
		}

		const seconds = (Math.abs(least) / 1000).toFixed(1);
		return least < 0
			? `its clock is ${seconds} s ahead of ours`
			: `all its events come ${seconds} s late: its clock is behind, or the agent has a backlog`;
	}
}
