/** The events of the ring that a record of the same events may have, too. */
import type {Facts} from '../tetragon/event/facts.js';
import {Arrival} from './arrival.js';
import {decodedFrame} from './decoded-frame.js';
import {frameOf, type Parts} from './store-parts.js';

/**
The events of a node whose time is one of these, newest first, read one by one; undefined: a row that is none of them. Facts are
valid until the next step.
*/
export function* knownEvents(parts: Parts, node: number, times: ReadonlySet<number>): Generator<Facts | undefined> {
	const {ring} = parts;
	const arrival = new Arrival();
	for (let seq = ring.nextSeq - 1; seq >= ring.firstSeq; seq--) {
		const frame = ring.isAt(seq, node, times) ? frameOf(parts, seq) : undefined;
		if (frame?.format === 'protobuf') {
			yield arrival.frame(frame.bytes).facts;
		} else {
			const event = frame && decodedFrame(parts, seq, frame);
			yield frame && event && arrival.line(frame.bytes, event).facts;
		}
	}
}
