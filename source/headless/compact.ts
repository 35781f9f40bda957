/** `-o compact`: the lines of `tetra getevents -o compact`. Foreign texts in them are quoted as Go does, which is safe for a terminal. */
import {type CompactOptions, compactLine, compactLineOfFrame} from '../tetragon/compact/compact.js';
import type {Form} from './form.js';

export function compactForm(options: CompactOptions): Form {
	return {
		frame: bytes => compactLineOfFrame(bytes, options),
		event: (_line, event) => compactLine(event, options),
	};
}
