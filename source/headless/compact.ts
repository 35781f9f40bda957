/**
`-o compact`: the lines of `tetra getevents -o compact`. Foreign texts in them are quoted as Go does: no control character is
left. For a terminal, what it would hide or stack is an escape as well.
*/
import {
	type CompactOptions,
	compactLine,
	compactLineOfFrame,
	isMalformedCompact,
	writeCompactLine,
} from '../tetragon/compact/compact.js';
import {terminalCompact} from '../text/inert.js';
import type {Form} from './form.js';

export function compactForm({terminal = false, ...options}: CompactOptions & {readonly terminal?: boolean}): Form {
	if (!terminal) {
		return {
			frame: (out, bytes) => writeCompactLine(out, bytes, options),
			event: (out, event) => out.text(compactLine(event, options)),
		};
	}

	return {
		frame(out, bytes) {
			const line = compactLineOfFrame(bytes, options);
			out.text(terminalCompact(line));
			return isMalformedCompact(line) ? 'no event' : 'event';
		},
		event: (out, event) => out.text(terminalCompact(compactLine(event, options))),
	};
}
