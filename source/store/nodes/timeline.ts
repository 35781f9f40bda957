/** Events, kills and losses of the last hour, in cells of a second. */
import type {FeedMarker} from '../snapshot.js';

const seconds = 3600;

export type TimelineCells = {
	readonly cellMs: number;
	/** Time at which the last cell begins. */
	readonly lastCellMs: number;
	/** Oldest first. */
	readonly all: readonly number[];
	readonly kills: readonly number[];
	/** Events lost, or 1 for each second of a gap. */
	readonly lost: readonly number[];
};

type Column = 'all' | 'kills' | 'lost';

export class Timeline {
	readonly #columns = {
		all: new Float64Array(seconds),
		kills: new Float64Array(seconds),
		lost: new Float64Array(seconds),
	};
	#newest: number | undefined;

	add(column: Column, timeMs: number, count = 1): void {
		const second = Math.floor(timeMs / 1000);
		if (this.#newest === undefined) {
			this.#newest = second;
		}

		if (second > this.#newest) {
			this.#turn(second);
		} else if (second <= this.#newest - seconds) {
			return;
		}

		this.#columns[column][((second % seconds) + seconds) % seconds]! += count;
	}

	/** The last `count` cells of `cellMs` (whole seconds) up to now. */
	cells(cellMs: number, count: number, nowMs: number): TimelineCells {
		const width = Math.max(1, Math.round(cellMs / 1000));
		const last = Math.floor(nowMs / 1000 / width) * width;
		const column: (name: Column) => readonly number[] = name =>
			Array.from({length: count}, (_, index) => this.#sum(name, last - (count - 1 - index) * width, width));
		return {
			cellMs: width * 1000,
			lastCellMs: last * 1000,
			all: column('all'),
			kills: column('kills'),
			lost: column('lost'),
		};
	}

	#sum(name: Column, from: number, width: number): number {
		const newest = this.#newest ?? 0;
		let sum = 0;
		for (let second = Math.max(from, newest - seconds + 1, 0); second < from + width && second <= newest; second++) {
			sum += this.#columns[name][second % seconds]!;
		}

		return sum;
	}

	#turn(second: number): void {
		const newest = this.#newest ?? second;
		for (let cell = Math.max(newest + 1, second - seconds + 1); cell <= second; cell++) {
			const at = ((cell % seconds) + seconds) % seconds;
			this.#columns.all[at] = 0;
			this.#columns.kills[at] = 0;
			this.#columns.lost[at] = 0;
		}

		this.#newest = second;
	}
}

/** Counts the loss of a rule in the cells of its time: the number, or 1 for each second of an unknown loss. */
export function markLoss(timeline: Timeline, rule: FeedMarker, nowMs: number): void {
	if (rule.type === 'lost') {
		timeline.add('lost', nowMs, rule.count);
	} else if (rule.type === 'gap' || rule.type === 'stalled' || rule.type === 'throttled') {
		const toMs = rule.toMs ?? nowMs + 1;
		const fromMs = rule.fromMs ?? toMs - 1;
		for (let ms = Math.max(fromMs, toMs - seconds * 1000); ms < toMs; ms += 1000) {
			timeline.add('lost', ms);
		}
	}
}
