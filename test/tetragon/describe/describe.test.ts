import assert from 'node:assert/strict';
import test from 'node:test';
import {argumentText} from '../../../source/tetragon/describe/argument-text.js';
import {describe} from '../../../source/tetragon/describe/describe.js';
import type {Argument, Event} from '../../../source/tetragon/event/event.js';
import {parseLine} from '../../../source/tetragon/json/json-lines.js';
import {decodeEvent} from '../../../source/tetragon/wire/decode.js';
import {messageOf} from '../../../source/tetragon/wire/schema-table.js';
import {framesOf, recordingNames} from '../recorded.js';

const process = {binary: '/usr/bin/curl', arguments: '-s http://x', start_time: '2026-01-01T00:00:00Z'};
const sock = {sock_arg: {protocol: 'IPPROTO_TCP', saddr: '10.0.0.1', sport: 5, daddr: '203.0.113.9', dport: 80}};
const file = {file_arg: {path: '/etc/shadow'}};

function kprobe(function_name: string, args: readonly object[], rest: object = {}): Event {
	return {
		process_kprobe: {process, function_name, args: args as Argument[], ...rest},
	};
}

function said(event: Event): string {
	const {verb, detail, object} = describe(event);
	return `${verb}: ${detail}${object === '' ? '' : ` | ${object}`}`;
}

