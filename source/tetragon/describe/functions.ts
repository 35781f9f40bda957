/**
Kernel functions and LSM hooks that are described in words instead of `function(arg, arg)`: those of tetra's compact output,
and those of the policies in Tetragon's examples. Names are without the arch prefix of system calls.
*/

import {table} from '../../runtime/table.js';
import type {Argument} from '../event/event.js';
import {addressText, argumentText, pathOf, peerOf} from './argument-text.js';

/** The parts of a hook's description: `words` follows the subject in the one line. */
export type Said = {readonly verb: string; readonly object: string; readonly words: string};

type Json = Readonly<Record<string, unknown>>;
type Speak = (args: readonly Argument[]) => Said | undefined;

/** undefined: no words for this function, or its arguments are not those that it should have. */
export function describeFunction(name: string, args: readonly Argument[]): Said | undefined {
	// An LSM hook has the name of the function without `security_`.
	const speak = [name, `security_${name}`]
		.map(each => (Object.hasOwn(functions, each) ? functions[each] : undefined))
		.find(Boolean);
	return speak?.(args);
}

/** The first path among the arguments: hooks differ in where they have it, policies in which they select. */
function path(verb: string, ...order: number[]): Speak {
	return args => {
		for (const index of [...order, ...args.keys()]) {
			const found = pathOf(args[index]) || textOf(args[index]);
			if (found !== '') {
				return {verb, object: found, words: found};
			}
		}

		return undefined;
	};
}

function withCount(verb: string): Speak {
	return args => {
		const said = path(verb, 0)(args);
		const size = args[2]?.['size_arg'];
		return said === undefined || size === undefined ? said : {...said, words: `${said.object} (${size} B)`};
	};
}

/** Two paths: from, to. */
function pair(verb: string): Speak {
	return args => {
		const texts = args.map(argument => pathOf(argument) || textOf(argument)).filter(text => text !== '');
		const [from, to] = texts;
		return from === undefined
			? undefined
			: {verb, object: to ?? from, words: to === undefined ? from : `${from} -> ${to}`};
	};
}

function peer(verb: string, arrow = '->'): Speak {
	return args => {
		for (const argument of args) {
			const far = peerOf(argument);
			if (far !== '') {
				const size = args.find(other => other !== argument && (other['int_arg'] ?? other['size_arg']) !== undefined);
				const count = verb === 'send' || verb === 'recv' ? (size?.['int_arg'] ?? size?.['size_arg']) : undefined;
				return {verb, object: far, words: `${arrow} ${far}${count === undefined ? '' : ` (${count} B)`}`};
			}
		}

		return undefined;
	};
}

/** A socket's own end: listen and accept are about that one. */
function local(verb: string): Speak {
	return args => {
		const sock = args.map(argument => argument['sock_arg']).find(isObject);
		if (sock === undefined) {
			return peer(verb, '')(args);
		}

		const near = addressText(sock['saddr'], sock['sport']);
		const far =
			sock['daddr'] === undefined || sock['dport'] === undefined
				? ''
				: ` <- ${addressText(sock['daddr'], sock['dport'])}`;
		return {verb, object: near, words: `${near}${verb === 'accept' ? far : ''}`};
	};
}

function number(verb: string, label: string): Speak {
	return args => {
		const value = args[0]?.['int_arg'] ?? args[0]?.['uint_arg'] ?? args[0]?.['size_arg'] ?? args[0]?.['long_arg'];
		return value === undefined ? undefined : {verb, object: String(value), words: `${label} ${value}`};
	};
}

/** All arguments in words; the object is the first of the given `cases`. */
function all(verb: string, ...cases: string[]): Speak {
	return args => {
		const found = args.find(argument => cases.some(name => argument[name] !== undefined));
		if (found === undefined) {
			return undefined;
		}

		const object = argumentText({...found, label: ''});
		return {verb, object, words: args.map(argumentText).join(' ')};
	};
}

