/** An event as a line, or as several (a line with stack traces); without the last line feed. */
import type {Event} from '../tetragon/event/event.js';

export type Form = {
	/** From a protobuf agent: one GetEventsResponse. */
	readonly frame: (bytes: Uint8Array) => string;
	/** Whether a text of `frame` says that the bytes are no event. */
	readonly isNoEvent: (text: string) => boolean;
	/** From a transport of JSON lines: the line, and the event parsed from it. */
	readonly event: (line: Uint8Array, event: Event) => string;
};
