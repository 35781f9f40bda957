/** An argument of a hook as short text with its value: `"/etc/shadow"`, `tcp 10.0.0.1:80`, `CAP_SYS_ADMIN`. */
import {table} from '../../runtime/table.js';
import type {Argument} from '../event/event.js';
import {syscallName} from './syscalls.js';

type Json = Readonly<Record<string, unknown>>;

const writers: Readonly<Record<string, (value: never) => string>> = table<(value: never) => string>({
	string_arg: (value: string) => JSON.stringify(value),
	int_arg: String,
	uint_arg: String,
	size_arg: String,
	long_arg: String,
	bytes_arg: (value: unknown) => bytesText(String(value)),
	truncated_bytes_arg: (value: Json) =>
		`${bytesText(String(value['bytes_arg'] ?? ''))} of ${value['orig_size'] ?? '?'} B`,
	path_arg: (value: Json) => pathText(value),
	file_arg: (value: Json) => pathText(value),
	linux_binprm_arg: (value: Json) => pathText(value),
	sock_arg: (value: Json) => flowText(value),
	skb_arg: (value: Json) => `${flowText(value)} ${value['len'] ?? 0} B`,
	sockaddr_arg: (value: Json) => addressText(value['addr'], value['port']),
	sockaddrun_arg: (value: Json) => `unix:${value['path'] ?? ''}`,
	cred_arg: (value: Json) => capabilitiesText(value),
	bpf_attr_arg: (value: Json) => programText(value),
	bpf_prog_arg: (value: Json) => programText(value),
	perf_event_arg: (value: Json) => [value['Type'], value['KprobeFunc']].filter(Boolean).join(' '),
	bpf_map_arg: (value: Json) =>
		`${[value['MapType'], value['MapName']].filter(Boolean).join(' ')} ${value['MaxEntries'] ?? 0} entries`,
	user_namespace_arg: (value: Json) => namespaceText(value, value['owner']),
	user_ns_arg: (value: Json) => namespaceText(value, value['uid']),
	capability_arg: (value: Json) => String(value['name'] ?? value['value'] ?? ''),
	process_credentials_arg: (value: Json) => credentialsText(value),
	module_arg: (value: Json) => moduleText(value),
	kernel_cap_t_arg: String,
	cap_inheritable_arg: String,
	cap_permitted_arg: String,
	cap_effective_arg: String,
	net_dev_arg: (value: Json) => String(value['name'] ?? ''),
	bpf_cmd_arg: String,
	syscall_id: (value: Json) => syscallText(value),
	error_arg: (value: Json) => `error ${value['Message'] ?? ''}`,
});

/** `label=value` where the policy labels the argument. A oneof case that proto/ does not know is shown as its JSON. */
export function argumentText(argument: Argument): string {
	for (const name in argument) {
		if (name !== 'label') {
			const text = valueText(name, argument[name]);
			return argument.label === undefined || argument.label === '' ? text : `${argument.label}=${text}`;
		}
	}

	return argument.label ?? '?';
}

function valueText(name: string, value: unknown): string {
	const write = writers[name];
	if (write === undefined || value === undefined || value === null) {
		return JSON.stringify(value) ?? '?';
	}

	// A JSON line can hold anything under a known name.
	if ((typeof value === 'object') !== objectCases.has(name)) {
		return JSON.stringify(value);
	}

	return (write as (value: unknown) => string)(value);
}

const objectCases = new Set(
	Object.keys(writers).filter(
		name =>
			!/^(string|int|uint|size|long|bytes|bpf_cmd|kernel_cap_t|cap_inheritable|cap_permitted|cap_effective)_arg$/.test(
				name,
			),
	),
);

/** The path of a file, path or binprm argument; '' where it has none. */
export function pathOf(argument: Argument | undefined): string {
	const holder = argument?.['file_arg'] ?? argument?.['path_arg'] ?? argument?.['linux_binprm_arg'];
	const path = isObject(holder) ? holder['path'] : undefined;
	return typeof path === 'string' ? path : '';
}

