/**
An event in words, for the feed and the kill pane: a short verb, the object acted on, and the whole in one line. All texts
are foreign and raw. Verdicts (KILLED, DENIED) depend on the policy's mode, which an event does not have: store/kills finds them.
*/

import {baseName} from '../event/base-name.js';
import {type Argument, bodyOf, type Event, type EventBody, kindOf} from '../event/event.js';
import type {KnownKind} from '../event/kinds.js';
import {instantMs} from '../wire/timestamp.js';
import {argumentText} from './argument-text.js';
import {describeFunction, type Said} from './functions.js';
import {argumentsOf, syscallName, withoutArch} from './syscalls.js';
import {unknownCase} from './unknown-event.js';

export type Description = {
	/** One short word: exec, exit, open, read, write, conn, … */
	readonly verb: string;
	/** Base name of the binary; '' where the event has no process. */
	readonly subject: string;
	/** The file, socket, module, … that was acted on; '' where it is not known. */
	readonly object: string;
	/** Subject, object and the rest in one line: `cat /etc/shadow (write)`, with the return value and the policy's message. */
	readonly detail: string;
};

/** Bytes of what is no event that its words have. */
const mostHex = 32;

type Describe = (body: EventBody, event: Event) => Description;

const describers: Readonly<Record<KnownKind, Describe>> = {
	process_exec: body => ({
		verb: 'exec',
		subject: subjectOf(body),
		object: text(body.process?.binary),
		detail: commandLine(body),
	}),
	process_exit: (body, event) => ({
		verb: 'exit',
		subject: subjectOf(body),
		object: '',
		detail: `${subjectOf(body)} ${exitText(event, body)}`,
	}),
	process_kprobe: hook(body => sayFunction('kprobe', body)),
	process_tracepoint: hook(body => sayTracepoint(text(body['subsys']), text(body['event']), argumentsIn(body))),
	process_loader(body) {
		const path = text(body['path']);
		return {verb: 'load', subject: subjectOf(body), object: path, detail: `${subjectOf(body)} ${path}`};
	},
	process_uprobe: hook(body => {
		const path = text(body['path']);
		const symbol = text(body['symbol']) || `offset 0x${hex(body['offset'])}`;
		return {verb: 'uprobe', object: path, words: `${call(symbol, argumentsIn(body))} in ${path}`};
	}),
	process_throttle(body) {
		const type = text(body['type']).replace('THROTTLE_', '').toLowerCase();
		// The agent pads the name with NUL bytes.
		const cgroup = text(body['cgroup']).replace(/\0+$/, '');
		return {verb: 'thr', subject: '', object: cgroup, detail: `${type || '?'} throttling of cgroup ${cgroup}`};
	},
	process_lsm: hook(body => sayFunction('lsm', body)),
	process_usdt: hook(body => {
		const path = text(body['path']);
		const probe = `${text(body['provider'])}:${text(body['name'])}`;
		return {verb: 'usdt', object: path, words: `${call(probe, argumentsIn(body))} in ${path}`};
	}),
	test: () => ({verb: 'test', subject: '', object: '', detail: 'test event'}),
	rate_limit_info(body) {
		const count = String(body['number_of_dropped_process_events'] ?? '0');
		return {verb: 'limit', subject: '', object: '', detail: `the exporter dropped ${count} events (its rate limit)`};
	},
};

/** Never throws, whatever a JSON line has under the names of the contract. */
export function describe(event: Event): Description {
	const kind = kindOf(event);
	if (kind === 'unknown') {
		const subject = subjectOf(bodyOf(event) ?? {});
		return {verb: '?', subject, object: '', detail: `${subject} ${unknownText(event)}`.trim()};
	}

	const body: EventBody = isObject(event[kind]) ? event[kind] : {};
	return describers[kind](body, event);
}

/** The event of a hook: its words, and after them what every hook can have. */
function hook(say: (body: EventBody) => Said): Describe {
	return body => {
		const {verb, object, words} = say(body);
		const subject = subjectOf(body);
		return {verb, subject, object, detail: [subject, words, ...tail(body)].join(' ').trim()};
	};
}

function subjectOf(body: EventBody): string {
	return baseName(text(body.process?.binary));
}

