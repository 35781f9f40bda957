/** The parts of a kprobe's compact line: its symbol, its verb, and the text after the binary. */

import {table} from '../../runtime/table.js';
import type {Argument} from '../event/event.js';
import {head, type Paint} from './compact-text.js';
import {quotedWhenNeeded} from './go-quote.js';

type Json = Readonly<Record<string, unknown>>;
type Hook = (paint: Paint, args: readonly Argument[]) => HookText;

/** `rest` undefined: nothing follows the binary, not even a space. */
export type HookText = {readonly event: string; readonly rest: string | undefined};

/** `name` without its arch prefix, `fullName` as the event has it. */
export function hookText(paint: Paint, name: string, fullName: string, args: readonly Argument[]): HookText {
	const hook = Object.hasOwn(hooks, name) ? hooks[name] : undefined;
	return hook === undefined
		? {event: head(paint, '❓', 'syscall'), rest: quotedWhenNeeded(fullName)}
		: hook(paint, args);
}

function text(value: unknown): string {
	return typeof value === 'string' ? quotedWhenNeeded(value) : '';
}

function count(value: unknown): string {
	return typeof value === 'number' || typeof value === 'string' ? String(value) : '0';
}

function part(argument: Argument | undefined, name: string): Json | undefined {
	const value = argument?.[name];
	return typeof value === 'object' && value !== null ? (value as Json) : undefined;
}

/** A file's path, coloured; '' without colours where there is no such argument. */
function file(paint: Paint, argument: Argument | undefined): string {
	const found = part(argument, 'file_arg');
	return found === undefined ? '' : paint.cyan(text(found['path']));
}

function string(paint: Paint, argument: Argument | undefined): string {
	return argument === undefined ? '' : paint.cyan(text(argument['string_arg']));
}

/** tetra crashes on a sock argument of another type; here it is treated as empty. */
function sock(paint: Paint, argument: Argument | undefined): string {
	if (argument === undefined) {
		return '';
	}

	const found = part(argument, 'sock_arg') ?? {};
	const from = `${text(found['saddr'])}:${count(found['sport'])}`;
	return paint.cyan(`tcp ${from} -> ${text(found['daddr'])}:${count(found['dport'])}`);
}

function transfer(sign: string, verb: string): Hook {
	return (paint, args) => {
		const size = args[2] === undefined ? '' : paint.cyan(`${count(args[2]['size_arg'])} bytes`);
		return {event: head(paint, sign, verb), rest: `${file(paint, args[0])} ${size}`};
	};
}

function ofFile(sign: string, verb: string, index: number): Hook {
	return (paint, args) => ({event: head(paint, sign, verb), rest: file(paint, args[index])});
}

function ofString(sign: string, verb: string, index: number): Hook {
	return (paint, args) => ({event: head(paint, sign, verb), rest: string(paint, args[index])});
}

function ofStrings(sign: string, verb: string): Hook {
	return (paint, args) => ({
		event: head(paint, sign, verb),
		rest: `${string(paint, args[0])} ${string(paint, args[1])}`,
	});
}

function ofSock(sign: string, verb: string): Hook {
	return (paint, args) => ({event: head(paint, sign, verb), rest: sock(paint, args[0])});
}

function bare(sign: string, verb: string): Hook {
	return paint => ({event: head(paint, sign, verb), rest: undefined});
}

/** An argument of `name`, in words; '' where the hook has no argument at all. */
function inWords(sign: string, verb: string, name: string, say: (value: Json) => string): Hook {
	return (paint, args) => ({
		event: head(paint, sign, verb),
		rest: args[0] === undefined ? '' : paint.cyan(say(part(args[0], name) ?? {})),
	});
}

const bpfMap = inWords(
	'🗺',
	'bpf_map_create',
	'bpf_map_arg',
	map =>
		`${text(map['MapType'])} ${text(map['MapName'])} key size ${count(map['KeySize'])} value size ${count(map['ValueSize'])} max entries ${count(map['MaxEntries'])}`,
);

