/** What an event says of how it came about: the stacks of the kernel and of the program, and the hash of the file. */
import type {EventBody} from '../../../tetragon/event/event.js';
import {own, type SafeText, safe} from '../../../text/safe.js';
import {type Field, text, value} from '../../widgets/fields.js';

/** More than a screen shows; an agent sends 16 at most. */
const mostEntries = 64;

function hexOf(number: unknown): SafeText {
	return typeof number === 'string' && /^\d{1,20}$/.test(number) ? safe(BigInt(number).toString(16)) : own('0');
}

function textOf(field: unknown): string {
	return typeof field === 'string' ? field : '';
}

/** `0xffffffff81: tcp_connect+0x1`, in a program with its file behind it. */
function entryWords(entry: unknown): SafeText {
	const {address, offset, symbol, module} = (entry ?? {}) as Readonly<Record<string, unknown>>;
	const at = address === undefined ? own('') : own`0x${hexOf(address)} `;
	const name = textOf(symbol) === '' ? own('?') : safe(textOf(symbol));
	const file = textOf(module) === '' ? own('') : own` (${safe(textOf(module))})`;
	return own`${at}${name}+0x${hexOf(offset)}${file}`;
}

function stack(label: SafeText, entries: unknown): Field[] {
	if (!Array.isArray(entries) || entries.length === 0) {
		return [];
	}

	return [text(label, 'dim'), ...entries.slice(0, mostEntries).map(entry => text(entryWords(entry), 'plain', 2))];
}

export function stackFields(body: EventBody | undefined): Field[] {
	const hash = textOf(body?.['ima_hash']);
	return [
		...(hash === '' ? [] : [value(own('hash'), safe(hash))]),
		...stack(own('stack of the kernel'), body?.['kernel_stack_trace']),
		...stack(own('stack of the program'), body?.['user_stack_trace']),
	];
}
