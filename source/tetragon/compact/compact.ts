/**
One event as `tetra getevents -o compact` prints it, to the byte: symbol and verb, source, binary, and the object. Where tetra
prints nothing (a rate limit line, an event newer than it, one without a process) or crashes (a hook whose argument is of
another type), a line is printed too.
*/
import process from 'node:process';
import type {ByteText} from '../../runtime/byte-text.js';
import {argumentsOf, syscallName, withoutArch} from '../describe/syscalls.js';
import {unknownCase} from '../describe/unknown-event.js';
import {type Argument, bodyOf, type Event, type EventBody, kindOf} from '../event/event.js';
import type {KnownKind} from '../event/kinds.js';
import {decodeEvent} from '../wire/decode.js';
import {withCarried} from '../wire/newer-case.js';
import {type View, viewOf} from '../wire/schema-table.js';
import {imaHash, stackTraces} from './compact-below.js';
import {writePlainLine} from './compact-frame.js';
import {type HookText, hookText} from './compact-hooks.js';
import {colorPaint, head, noPaint, type Paint, sourceAndBinary, withCapabilities} from './compact-text.js';
import {quotedWhenNeeded} from './go-quote.js';

export type CompactOptions = {
	/** The time of the event in front, with nine digits. */
	readonly timestamps?: boolean;
	readonly color?: boolean;
	/** Kernel and user stack traces of kprobes, below the line; on unless false. */
	readonly stackTraces?: boolean;
	/** The IMA hash of LSM hooks, below the line; on unless false. */
	readonly imaHash?: boolean;
	/** The ABI whose system calls need no prefix: that of this machine, as in tetra, unless given. */
	readonly abi?: 'x64' | 'arm64';
};

const ownAbi = process.arch === 'arm64' ? 'arm64' : 'x64';

const processView: View = {binary: true, arguments: true, pod: {namespace: true, name: true}, cap: {effective: true}};
/** The fields that a compact line is made of, by kind; all others are passed over undecoded. */
const views: Readonly<Record<KnownKind, View | true>> = {
	process_exec: {process: processView},
	process_exit: {process: processView, signal: true, status: true},
	process_kprobe: {
		process: processView,
		function_name: true,
		args: true,
		kernel_stack_trace: true,
		user_stack_trace: true,
	},
	process_tracepoint: {process: processView, subsys: true, event: true, args: true},
	process_loader: {process: processView, path: true, buildid: true},
	process_uprobe: {process: processView, path: true, symbol: true},
	process_throttle: true,
	process_lsm: {process: processView, function_name: true, args: true, ima_hash: true},
	process_usdt: {process: processView, path: true, provider: true, name: true},
	test: true,
	rate_limit_info: true,
};
const view = viewOf('GetEventsResponse', {...views, node_name: true, time: true});

/** Without a line feed at its end; with stack traces it is several lines. */
export function compactLine(event: Event, options: CompactOptions = {}): string {
	const paint = options.color === true ? colorPaint : noPaint;
	const time = options.timestamps === true ? `${nineDigits(event.time)} ` : '';
	const traces = options.stackTraces === false ? '' : stackTraces(paint, event);
	const hash = options.imaHash === false ? '' : imaHash(paint, event);
	return `${time}${eventText(paint, event, options)}${traces}${hash}`;
}

/** The same from an event's frame; it decodes only the fields of the line. Unreadable bytes give a line that says so. */
export function compactLineOfFrame(bytes: Uint8Array, options: CompactOptions = {}): string {
	let event: Event;
	try {
		event = withCarried(decodeEvent(bytes, view), bytes);
	} catch {
		return `${malformedStart}${bytes.length} bytes that are no event`;
	}

	return compactLine(event, options);
}

/** No other line begins with a number here: the line of an event without content has its node. */
const malformedStart = '❓ unknown ';

/** Whether a text of compactLineOfFrame() says that the bytes are no event. */
export function isMalformedCompact(text: string): boolean {
	return text.startsWith(malformedStart) && text.endsWith(' bytes that are no event');
}

/** compactLineOfFrame in bytes; `no event`: the line says so. */
export function writeCompactLine(out: ByteText, bytes: Uint8Array, options: CompactOptions = {}): 'event' | 'no event' {
	// The same for every ABI, and without stack traces or hashes: execs and exits have none.
	const isPlain = options.color !== true && options.timestamps !== true;
	if (isPlain && writePlainLine(out, bytes)) {
		return 'event';
	}

	const line = compactLineOfFrame(bytes, options);
	out.text(line);
	return isMalformedCompact(line) ? 'no event' : 'event';
}

function eventText(paint: Paint, event: Event, options: CompactOptions): string {
	const kind = kindOf(event);
	const node = event.node_name ?? '';
	if (kind === 'unknown') {
		const what = unknownCase(event);
		const words = what === '' ? 'event without content' : `event ${quotedWhenNeeded(what)}`;
		const body = bodyOf(event);
		const source =
			body === undefined ? paint.green(quotedWhenNeeded(node)) : sourceAndBinary(paint, node, body.process);
		return `${head(paint, '❓', 'unknown')} ${source} ${words}`;
	}

	return lines[kind](paint, event[kind] ?? {}, node, options);
}

