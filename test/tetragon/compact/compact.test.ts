import assert from 'node:assert/strict';
import test from 'node:test';
import {compactLine, compactLineOfFrame} from '../../../source/tetragon/compact/compact.js';
import {parseLine} from '../../../source/tetragon/json/json-lines.js';
import {decodeEvent} from '../../../source/tetragon/wire/decode.js';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';
import {frame, part} from '../build-frame.js';
import {compactTextOf, framesOf, jsonLinesOf, recordingNames, withJson} from '../recorded.js';

function joined(lines: readonly string[]): string {
	return `${lines.join('\n')}\n`;
}

for (const name of recordingNames()) {
	test(`the compact text of ${name} is tetra's, byte for byte, from protobuf`, () => {
		assert.equal(joined(framesOf(name).map(bytes => compactLineOfFrame(bytes))), compactTextOf(name));
	});
}

for (const name of withJson()) {
	test(`the compact text of ${name} is tetra's, byte for byte, from JSON`, () => {
		assert.equal(joined(jsonLinesOf(name).map(line => compactLine(parseLine(line) ?? {}))), compactTextOf(name));
	});
}

test("the compact text of fork-storm is tetra's from the whole event too", () => {
	assert.equal(
		joined(framesOf('fork-storm').map(bytes => compactLine(decodeEvent(bytes)))),
		compactTextOf('fork-storm'),
	);
});

const process = {binary: '/usr/bin/cat', pod: {namespace: 'ns', name: 'pod'}};

function kprobe(function_name: string, ...args: object[]) {
	return compactLine({node_name: 'node', process_kprobe: {process, function_name, args: args as never}});
}

/** What tetra v1.8.0-pre.0 printed for each. */
const printed: ReadonlyArray<readonly [string, readonly object[], string]> = [
	[
		'__x64_sys_write',
		[{file_arg: {path: '/etc/password'}}, {bytes_arg: ''}, {size_arg: '1234'}],
		'📝 write   ns/pod /usr/bin/cat /etc/password 1234 bytes',
	],
	[
		'__x64_sys_read',
		[{file_arg: {path: '/etc/x'}}, {}, {size_arg: '3'}],
		'📚 read    ns/pod /usr/bin/cat /etc/x 3 bytes',
	],
	['fd_install', [{int_arg: 3}, {file_arg: {path: '/etc/password'}}], '📬 open    ns/pod /usr/bin/cat /etc/password'],
	['__arm64_sys_openat', [{int_arg: 3}, {string_arg: '/etc/x'}], '📬️ openat  ns/pod /usr/bin/cat /etc/x'],
	['__x64_sys_open', [{string_arg: '/etc/x'}], '📬️ open    ns/pod /usr/bin/cat '],
	['__x64_sys_close', [{file_arg: {path: '/etc/password'}}], '📪 close   ns/pod /usr/bin/cat /etc/password'],
	['__x64_sys_mount', [{string_arg: '/dev/sda'}, {string_arg: '/mnt'}], '💾 mount   ns/pod /usr/bin/cat /dev/sda /mnt'],
	['__x64_sys_pivot_root', [{string_arg: '.'}, {string_arg: '/old'}], '💾 pivot_root ns/pod /usr/bin/cat . /old'],
	['__x64_sys_setuid', [{int_arg: 0}], '🔑 setuid  ns/pod /usr/bin/cat 0'],
	['__x64_sys_clock_settime', [], '⏰ clock_settime ns/pod /usr/bin/cat'],
	['proc_exec_connector', [], '🔧 proc_exec_connector ns/pod /usr/bin/cat'],
	['__x64_sys_setns', [{int_arg: 3}, {int_arg: 0x40_00_00_00}], '🔧 setns   ns/pod /usr/bin/cat net'],
	[
		'tcp_connect',
		[{sock_arg: {saddr: '10.0.0.1', sport: 1234, daddr: '1.2.3.4', dport: 443}}],
		'🔌 connect ns/pod /usr/bin/cat tcp 10.0.0.1:1234 -> 1.2.3.4:443',
	],
	[
		'tcp_sendmsg',
		[{sock_arg: {saddr: '10.0.0.1', sport: 1, daddr: '1.2.3.4', dport: 443}}, {int_arg: 74}],
		'📤 sendmsg ns/pod /usr/bin/cat tcp 10.0.0.1:1 -> 1.2.3.4:443 bytes 74',
	],
	[
		'bpf_check',
		[{bpf_attr_arg: {ProgType: 'BPF_PROG_TYPE_KPROBE', InsnCnt: 2048, ProgName: 'amazing-program'}}],
		'🐝 bpf_load ns/pod /usr/bin/cat BPF_PROG_TYPE_KPROBE amazing-program instruction count 2048',
	],
	[
		'security_perf_event_alloc',
		[{perf_event_arg: {Type: 'PERF_TYPE_TRACEPOINT', KprobeFunc: 'commit_creds'}}],
		'🐝 perf_event_alloc ns/pod /usr/bin/cat PERF_TYPE_TRACEPOINT commit_creds',
	],
	[
		'security_bpf_map_alloc',
		[{bpf_map_arg: {MapType: 'BPF_MAP_TYPE_HASH', MapName: 'amazing-map', KeySize: 8, ValueSize: 8, MaxEntries: 1024}}],
		'🗺 bpf_map_create ns/pod /usr/bin/cat BPF_MAP_TYPE_HASH amazing-map key size 8 value size 8 max entries 1024',
	],
	[
		'security_file_permission',
		[{file_arg: {path: '/etc/shadow'}}, {int_arg: 4}],
		'📚 read    ns/pod /usr/bin/cat /etc/shadow',
	],
	[
		'security_file_permission',
		[{file_arg: {path: '/etc/shadow'}}, {int_arg: 1}],
		'❓ security_file_permission ns/pod /usr/bin/cat /etc/shadow',
	],
	['security_mmap_file', [{file_arg: {path: '/lib/x.so'}}, {uint_arg: 5}], '📝 mmap-rx ns/pod /usr/bin/cat /lib/x.so'],
	['security_path_truncate', [{path_arg: {path: '/etc/x'}}], '📝 truncate ns/pod /usr/bin/cat /etc/x'],
	['unhandled_function', [{int_arg: 1}], '❓ syscall ns/pod /usr/bin/cat unhandled_function'],
];

