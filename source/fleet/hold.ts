import type {EventSink} from './event-sink.js';

/** Knows whether a stream was not read for a time, since its sink had no room: the agent may have dropped events then. */
export class Hold {
	readonly #sink: Pick<EventSink, 'room'>;
	#waits = 0;
	#wasHeld = false;

	constructor(sink: Pick<EventSink, 'room'>) {
		this.#sink = sink;
	}

	/** See EventSink. */
	room(): Promise<void> | undefined {
		const room = this.#sink.room?.();
		if (room === undefined) {
			return undefined;
		}

		this.#waits++;
		this.#wasHeld = true;
		return room.finally(() => {
			this.#waits--;
		});
	}

	/** True if the stream was not read at some time since the last call. */
	take(): boolean {
		const wasHeld = this.#wasHeld;
		this.#wasHeld = this.#waits > 0;
		return wasHeld;
	}
}
