/**
The UNSEEN alerts of one policy whose events may still arrive: an agent holds an event back for up to 30 s while it waits for
facts of its process, and an alert must not wait for so long.
*/

/** Alerts that are kept: with 10 s between two polls more than two minutes of them. */
const mostPolls = 16;

export type UnseenAlert = {
	/** The span of event time between two polls, in which the enforcements were counted. */
	readonly fromMs: number;
	readonly toMs: number;
	/** The time of the alert. */
	readonly alertMs: number;
	/** How many of them may have a POST event: at most the signals that were sent, and the POST events. */
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

	/** An event arrived late. Returns the time of the alert that counted it; undefined: none did. */
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