/** The kernel's MAY_EXEC 1, MAY_WRITE 2, MAY_READ 4, MAY_APPEND 8. */
const filePermission: Speak = args => {
	const file = pathOf(args[0]);
	const mask = args[1]?.['int_arg'];
	if (file === '') {
		return undefined;
	}

	if (mask === 2 || mask === 4) {
		const verb = mask === 2 ? 'write' : 'read';
		return {verb, object: file, words: `${file} (${verb})`};
	}

	const bits = Number(mask ?? 0);
	const names = ['exec', 'write', 'read', 'append'].filter((_, bit) => (bits & (1 << bit)) !== 0);
	return {verb: bits & 2 ? 'write' : 'access', object: file, words: `${file} (${names.join('+') || 'mask ?'})`};
};

/** PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4. */
const mmapFile: Speak = args => {
	const file = pathOf(args[0]);
	if (file === '') {
		return undefined;
	}

	const bits = Number(args[1]?.['uint_arg'] ?? args[1]?.['int_arg'] ?? args[1]?.['size_arg'] ?? 0);
	return {
		verb: 'mmap',
		object: file,
		words: `${file} (${bits & 1 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 4 ? 'x' : '-'})`,
	};
};

const namespaces: Readonly<Record<number, string>> = {
	0: 'any',
	128: 'time',
	131072: 'mnt',
	33554432: 'cgroup',
	67108864: 'uts',
	134217728: 'ipc',
	268435456: 'user',
	536870912: 'pid',
	1073741824: 'net',
};

const setns: Speak = args => {
	const type = args[1]?.['int_arg'];
	if (typeof type !== 'number') {
		return undefined;
	}

	const name = namespaces[type] ?? `0x${type.toString(16)}`;
	return {verb: 'setns', object: name, words: `namespace ${name}`};
};

function bare(verb: string, words: string): Speak {
	return () => ({verb, object: '', words});
}

const credentials = all('cred', 'cred_arg', 'process_credentials_arg', 'cap_effective_arg', 'kernel_cap_t_arg');
const program = all('bpf', 'bpf_attr_arg', 'bpf_prog_arg', 'bpf_map_arg', 'bpf_cmd_arg');
const kernelModule = all('mod', 'module_arg', 'string_arg', 'file_arg', 'path_arg');
const binary = path('exec', 0);