/** The far end of a socket argument, `1.2.3.4:443`; '' where there is none. */
export function peerOf(argument: Argument | undefined): string {
	const flow = argument?.['sock_arg'] ?? argument?.['skb_arg'];
	if (isObject(flow)) {
		return flow['daddr'] === undefined ? '' : addressText(flow['daddr'], flow['dport']);
	}

	const address = argument?.['sockaddr_arg'];
	if (isObject(address)) {
		return addressText(address['addr'], address['port']);
	}

	const local = argument?.['sockaddrun_arg'];
	return isObject(local) ? `unix:${local['path'] ?? ''}` : '';
}

/** `1.2.3.4:80`, `[::1]:80`. */
export function addressText(address: unknown, port: unknown): string {
	const text = String(address ?? '');
	return `${text.includes(':') ? `[${text}]` : text}:${port ?? 0}`;
}

function pathText(value: Json): string {
	const flags = value['flags'] === undefined || value['flags'] === '' ? '' : ` (${value['flags']})`;
	return `${value['path'] ?? ''}${flags}`;
}

function flowText(value: Json): string {
	const protocol = String(value['protocol'] ?? value['family'] ?? 'sock')
		.replace(/^IPPROTO_/, '')
		.toLowerCase();
	const from = addressText(value['saddr'], value['sport']);
	return `${protocol} ${from} -> ${addressText(value['daddr'], value['dport'])}`;
}

function programText(value: Json): string {
	return `${[value['ProgType'], value['ProgName']].filter(Boolean).join(' ')} ${value['InsnCnt'] ?? 0} instructions`;
}

function namespaceText(value: Json, owner: unknown): string {
	const namespace = value['ns'];
	const inum = isObject(namespace) && namespace['inum'] !== undefined ? ` ns ${namespace['inum']}` : '';
	return `userns level ${value['level'] ?? 0} owner ${owner ?? 0}${inum}`;
}

function moduleText(value: Json): string {
	const tainted = Array.isArray(value['tainted']) ? ` ${value['tainted'].join(' ')}` : '';
	const unsigned = value['signature_ok'] === false ? ' unsigned' : '';
	return `${value['name'] ?? ''}${unsigned}${tainted}`;
}

const idNames = ['uid', 'gid', 'euid', 'egid', 'suid', 'sgid', 'fsuid', 'fsgid'];

function credentialsText(value: Json): string {
	const ids = idNames.filter(name => value[name] !== undefined).map(name => `${name}=${value[name]}`);
	const caps = value['caps'];
	return [...ids, ...(isObject(caps) ? [capabilitiesText(caps)] : [])].join(' ');
}

/** Only the effective capabilities, and of more than six only their number: whole lists of forty are too long to read. */
function capabilitiesText(value: Json): string {
	const effective = Array.isArray(value['effective']) ? value['effective'] : [];
	const shown = effective.length > 6 ? `${effective.length} capabilities` : effective.join(',') || 'none';
	return `effective ${shown}`;
}

function syscallText(value: Json): string {
	const abi = String(value['abi'] ?? '');
	const id = Number(value['id'] ?? 0);
	const name = syscallName(abi, id);
	return name === '' ? `syscall ${id} (${abi})` : name;
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null;
}

const shownBytes = 32;

/** Printable text in quotes, anything else as hex; the first 32 bytes of it. */
function bytesText(base64: string): string {
	const bytes = Buffer.from(base64, 'base64');
	const shown = bytes.subarray(0, shownBytes);
	const more = bytes.length > shownBytes ? `... (${bytes.length} B)` : '';
	const text = shown.toString('latin1');
	return /^[\x20-\x7e\t\n\r]+$/.test(text) ? `${JSON.stringify(text)}${more}` : `0x${shown.toString('hex')}${more}`;
}