function unknownText(event: Event): string {
	if (event.$malformed !== undefined && event.$length !== undefined) {
		const start = Buffer.from(event.$malformed, 'base64').subarray(0, mostHex).toString('hex');
		const what = event.$length === 1 ? '1 byte that is' : `${event.$length} bytes that are`;
		return `${what} no event: ${start}${event.$length > mostHex ? '…' : ''}`;
	}

	const what = unknownCase(event);
	return what === '' ? 'event without content' : `unknown event ${what}`;
}

function commandLine({process}: EventBody): string {
	return `${text(process?.binary)} ${text(process?.arguments)}`.trim();
}

/** An exit by a signal has status 0 on the wire, so the signal is shown instead of the status. */
function exitText(event: Event, body: EventBody): string {
	const ended = text(body.signal) === '' ? String(body.status ?? 0) : text(body.signal);
	const lived = instantMs(event.time ?? body.time) - instantMs(body.process?.start_time);
	return lived >= 0 ? `${ended} (${duration(lived)})` : ended;
}

function duration(ms: number): string {
	if (ms < 1000) {
		return `${Math.round(ms)}ms`;
	}

	const seconds = ms / 1000;
	if (seconds < 60) {
		return `${seconds.toFixed(1)}s`;
	}

	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) {
		return `${minutes}m${Math.floor(seconds % 60)}s`;
	}

	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours}h${minutes % 60}m` : `${Math.floor(hours / 24)}d${hours % 24}h`;
}

function sayFunction(verb: string, body: EventBody): Said {
	const args = argumentsIn(body);
	const name = text(body.function_name);
	return describeFunction(withoutArch(name), args) ?? {verb, object: firstObject(args), words: call(name, args)};
}

function sayTracepoint(subsystem: string, name: string, args: readonly Argument[]): Said {
	if (subsystem === 'raw_syscalls' && name === 'sys_enter') {
		return {verb: 'sys', object: '', words: rawSyscall(args)};
	}

	const known = subsystem === 'syscalls' && name.startsWith('sys_enter_');
	const words = known ? call(name.slice('sys_enter_'.length), args) : call(`${subsystem}/${name}`, args);
	return {verb: known ? 'sys' : 'tp', object: firstObject(args), words};
}

/** `openat(dfd=3, filename=0x1000)`: the number is the first argument, the call's own follow as far as the policy asks for them. */
function rawSyscall(args: readonly Argument[]): string {
	const [first, ...rest] = args;
	const id = first?.['syscall_id'] as {id?: number; abi?: string} | undefined;
	const number = Number(id?.id ?? first?.['long_arg'] ?? first?.['size_arg'] ?? 0);
	const abi = id?.abi ?? 'x64';
	const name = syscallName(abi, number) || `syscall ${number}`;
	const names = argumentsOf(name) ?? [];
	const values = rest.map((argument, index) => {
		const label = names[index]?.name;
		return label === undefined ? argumentText(argument) : `${label}=${argumentText(argument)}`;
	});
	return `${abi === 'x64' || abi === 'arm64' ? '' : `${abi}/`}${name}(${values.join(', ')})`;
}

/** `function(arg, arg)`, with the real values. */
export function call(name: string, args: readonly Argument[]): string {
	return `${name}(${args.map(argumentText).join(', ')})`;
}

function firstObject(args: readonly Argument[]): string {
	for (const argument of args) {
		for (const name in argument) {
			if (/^(file|path|linux_binprm|sock|sockaddr|sockaddrun|module|capability|net_dev|string)_arg$/.test(name)) {
				return name === 'string_arg' ? text(argument[name]) : argumentText({[name]: argument[name]});
			}
		}
	}

	return '';
}

/** Data, return value and message: what every hook can have. */
function tail(body: EventBody): string[] {
	const data =
		Array.isArray(body.data) && body.data.length > 0
			? [`[${body.data.filter(isObject).map(argumentText).join(', ')}]`]
			: [];
	const result = isObject(body.return) && Object.keys(body.return).length > 0 ? [`= ${argumentText(body.return)}`] : [];
	const message = text(body.message) === '' ? [] : [JSON.stringify(body.message)];
	return [...data, ...result, ...message];
}

function argumentsIn(body: EventBody): readonly Argument[] {
	return Array.isArray(body.args) ? body.args.filter(isObject) : [];
}

function isObject(value: unknown): value is Argument {
	return typeof value === 'object' && value !== null;
}

function hex(value: unknown): string {
	try {
		return BigInt(text(value) || 0).toString(16);
	} catch {
		return '?';
	}
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