const functions: Readonly<Record<string, Speak>> = table<Speak>({
	sys_write: withCount('write'),
	sys_pwrite64: withCount('write'),
	sys_writev: withCount('write'),
	sys_read: withCount('read'),
	sys_pread64: withCount('read'),
	sys_readv: withCount('read'),
	fd_install: path('open', 1),
	do_sys_openat2: path('open', 1),
	sys_openat: path('open', 1),
	sys_openat2: path('open', 1),
	sys_open: path('open', 0),
	sys_creat: path('open', 0),
	security_file_open: path('open', 0),
	sys_close: path('close', 0),
	security_file_permission: filePermission,
	security_mmap_file: mmapFile,
	security_path_truncate: path('trunc', 0),
	security_file_truncate: path('trunc', 0),
	sys_truncate: path('trunc', 0),
	sys_unlink: path('unlink', 0),
	sys_unlinkat: path('unlink', 1),
	security_path_unlink: path('unlink'),
	security_inode_unlink: path('unlink'),
	sys_rename: pair('rename'),
	sys_renameat: pair('rename'),
	sys_renameat2: pair('rename'),
	security_path_rename: pair('rename'),
	sys_symlinkat: pair('link'),
	sys_linkat: pair('link'),
	security_path_mkdir: path('mkdir'),
	security_inode_mkdir: path('mkdir'),
	sys_mkdir: path('mkdir', 0),
	sys_mkdirat: path('mkdir', 1),
	security_path_rmdir: path('rmdir'),
	security_inode_rmdir: path('rmdir'),
	sys_rmdir: path('rmdir', 0),
	sys_chmod: path('chmod', 0),
	sys_fchmodat: path('chmod', 1),
	security_path_chmod: path('chmod', 0),
	sys_chown: path('chown', 0),
	security_path_chown: path('chown', 0),
	sys_mount: pair('mount'),
	security_sb_mount: pair('mount'),
	sys_move_mount: pair('mount'),
	sys_umount: path('umount', 0),
	sys_pivot_root: pair('pivot'),
	sys_chroot: path('chroot', 0),
	security_bprm_check: binary,
	bprm_check_security: binary,
	security_bprm_committed_creds: binary,
	security_bprm_committing_creds: binary,
	security_bprm_creds_for_exec: binary,
	security_bprm_creds_from_file: binary,
	sys_execve: path('exec', 0),
	sys_execveat: path('exec', 1),
	tcp_connect: peer('conn'),
	sys_connect: peer('conn'),
	security_socket_connect: peer('conn'),
	ip4_datagram_connect: peer('conn'),
	ip6_datagram_connect: peer('conn'),
	tcp_close: peer('close'),
	tcp_sendmsg: peer('send'),
	udp_sendmsg: peer('send'),
	udpv6_sendmsg: peer('send'),
	ip_send_skb: peer('send'),
	security_socket_sendmsg: peer('send'),
	tcp_recvmsg: peer('recv', '<-'),
	udp_recvmsg: peer('recv', '<-'),
	security_socket_recvmsg: peer('recv', '<-'),
	inet_csk_accept: local('accept'),
	security_socket_accept: local('accept'),
	sys_accept: local('accept'),
	sys_accept4: local('accept'),
	inet_bind: local('bind'),
	sys_bind: local('bind'),
	security_socket_bind: local('bind'),
	inet_listen: local('listen'),
	inet_csk_listen_start: local('listen'),
	security_socket_listen: local('listen'),
	__sk_destruct: peer('sock'),
	inet_sock_destruct: peer('sock'),
	security_socket_create: args => ({verb: 'sock', object: '', words: `socket(${args.map(argumentText).join(', ')})`}),
	sys_setuid: number('setuid', 'uid'),
	sys_setgid: number('setuid', 'gid'),
	sys_setreuid: number('setuid', 'ruid'),
	sys_setresuid: number('setuid', 'ruid'),
	security_task_fix_setuid: credentials,
	commit_creds: credentials,
	security_capset: credentials,
	cap_capable: all('cap', 'capability_arg'),
	security_capable: all('cap', 'capability_arg'),
	sys_ptrace: args => ({verb: 'ptrace', object: '', words: args.map(argumentText).join(' ')}),
	security_ptrace_access_check: args => ({verb: 'ptrace', object: '', words: args.map(argumentText).join(' ')}),
	sys_clock_settime: bare('clock', 'sets the clock'),
	proc_exec_connector: bare('exec', 'proc_exec_connector'),
	sys_setns: setns,
	create_user_ns: all('userns', 'user_ns_arg', 'user_namespace_arg', 'cred_arg', 'process_credentials_arg'),
	bpf_check: program,
	security_bpf: program,
	security_bpf_prog: program,
	security_bpf_prog_load: program,
	security_bpf_map: program,
	security_bpf_map_alloc: program,
	security_bpf_map_create: program,
	sys_bpf: program,
	security_perf_event_alloc: all('perf', 'perf_event_arg'),
	do_init_module: kernelModule,
	find_module_sections: kernelModule,
	free_module: kernelModule,
	layout_and_allocate: kernelModule,
	security_kernel_module_request: kernelModule,
	security_kernel_read_file: kernelModule,
	security_kernel_post_read_file: kernelModule,
	sys_finit_module: kernelModule,
	sys_init_module: kernelModule,
	sys_delete_module: kernelModule,
});

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null;
}

function textOf(argument: Argument | undefined): string {
	const value = argument?.['string_arg'];
	return typeof value === 'string' ? value : '';
}
