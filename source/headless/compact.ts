/** `-o compact`: the lines of `tetra getevents -o compact`. What is foreign in them is quoted as Go quotes, so it is fit for a terminal. */
import {type CompactOptions, compactLine, compactLineOfFrame} from '../tetragon/compact/compact.js';
import type {Form} from './form.js';

export function compactForm(options: CompactOptions): Form {
	return {
		frame: bytes => compactLineOfFrame(bytes, options),
		event: (_line, event) => compactLine(event, options),
	};
}
