/** What a form writes, as a string. */
import type {Form} from '../../source/headless/form.js';
import {ByteText} from '../../source/runtime/byte-text.js';
import type {Event} from '../../source/tetragon/event/event.js';

export function frameText(form: Form, bytes: Uint8Array): string {
	// Small, so that it must grow.
	const out = new ByteText(8);
	out.add(form.frame, bytes);
	return out.toString();
}

export function eventText(form: Form, event: Event): string {
	const out = new ByteText(8);
	out.add(form.event, event);
	return out.toString();
}