function truncate(name: string, ...cases: string[]): Hook {
	return (paint, args) => {
		const [first] = args;
		if (first === undefined) {
			return {event: head(paint, '❓', name), rest: ''};
		}

		const found = cases.map(each => part(first, each)).find(each => each !== undefined);
		return {event: head(paint, '📝', 'truncate'), rest: paint.cyan(text(found?.['path']))};
	};
}

/** clone(2)'s flags for namespaces, as setns takes them. */
const namespaces: Readonly<Record<string, string>> = table<string>({
	0: 'any',
	[0x80]: 'time',
	[0x2_00_00]: 'mnt',
	[0x2_00_00_00]: 'cgroup',
	[0x4_00_00_00]: 'uts',
	[0x8_00_00_00]: 'ipc',
	[0x10_00_00_00]: 'user',
	[0x20_00_00_00]: 'pid',
	[0x40_00_00_00]: 'net',
});

const filePermission: Hook = (paint, [subject, mask]) => {
	if (subject === undefined || mask === undefined) {
		return {event: head(paint, '❓', 'security_file_permission'), rest: ''};
	}

	const action = mask['int_arg'];
	const event =
		action === 2
			? head(paint, '📝', 'write')
			: action === 4
				? head(paint, '📚', 'read')
				: head(paint, '❓', 'security_file_permission');
	return {event, rest: paint.cyan(text(part(subject, 'file_arg')?.['path']))};
};

const mmapFile: Hook = (paint, [subject, protection]) => {
	if (subject === undefined || protection === undefined) {
		return {event: head(paint, '❓', 'security_mmap_file'), rest: ''};
	}

	const bits = Number(protection['uint_arg'] ?? 0);
	const verb = `mmap-${bits & 1 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 4 ? 'x' : ''}`;
	return {event: head(paint, '📝', verb), rest: paint.cyan(text(part(subject, 'file_arg')?.['path']))};
};

const hooks: Readonly<Record<string, Hook>> = table<Hook>({
	sys_write: transfer('📝', 'write'),
	sys_read: transfer('📚', 'read'),
	fd_install: ofFile('📬', 'open', 1),
	sys_openat: ofString('📬️', 'openat', 1),
	// Its path is argument 0; tetra looks at 1, so that is what the line has.
	sys_open: ofString('📬️', 'open', 1),
	sys_close: ofFile('📪', 'close', 0),
	sys_mount: ofStrings('💾', 'mount'),
	sys_pivot_root: ofStrings('💾', 'pivot_root'),
	sys_setuid: (paint, [uid]) => ({
		event: head(paint, '🔑', 'setuid'),
		rest: uid === undefined ? '' : paint.cyan(count(uid['int_arg'])),
	}),
	sys_clock_settime: bare('⏰', 'clock_settime'),
	proc_exec_connector: bare('🔧', 'proc_exec_connector'),
	sys_setns: (paint, args) => ({
		event: head(paint, '🔧', 'setns'),
		rest: args[1] === undefined ? '' : (namespaces[count(args[1]['int_arg'])] ?? ''),
	}),
	tcp_connect: ofSock('🔌', 'connect'),
	tcp_close: ofSock('🧹', 'close'),
	tcp_sendmsg: (paint, args) => ({
		event: head(paint, '📤', 'sendmsg'),
		rest: `${sock(paint, args[0])} bytes ${count(args[1]?.['int_arg'])}`,
	}),
	bpf_check: inWords(
		'🐝',
		'bpf_load',
		'bpf_attr_arg',
		attr => `${text(attr['ProgType'])} ${text(attr['ProgName'])} instruction count ${count(attr['InsnCnt'])}`,
	),
	security_perf_event_alloc: inWords(
		'🐝',
		'perf_event_alloc',
		'perf_event_arg',
		event => `${text(event['Type'])} ${text(event['KprobeFunc'])}`,
	),
	security_bpf_map_alloc: bpfMap,
	security_bpf_map_create: bpfMap,
	security_file_permission: filePermission,
	security_mmap_file: mmapFile,
	security_path_truncate: truncate('security_path_truncate', 'path_arg'),
	security_file_truncate: truncate('security_file_truncate', 'file_arg', 'path_arg'),
});
