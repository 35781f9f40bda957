/** What an event is as a line, or as lines where one has something below it; without the last line feed. */
import type {Event} from '../tetragon/event/event.js';

export type Form = {
	/** From an agent that speaks protobuf: one GetEventsResponse. */
	readonly frame: (bytes: Uint8Array) => string;
	/** From a way that speaks JSON lines: the line as it came, and what it parsed to. */
	readonly event: (line: Uint8Array, event: Event) => string;
};