for (const [name, args, line] of printed) {
	test(`${name} reads "${line.slice(0, 40)}..."`, () => {
		assert.equal(kprobe(name, ...args), line);
		const bytes = encodeMessage('GetEventsResponse', {process_kprobe: {process, function_name: name, args}});
		assert.equal(compactLineOfFrame(bytes), line);
	});
}

function enter(...args: object[]) {
	return compactLine(
		{process_tracepoint: {process, subsys: 'raw_syscalls', event: 'sys_enter', args: args as never}},
		{abi: 'x64'},
	);
}

test('system calls have their arguments, those of another ABI its name', () => {
	assert.equal(
		enter({syscall_id: {id: 257, abi: 'x64'}}, {size_arg: '3'}, {size_arg: '4096'}),
		'☎  syscall ns/pod /usr/bin/cat openat(int dfd=3, const char *filename=0x1000, int flags=?, umode_t mode=?)',
	);
	assert.equal(enter({syscall_id: {id: 318, abi: 'i386'}}), '☎  syscall ns/pod /usr/bin/cat i386/getcpu');
	assert.equal(enter({syscall_id: {id: 79, abi: 'arm64'}}), '☎  syscall ns/pod /usr/bin/cat arm64/newfstatat');
	assert.equal(enter({long_arg: '107'}), '☎  syscall ns/pod /usr/bin/cat geteuid', 'agents before v1.3');
	assert.equal(enter({syscall_id: {id: 435, abi: 'x64'}}), '☎  syscall ns/pod /usr/bin/cat unknown', 'as tetra has it');
});

test('a foreign text with a space, a control or a bidi character is quoted as Go quotes', () => {
	function exec(text: string) {
		return compactLine({node_name: 'n', process_exec: {process: {binary: '/b', arguments: text}}});
	}

	assert.equal(exec('a"b\\c'), '🚀 process n /b a"b\\c', 'neither space nor control: as it is');
	assert.equal(exec('a "b"\\'), '🚀 process n /b "a \\"b\\"\\\\"');
	assert.equal(exec('\u001b[2J\r\n\t\u0007\u007f'), '🚀 process n /b "\\x1b[2J\\r\\n\\t\\a\\x7f"');
	assert.equal(exec('\u202e\u200b\u009b\u00a0'), '🚀 process n /b "\\u202e\\u200b\\u009b\\u00a0"');
	assert.equal(exec('\u{e0041}x\u00e9\u{1f600}'), '🚀 process n /b "\\U000e0041xé😀"');
	assert.equal(exec('é😀\ufffd'), '🚀 process n /b é😀\ufffd');
});

test('the trailer stands for 22 effective capabilities, whichever they are, and ends at column 120', () => {
	function line(count: number, binary: string) {
		return compactLine({
			node_name: 'n',
			process_exec: {process: {binary, cap: {effective: Array.from({length: count}, () => 'CAP_CHOWN')}}},
		});
	}

	assert.ok(!line(21, '/b').includes('🛑'));
	const padded = line(22, '/b');
	assert.ok(padded.endsWith('  🛑 CAP_SYS_ADMIN'));
	// The line, a blank, and the trailer of 15 characters right-aligned in what is left of 120.
	assert.equal(Buffer.byteLength(padded.slice(0, padded.indexOf('🛑'))) + 15, 120 + 1);
	assert.ok(line(22, `/${'b'.repeat(200)}`).endsWith('b  🛑 CAP_SYS_ADMIN'));
});

