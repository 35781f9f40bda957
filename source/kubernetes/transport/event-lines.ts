import type {Readable} from 'node:stream';
import type {EventsSink} from '../../tetragon/agent/link.js';
import {BadLine, readLine} from '../../tetragon/json/json-lines.js';
import {LineSplitter} from '../api/body-lines.js';

/** Parses the agent's JSON lines and passes each event, or malformed line, on to the sink. */
export function eventLines(sink: EventsSink): LineSplitter {
	return new LineSplitter(line => {
		const event = readLine(line);
		if (event instanceof BadLine) {
			sink.malformed(line, event.why);
		} else {
			sink.event(line, event);
		}
	});
}

/** Reads no more of a stream until its sink has room. */
export function waitForRoom(stream: Readable, sink: EventsSink): void {
	const room = sink.room?.();
	if (room !== undefined) {
		stream.pause();
		void room.then(() => stream.resume());
	}
}
