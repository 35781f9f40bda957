/** `-o json`: one object per line, as `tetra getevents -o json` has it. */
import {eventJson, isMalformedJson} from '../tetragon/json/json-text.js';
import {inertJson, terminalJson} from '../text/inert.js';
import type {Form} from './form.js';

/** Characters that act are written as \uXXXX, which is the same JSON; for a terminal also those that it hides. */
export function jsonForm({terminal}: {readonly terminal: boolean}): Form {
	const made = terminal ? terminalJson : inertJson;
	return {
		frame: bytes => made(eventJson(bytes)),
		isNoEvent: isMalformedJson,
		event: (_line, event) => made(JSON.stringify(event)),
	};
}
