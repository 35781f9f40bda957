import {decodeFrame} from '../../tetragon/decode-frame.js';
import type {Format} from '../../tetragon/event/facts.js';

/** Whether the hooked call returned a negative number; undefined: the event has no returned number (the hook has no `return`). */
export function returnedErrorOf(bytes: Uint8Array, format: Format): boolean | undefined {
	const event = decodeFrame(bytes, format);
	const hook = event?.process_kprobe ?? event?.process_lsm ?? event?.process_tracepoint;
	const returned = hook !== undefined && 'return' in hook ? hook.return : undefined;
	const number = returned?.['int_arg'] ?? returned?.['long_arg'] ?? returned?.['size_arg'] ?? returned?.['uint_arg'];
	return number === undefined ? undefined : Number(number) < 0;
}
