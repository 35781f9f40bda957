/** `-o json`: one object per line, as `tetra getevents -o json` has it. */

import type {ByteText} from '../runtime/byte-text.js';
import {eventJson, isMalformedJson, writeEventJson} from '../tetragon/json/json-text.js';
import {inertJson, terminalJson} from '../text/inert.js';
import type {Form, FrameKind} from './form.js';

/** Characters that act are written as \uXXXX, which is the same JSON; for a terminal also those that it hides. */
export function jsonForm({terminal}: {readonly terminal: boolean}): Form {
	const made = terminal ? terminalJson : inertJson;
	return {
		frame: terminal ? writeTerminalJson : (out, bytes) => writeEventJson(out, bytes, inertJson),
		event: (out, event) => out.text(made(JSON.stringify(event))),
	};
}

function writeTerminalJson(out: ByteText, bytes: Uint8Array): FrameKind {
	const json = eventJson(bytes);
	out.text(terminalJson(json));
	return isMalformedJson(json) ? 'no event' : 'event';
}
