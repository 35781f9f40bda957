import type {EventsSink} from '../../tetragon/agent/link.js';
import {parseLine} from '../../tetragon/json/json-lines.js';
import {LineSplitter} from '../api/body-lines.js';

/** Parses the agent's JSON lines and passes each event, or malformed line, on to the sink. */
export function eventLines(sink: EventsSink): LineSplitter {
	return new LineSplitter(line => {
		const event = parseLine(line);
		if (event === undefined) {
			sink.malformed(line);
		} else {
			sink.event(line, event);
		}
	});
}