const sayings: ReadonlyArray<readonly [Event, string]> = [
	[{process_exec: {process}}, 'exec: /usr/bin/curl -s http://x | /usr/bin/curl'],
	[{process_exit: {process, status: 7}}, 'exit: curl 7'],
	[{process_exit: {process}, time: '2026-01-01T00:00:00.011Z'}, 'exit: curl 0 (11ms)'],
	[{process_exit: {process, signal: 'SIGKILL'}, time: '2026-01-01T02:03:04Z'}, 'exit: curl SIGKILL (2h3m)'],
	[kprobe('tcp_connect', [sock]), 'conn: curl -> 203.0.113.9:80 | 203.0.113.9:80'],
	[kprobe('tcp_close', [sock]), 'close: curl -> 203.0.113.9:80 | 203.0.113.9:80'],
	[kprobe('tcp_sendmsg', [sock, {int_arg: 74}]), 'send: curl -> 203.0.113.9:80 (74 B) | 203.0.113.9:80'],
	[
		kprobe('__x64_sys_connect', [{int_arg: 3}, {sockaddr_arg: {addr: '::1', port: 443}}]),
		'conn: curl -> [::1]:443 | [::1]:443',
	],
	[
		kprobe('security_socket_bind', [{sockaddrun_arg: {path: '/run/x.sock'}}]),
		'bind: curl  unix:/run/x.sock | unix:/run/x.sock',
	],
	[kprobe('inet_csk_accept', [sock]), 'accept: curl 10.0.0.1:5 <- 203.0.113.9:80 | 10.0.0.1:5'],
	[kprobe('security_file_permission', [file, {int_arg: 2}]), 'write: curl /etc/shadow (write) | /etc/shadow'],
	[
		kprobe('security_file_permission', [file, {int_arg: 4}], {return: {int_arg: 0}}),
		'read: curl /etc/shadow (read) = 0 | /etc/shadow',
	],
	[kprobe('security_mmap_file', [file, {uint_arg: 5}]), 'mmap: curl /etc/shadow (r-x) | /etc/shadow'],
	[kprobe('security_path_truncate', [{path_arg: {path: '/a'}}]), 'trunc: curl /a | /a'],
	[
		kprobe('__x64_sys_write', [file, {bytes_arg: 'YQ=='}, {size_arg: '1234'}]),
		'write: curl /etc/shadow (1234 B) | /etc/shadow',
	],
	[kprobe('__x64_sys_read', [file]), 'read: curl /etc/shadow | /etc/shadow'],
	[kprobe('fd_install', [{int_arg: 3}, file]), 'open: curl /etc/shadow | /etc/shadow'],
	[kprobe('__x64_sys_openat', [{int_arg: -100}, {string_arg: '/a b'}]), 'open: curl /a b | /a b'],
	[kprobe('__x64_sys_open', [{string_arg: '/a'}]), 'open: curl /a | /a'],
	[kprobe('__x64_sys_close', [file]), 'close: curl /etc/shadow | /etc/shadow'],
	[kprobe('__x64_sys_mount', [{string_arg: '/dev/sda'}, {string_arg: '/mnt'}]), 'mount: curl /dev/sda -> /mnt | /mnt'],
	[kprobe('__x64_sys_pivot_root', [{string_arg: '.'}, {string_arg: '/old'}]), 'pivot: curl . -> /old | /old'],
	[kprobe('__x64_sys_setuid', [{int_arg: 0}]), 'setuid: curl uid 0 | 0'],
	[kprobe('__x64_sys_clock_settime', []), 'clock: curl sets the clock'],
	[kprobe('__x64_sys_setns', [{int_arg: 3}, {int_arg: 0x40_00_00_00}]), 'setns: curl namespace net | net'],
	[kprobe('proc_exec_connector', []), 'exec: curl proc_exec_connector'],
	[
		kprobe('bpf_check', [{bpf_attr_arg: {ProgType: 'KPROBE', ProgName: 'p', InsnCnt: 2048}}]),
		'bpf: curl KPROBE p 2048 instructions | KPROBE p 2048 instructions',
	],
	[
		kprobe('security_perf_event_alloc', [{perf_event_arg: {Type: 'PERF_TYPE_TRACEPOINT', KprobeFunc: 'f'}}]),
		'perf: curl PERF_TYPE_TRACEPOINT f | PERF_TYPE_TRACEPOINT f',
	],
	[
		kprobe('security_bpf_map_alloc', [{bpf_map_arg: {MapType: 'HASH', MapName: 'm', MaxEntries: 9}}]),
		'bpf: curl HASH m 9 entries | HASH m 9 entries',
	],
	[
		kprobe('cap_capable', [{capability_arg: {value: 21, name: 'CAP_SYS_ADMIN'}}]),
		'cap: curl CAP_SYS_ADMIN | CAP_SYS_ADMIN',
	],
	[
		kprobe('do_init_module', [{module_arg: {name: 'evil', signature_ok: false}}]),
		'mod: curl evil unsigned | evil unsigned',
	],
	[kprobe('commit_creds', [{process_credentials_arg: {uid: 0, euid: 0}}]), 'cred: curl uid=0 euid=0 | uid=0 euid=0'],
	[kprobe('security_bprm_check', [{linux_binprm_arg: {path: '/tmp/x'}}]), 'exec: curl /tmp/x | /tmp/x'],
	[
		kprobe('strange', [{string_arg: 'a"b'}, {int_arg: -1, label: 'fd'}, {size_arg: '18446744073709551615'}], {
			message: 'Look: "here"',
		}),
		'kprobe: curl strange("a\\"b", fd=-1, 18446744073709551615) "Look: \\"here\\"" | a"b',
	],
	[kprobe('tcp_connect', [{int_arg: 1}]), 'kprobe: curl tcp_connect(1)'],
	[kprobe('constructor', []), 'kprobe: curl constructor()'],
	[{process_lsm: {process, function_name: 'file_open', args: [file]}}, 'open: curl /etc/shadow | /etc/shadow'],
	[{process_lsm: {process, function_name: 'userns_create', args: []}}, 'lsm: curl userns_create()'],
	[{process_tracepoint: {process, subsys: 'sched', event: 'fork', args: [{int_arg: 7}]}}, 'tp: curl sched/fork(7)'],
	[
		{process_tracepoint: {process, subsys: 'syscalls', event: 'sys_enter_lseek', args: [{size_arg: '3'}]}},
		'sys: curl lseek(3)',
	],
	[
		{
			process_tracepoint: {
				process,
				subsys: 'raw_syscalls',
				event: 'sys_enter',
				args: [{syscall_id: {id: 257, abi: 'x64'}}, {size_arg: '3'}],
			},
		},
		'sys: curl openat(dfd=3)',
	],
	[
		{
			process_tracepoint: {
				process,
				subsys: 'raw_syscalls',
				event: 'sys_enter',
				args: [{syscall_id: {id: 318, abi: 'i386'}}],
			},
		},
		'sys: curl i386/getcpu()',
	],
	[
		{process_uprobe: {process, path: '/bin/bash', symbol: 'readline', args: [{string_arg: 'id'}]}},
		'uprobe: curl readline("id") in /bin/bash | /bin/bash',
	],
	[
		{process_uprobe: {process, path: '/bin/bash', offset: '255'}},
		'uprobe: curl offset 0xff() in /bin/bash | /bin/bash',
	],
	[
		{process_usdt: {process, path: '/x', provider: 'p', name: 'n', args: [{long_arg: '-1'}]}},
		'usdt: curl p:n(-1) in /x | /x',
	],
	[{process_loader: {process, path: '/lib/c.so'}}, 'load: curl /lib/c.so | /lib/c.so'],
	[{process_throttle: {type: 'THROTTLE_START', cgroup: 'c\0\0'}}, 'thr: start throttling of cgroup c | c'],
	[{rate_limit_info: {number_of_dropped_process_events: '5'}}, 'limit: the exporter dropped 5 events (its rate limit)'],
	[{test: {}}, 'test: test event'],
	[{$unknown: [31]}, '?: unknown event 31'],
	[{$unknown: [1099]}, '?: event without content'],
	[parseLine('{"process_new": {"x": 1}}') ?? {}, '?: unknown event process_new'],
	[{}, '?: event without content'],
];

