/** An event as a line, or as several (a line with stack traces); without the last line feed. */
import type {ByteText} from '../runtime/byte-text.js';
import type {Event} from '../tetragon/event/event.js';

/** `no event`: the bytes cannot be read, and the text says so. */
export type FrameKind = 'event' | 'no event';

/** Each writes to `out`. */
export type Form = {
	/** From a protobuf agent: one GetEventsResponse. */
	readonly frame: (out: ByteText, bytes: Uint8Array) => FrameKind;
	/** From a transport of JSON lines: the event parsed from a line. */
	readonly event: (out: ByteText, event: Event) => void;
};
