/** The event in a frame of the ring. */
import {decodeFrame, malformedEvent} from '../tetragon/decode-frame.js';
import type {Event} from '../tetragon/event/event.js';
import type {Format} from '../tetragon/event/facts.js';
import type {Loss} from './nodes/loss.js';
import type {Ring} from './ring/ring.js';

type Frame = {readonly bytes: Uint8Array; readonly format: Format};

/** The scan reads the outside of a frame. A fault inside of it is found, and counted, when somebody looks at it. */
export function decodedFrame(parts: {readonly ring: Ring; readonly loss: Loss}, seq: number, frame: Frame): Event {
	const event = decodeFrame(frame.bytes, frame.format);
	if (event !== undefined) {
		return event;
	}

	if (parts.ring.foundMalformed(seq)) {
		parts.loss.unreadable(1, undefined);
	}

	return malformedEvent(frame.bytes);
}
