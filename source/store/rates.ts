/** Events per second, counted in cells of one second; the newest cell is still filling. */
const cells = 128;

export class Rate {
	readonly #counts = new Uint32Array(cells);
	/** Second of the newest cell; undefined before the first event. */
	#second: number | undefined;
	#first = 0;
	#peak = 0;

	add(nowMs: number, count = 1): void {
		const second = Math.floor(nowMs / 1000);
		if (second !== this.#second) {
			this.#turn(second);
		}

		// After a clock that went back, events count in the newest cell: none is lost, and no old cell changes.
		this.#counts[(this.#second ?? second) % cells]! += count;
	}

	/** Mean of the last five full seconds, or of fewer while there are fewer. */
	perSecond(nowMs: number): number {
		this.#turn(Math.floor(nowMs / 1000));
		const second = this.#second ?? 0;
		const full = Math.min(5, second - this.#first);
		if (full <= 0) {
			return this.#counts[second % cells]!;
		}

		return this.#sum(second - full, second) / full;
	}

	/** Highest full second so far. */
	peak(nowMs: number): number {
		this.#turn(Math.floor(nowMs / 1000));
		return this.#peak;
	}

	/** Events in each of the last `count` cells of 5 s, oldest first; the last one is still filling. At most 24. */
	spark(nowMs: number, count: number): number[] {
		this.#turn(Math.floor(nowMs / 1000));
		const second = this.#second ?? 0;
		const last = second - (second % 5);
		return Array.from({length: Math.min(count, 24)}, (_, index) => {
			const start = last - (Math.min(count, 24) - 1 - index) * 5;
			return this.#sum(start, start + 5);
		});
	}

	#sum(from: number, to: number): number {
		let sum = 0;
		const newest = this.#second ?? 0;
		for (let second = Math.max(from, newest - cells + 1, 0); second < to && second <= newest; second++) {
			sum += this.#counts[second % cells]!;
		}

		return sum;
	}

	#turn(second: number): void {
		if (this.#second === undefined) {
			this.#second = second;
			this.#first = second;
			return;
		}

		if (second <= this.#second) {
			return;
		}

		this.#peak = Math.max(this.#peak, this.#counts[this.#second % cells]!);
		for (let cell = Math.max(this.#second + 1, second - cells + 1); cell <= second; cell++) {
			this.#counts[cell % cells] = 0;
		}

		this.#second = second;
	}
}

/** Time in cells of 5 s, shared by everything that counts events in the current and the previous one. */
export class Cells {
	/** Number of the current cell. */
	now = 0;
	#ms = 0;

	advance(nowMs: number): void {
		if (nowMs > this.#ms) {
			this.#ms = nowMs;
			this.now = Math.floor(nowMs / 5000);
		}
	}

	/** Seconds that the previous and the current cell cover so far: 5 to 10. */
	get seconds(): number {
		return 5 + (this.#ms - this.now * 5000) / 1000;
	}
}

/** Events of the current and the previous 5 s cell. */
export class RecentCount {
	#cell = 0;
	#current = 0;
	#previous = 0;

	add(cells: Cells): void {
		const cellsAgo = cells.now - this.#cell;
		if (cellsAgo !== 0) {
			this.#previous = cellsAgo === 1 ? this.#current : 0;
			this.#current = 0;
			this.#cell = cells.now;
		}

		this.#current++;
	}

	count(cells: Cells): number {
		const cellsAgo = cells.now - this.#cell;
		return cellsAgo === 0 ? this.#current + this.#previous : cellsAgo === 1 ? this.#current : 0;
	}
}