for (const [event, words] of sayings) {
	test(words, () => {
		assert.equal(said(event), words);
	});
}

/** A value that cannot be taken for another, of each type in the contract. */
const values: Readonly<Record<string, unknown>> = {
	string: 'marked-77',
	bytes: Buffer.from('marked-77').toString('base64'),
	int32: 77,
	uint32: 77,
	int64: '77',
	uint64: '77',
	enum: 'BPF_PROG_LOAD',
};

for (const field of messageOf('KprobeArgument').fields.filter(each => each.oneof === 'arg')) {
	test(`an argument of case ${field.name} is shown with its real value`, () => {
		function fill(kind: string): unknown {
			return values[kind] ?? 77;
		}

		const value =
			field.kind === 'message'
				? Object.fromEntries(
						field
							.message()
							.fields.filter(inner => inner.kind !== 'message' && !inner.repeated)
							.map(inner => [inner.name, inner.kind === 'wrapper' ? fill(inner.inner) : fill(inner.kind)]),
					)
				: fill(field.kind);
		const text = argumentText({[field.name]: value});
		assert.match(text, field.name === 'cred_arg' ? /^effective none$/ : /77|BPF_PROG_LOAD/);
		assert.doesNotMatch(text, /object Object|undefined/);
		assert.ok(argumentText({[field.name]: value, label: 'name'}).startsWith('name='));
	});
}

test('bytes are shown as text where they are text, as hex where not, and never without end', () => {
	function text(bytes: Buffer) {
		return argumentText({bytes_arg: bytes.toString('base64')});
	}

	assert.equal(text(Buffer.from('GET / HTTP/1.1\r\n')), '"GET / HTTP/1.1\\r\\n"');
	assert.equal(text(Buffer.from([0x7f, 0x45, 0x4c, 0x46])), '0x7f454c46');
	assert.match(text(Buffer.alloc(4096)), /^0x(00){32}\.\.\. \(4096 B\)$/);
});

test('a case of the oneof that a newer agent brings is shown as its JSON', () => {
	assert.equal(argumentText({dentry_arg: {name: 'x'}, label: 'where'}), 'where={"name":"x"}');
});

test('every recorded event has a verb and a detail without a placeholder', () => {
	for (const name of recordingNames()) {
		for (const bytes of framesOf(name).slice(0, 2000)) {
			const {verb, detail} = describe(decodeEvent(bytes));
			assert.ok(verb.length > 0 && verb.length <= 8, verb);
			assert.doesNotMatch(detail, /object Object|undefined|NaN/);
			assert.ok(detail.length > 0);
		}
	}
});

test("values of other types than the contract's, as a foreign JSON line may have them, never throw", () => {
	const strange = [null, 7, 'x', [], {}, [null], {path: 7}, {caps: null}, true];
	const fields = messageOf('KprobeArgument').fields.map(field => field.name);
	for (const value of strange) {
		for (const kind of [
			'process_exec',
			'process_exit',
			'process_kprobe',
			'process_lsm',
			'process_tracepoint',
			'process_uprobe',
			'process_usdt',
			'process_loader',
			'process_throttle',
			'rate_limit_info',
		]) {
			describe(parseLine(JSON.stringify({[kind]: value, $unknown: value})) ?? {});
			for (const key of [
				'process',
				'args',
				'data',
				'return',
				'function_name',
				'message',
				'subsys',
				'path',
				'offset',
				'status',
				'time',
			]) {
				describe(parseLine(JSON.stringify({[kind]: {process, function_name: 'tcp_connect', [key]: value}})) ?? {});
			}
		}

		for (const name of fields) {
			for (const hook of ['tcp_connect', 'security_file_permission', 'inet_csk_accept', 'commit_creds', 'other']) {
				describe(kprobe(hook, [{[name]: value}, {[name]: value}]));
			}
		}
	}
});
