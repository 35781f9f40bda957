/**
Says while it lasts that the events are not read, since the reader of the lines is slower than they arrive. The agent has a
queue for its client, and drops and counts what does not fit there.
*/

/** Milliseconds that a wait may take without a note. */
const quietMs = 750;

export class HoldNote {
	readonly #note: (text: string) => void;
	#timer: NodeJS.Timeout | undefined;
	#waits = 0;
	#isSaid = false;

	constructor(note: (text: string) => void) {
		this.#note = note;
	}

	/** Passes a wait for the writer on. Waits of several streams are one. */
	until(room: Promise<void>): Promise<void> {
		this.#waits++;
		if (!this.#isSaid) {
			this.#timer ??= setTimeout(() => this.#say(), quietMs).unref();
		}

		return room.finally(() => this.#end());
	}

	#say(): void {
		this.#isSaid = true;
		this.#note(
			'the reader of standard output is slower than the events: they wait at the agents, whose queues drop what does not fit',
		);
	}

	#end(): void {
		this.#waits--;
		if (this.#waits === 0) {
			clearTimeout(this.#timer);
			this.#timer = undefined;
		}
	}
}
