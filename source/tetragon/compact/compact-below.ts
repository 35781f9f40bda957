/** What tetra prints below the line of an event: stack traces of a kprobe, the hash of an LSM hook's file. */

import type {Event} from '../event/event.js';
import type {Paint} from './compact-text.js';
import {quotedWhenNeeded} from './go-quote.js';

type Entry = {
	readonly address?: string;
	readonly offset?: string;
	readonly symbol?: string;
	readonly module?: string;
};

/** Begins with a line feed where there is anything. */
export function stackTraces(paint: Paint, {process_kprobe: body}: Event): string {
	if (body === undefined) {
		return '';
	}

	const kernel = entries(body['kernel_stack_trace']).map(
		({address, offset, symbol}) =>
			`${paint.green(`   0x${hex(address)}:`)}${paint.blue(` ${text(symbol)}`)}+${paint.yellow(`0x${hex(offset)}`)}`,
	);
	const user = entries(body['user_stack_trace']).map(({address, offset, symbol, module}) => {
		const name = text(symbol) === '' ? '' : paint.blue(` ${text(symbol)}`);
		return `${paint.green(`   0x${hex(address)}:`)}${name}${paint.yellow(` (${text(module)}+0x${hex(offset)})`)}`;
	});
	const lines = [
		...(kernel.length === 0 ? [] : ['Kernel:', ...kernel]),
		...(user.length === 0 ? [] : ['User:', ...user]),
	];
	return lines.length === 0 ? '' : `\n${lines.join('\n')}`;
}

const binprmHooks = new Set([
	'bprm_check_security',
	'bprm_committed_creds',
	'bprm_committing_creds',
	'bprm_creds_for_exec',
	'bprm_creds_from_file',
]);
const fileHooks = new Set(['file_ioctl', 'file_lock', 'file_open', 'file_post_open', 'file_receive', 'mmap_file']);

/** Begins with a line feed where there is anything. */
export function imaHash(paint: Paint, {process_lsm: body}: Event): string {
	const hash = body?.['ima_hash'];
	if (body === undefined || typeof hash !== 'string' || hash === '') {
		return '';
	}

	const hook = body.function_name ?? '';
	const name = binprmHooks.has(hook) ? 'linux_binprm_arg' : fileHooks.has(hook) ? 'file_arg' : '';
	const holder = body.args?.[0]?.[name] as {readonly path?: string} | undefined;
	const path = text(holder?.path);
	return path === '' ? '' : `\n${paint.green(`   ${path}`)}${paint.blue(` ${quotedWhenNeeded(hash)}`)}`;
}

function entries(value: unknown): readonly Entry[] {
	return Array.isArray(value)
		? value.filter((entry): entry is Entry => typeof entry === 'object' && entry !== null)
		: [];
}

function text(value: unknown): string {
	return typeof value === 'string' ? quotedWhenNeeded(value) : '';
}

function hex(value: unknown): string {
	try {
		return BigInt((value ?? 0) as string).toString(16);
	} catch {
		return '0';
	}
}
