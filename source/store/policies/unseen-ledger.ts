/**
The UNSEEN alerts of one policy that may yet turn out to be late: an agent holds an event back for up to 30 s while it waits
for facts of its process, and nobody wants to wait for so long before a kill is alert.
*/

/** Polls whose alerts may be taken back: more than a minute of them. */
const mostPolls = 16;

export type UnseenAlert = {
	/** The span of event time between two polls, in which the enforcements were counted. */
	readonly fromMs: number;
	readonly toMs: number;
	/** When it was alert: the time of the alert. */
	readonly alertMs: number;
	/** How many of these may have an event after all, which reports POST: as many signals as were sent, and reports. */
	readonly byReport: number;
	count: number;
};

export class UnseenLedger {
	#polls: UnseenAlert[] = [];

	add(alert: UnseenAlert): void {
		this.#polls.push(alert);
		if (this.#polls.length > mostPolls) {
			this.#polls.shift();
		}
	}

	/** An event of that time came after all. Returns when its alert was told; undefined: none of that time was. */
	takeBack(timeMs: number): number | undefined {
		const alert = this.#polls.find(({fromMs, toMs, count}) => count > 0 && timeMs > fromMs && timeMs <= toMs);
		if (alert === undefined) {
			return undefined;
		}

		alert.count--;
		return alert.alertMs;
	}

	clear(): void {
		this.#polls = [];
	}
}