test('a timestamp has nine digits, and the epoch where the event has no time', () => {
	const event = {node_name: 'n', process_exec: {process: {binary: '/b'}}};

	function at(time?: string) {
		return compactLine(time === undefined ? event : {...event, time}, {timestamps: true});
	}

	assert.equal(at('2026-09-21T14:13:20.12Z'), '2026-09-21T14:13:20.120000000Z 🚀 process n /b ');
	assert.equal(at('2026-09-21T14:13:20Z'), '2026-09-21T14:13:20.000000000Z 🚀 process n /b ');
	assert.equal(at(), '1970-01-01T00:00:00.000000000Z 🚀 process n /b ');
});

test('stack traces and hashes stand below, unless they are not wanted', () => {
	const event = {
		process_kprobe: {
			process,
			function_name: 'f',
			kernel_stack_trace: [{address: '18446744072635812345', offset: '16', symbol: 'do_x'}],
			user_stack_trace: [
				{offset: '255', module: '/lib/a b.so'},
				{symbol: 'main', offset: '1', module: '/bin/x'},
			],
		},
	};
	assert.equal(
		compactLine(event),
		'❓ syscall ns/pod /usr/bin/cat f\nKernel:\n   0xffffffffc00009f9: do_x+0x10\nUser:\n   0x0: ("/lib/a b.so"+0xff)\n   0x0: main (/bin/x+0x1)',
	);
	assert.equal(compactLine(event, {stackTraces: false}), '❓ syscall ns/pod /usr/bin/cat f');
	const lsm = {
		process_lsm: {process, function_name: 'file_open', args: [{file_arg: {path: '/x'}}], ima_hash: 'sha256:ab'},
	};
	assert.equal(compactLine(lsm), '🔒 LSM     ns/pod /usr/bin/cat file_open\n   /x sha256:ab');
	assert.equal(compactLine(lsm, {imaHash: false}), '🔒 LSM     ns/pod /usr/bin/cat file_open');
});

test("colours are tetra's: sign blue, source green, binary magenta, arguments cyan, status red", () => {
	const exit = {node_name: 'n', process_exit: {process: {binary: '/b', arguments: '-x'}, signal: 'SIGKILL'}};
	const line = compactLine(exit, {color: true});
	assert.ok(
		line.startsWith(
			'\u001b[34m💥 exit   \u001b[0m \u001b[32mn\u001b[0m \u001b[35m/b\u001b[0m \u001b[36m-x\u001b[0m \u001b[31mSIGKILL\u001b[0m',
		),
	);
});

test('where tetra gives up or dies there is a line all the same', () => {
	assert.equal(
		compactLine({node_name: 'n', rate_limit_info: {number_of_dropped_process_events: '17'}}),
		'❓ rate_limit_info n 17 events dropped by the exporter',
	);
	assert.equal(compactLineOfFrame(frame(part(1000, 'n'), part(31, ''))), '❓ unknown n event 31');
	assert.equal(compactLine(parseLine('{"process_new":{}}') ?? {}), '❓ unknown  event process_new');
	assert.equal(compactLineOfFrame(Buffer.from([0x0a])), '❓ unknown 1 bytes that are no event');
	assert.equal(compactLine({node_name: 'n', process_exec: {}}), '🚀 process n  ');
	assert.equal(kprobe('tcp_connect', {int_arg: 1}), '🔌 connect ns/pod /usr/bin/cat tcp :0 -> :0');
	assert.equal(kprobe('bpf_check', {int_arg: 1}), '🐝 bpf_load ns/pod /usr/bin/cat   instruction count 0');
	assert.equal(kprobe('constructor'), '❓ syscall ns/pod /usr/bin/cat constructor');
});

test("a JSON line with values of other types than the contract's gives a line, not an exception", () => {
	for (const line of [
		'{"process_exec":{"process":{"binary":7,"arguments":[1],"pod":{"namespace":{}}}}}',
		'{"process_kprobe":{"process":null,"function_name":3,"args":[null,{"sock_arg":1}]}}',
		'{"process_kprobe":{"process":{},"function_name":"tcp_connect","args":{"0":1}}}',
		'{"process_tracepoint":{"subsys":"raw_syscalls","event":"sys_enter","args":[{"syscall_id":"x"}]}}',
		'{"process_lsm":{"ima_hash":"x","function_name":"file_open","args":[{"file_arg":"x"}]}}',
		'{"process_exec":5,"node_name":5,"time":5}',
	]) {
		assert.equal(typeof compactLine(parseLine(line) ?? {}, {timestamps: true}), 'string');
	}
});