type Line = (paint: Paint, body: EventBody, node: string, options: CompactOptions) => string;

const lines: Readonly<Record<KnownKind, Line>> = {
	process_exec: ofProcess((paint, body) => ({
		event: head(paint, '🚀', 'process'),
		rest: paint.cyan(text(body.process?.arguments)),
	})),
	process_exit: ofProcess((paint, body) => ({
		event: head(paint, '💥', 'exit'),
		rest: `${paint.cyan(text(body.process?.arguments))} ${paint.red(text(body.signal) || String(body.status ?? 0))}`,
	})),
	process_kprobe: ofProcess((paint, body) => {
		const name = typeof body.function_name === 'string' ? body.function_name : '';
		return hookText(paint, withoutArch(name), name, argumentsIn(body));
	}),
	process_tracepoint: ofProcess((paint, body, {abi = ownAbi}) =>
		body['subsys'] === 'raw_syscalls' && body['event'] === 'sys_enter'
			? {event: head(paint, '☎ ', 'syscall'), rest: rawSyscall(argumentsIn(body), abi)}
			: {event: head(paint, '⁉️', 'tracepoint'), rest: `${text(body['subsys'])} ${text(body['event'])}`},
	),
	process_loader: ofProcess((paint, body) => {
		const id = body['buildid'];
		const digits = typeof id === 'string' && id !== '' ? `${Buffer.from(id, 'base64').toString('hex')} ` : '';
		return {event: head(paint, '🧬', 'loader'), rest: `${digits}${paint.yellow(text(body['path']))}`};
	}),
	process_uprobe: ofProcess((paint, body) => ({
		event: head(paint, '🕵️', 'uprobe'),
		rest: `${text(body['path'])} ${text(body['symbol'])}`,
	})),
	process_throttle: throttleText,
	process_lsm: ofProcess((paint, body) => ({event: head(paint, '🔒', 'LSM'), rest: text(body.function_name)})),
	process_usdt: ofProcess((paint, body) => ({
		event: head(paint, '🕵️', 'usdt'),
		rest: `${text(body['path'])} ${text(body['provider'])} ${text(body['name'])}`,
	})),
	test: () => 'TEST EVENT',
	rate_limit_info(paint, body, node) {
		const count = String(body['number_of_dropped_process_events'] ?? '0');
		return `${head(paint, '❓', 'rate_limit_info')} ${paint.green(quotedWhenNeeded(node))} ${quotedWhenNeeded(count)} events dropped by the exporter`;
	},
};

/** A line with the source and the binary after the event, and the trailer for capabilities at its end. */
function ofProcess(say: (paint: Paint, body: EventBody, options: CompactOptions) => HookText): Line {
	return (paint, body, node, options) => {
		const {event, rest} = say(paint, body, options);
		const line = `${event} ${sourceAndBinary(paint, node, body.process)}${rest === undefined ? '' : ` ${rest}`}`;
		return withCapabilities(paint, line, body.process);
	};
}

function throttleText(paint: Paint, body: EventBody): string {
	const type =
		body['type'] === 'THROTTLE_START'
			? paint.red('START')
			: body['type'] === 'THROTTLE_STOP'
				? paint.green('STOP ')
				: '';
	return `${paint.red('🧬 throttle')} ${type} ${text(body['cgroup'])}`;
}

/** The number is the first argument, and before v1.3 the only one. Calls of another ABI have its name in front and no arguments. */
function rawSyscall(args: readonly Argument[], abi: string): string {
	const [first] = args;
	const id = first?.['syscall_id'] as {readonly id?: number; readonly abi?: string} | undefined;
	const callAbi = typeof id === 'object' ? (id?.abi ?? '') : abi;
	const name = syscallName(callAbi, typeof id === 'object' ? (id?.id ?? 0) : Number(first?.['long_arg'] ?? -1));
	if (name === '') {
		return 'unknown';
	}

	if (callAbi !== abi) {
		return `${quotedWhenNeeded(callAbi)}/${name}`;
	}

	const known = argumentsOf(name);
	if (known === undefined) {
		return name;
	}

	const values = known.map(({type, name: label}, index) => {
		const value = args[index + 1]?.['size_arg'];
		if (value === undefined) {
			return `${type} ${label}=?`;
		}

		return type.endsWith('*') ? `${type}${label}=0x${hex(value)}` : `${type} ${label}=${text(String(value))}`;
	});
	return `${name}(${values.join(', ')})`;
}

function hex(value: unknown): string {
	try {
		return BigInt(value as string).toString(16);
	} catch {
		return '0';
	}
}

function argumentsIn(body: EventBody): readonly Argument[] {
	return Array.isArray(body.args) ? body.args.filter(isObject) : [];
}

function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
	return typeof value === 'string' ? quotedWhenNeeded(value) : '';
}

/** Go prints a missing time as the epoch. */
function nineDigits(time: unknown): string {
	const match = typeof time === 'string' ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time) : null;
	return match === null ? '1970-01-01T00:00:00.000000000Z' : `${match[1]}.${(match[2] ?? '').padEnd(9, '0')}Z`;
}
