/**
One event as `tetra getevents -o compact` prints it, to the byte: sign and verb, source, binary, and what the event is
about. Where tetra gives up (a rate limit line, an event newer than it, one without a process) or dies (a hook whose
argument is of another type), a line is printed all the same.
*/
import process from 'node:process';
import {argumentsOf, syscallName, withoutArch} from '../describe/syscalls.js';
import {unknownCase} from '../describe/unknown-event.js';
import {type Argument, type Event, type EventBody, kindOf} from '../event/event.js';
import {decodeEvent} from '../wire/decode.js';
import {type View, viewOf} from '../wire/schema-table.js';
import {imaHash, stackTraces} from './compact-below.js';
import {hookText} from './compact-hooks.js';
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

const processView: View = {binary: true, arguments: true, pod: {namespace: true, name: true}, cap: {effective: true}};
/** The fields that a compact line is made of; all others are passed over undecoded. */
const view = viewOf('GetEventsResponse', {
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
	process_usdt: {process: processView, path: true, provider: true, name: true},
	process_lsm: {process: processView, function_name: true, args: true, ima_hash: true},
	process_throttle: true,
	test: true,
	rate_limit_info: true,
	node_name: true,
	time: true,
});

/** Without a line feed at its end; with stack traces it is several lines. */
export function compactLine(event: Event, options: CompactOptions = {}): string {
	const paint = options.color === true ? colorPaint : noPaint;
	const time = options.timestamps === true ? `${nineDigits(event.time)} ` : '';
	const traces = options.stackTraces === false ? '' : stackTraces(paint, event);
	const hash = options.imaHash === false ? '' : imaHash(paint, event);
	return `${time}${eventText(paint, event, options)}${traces}${hash}`;
}

/** The same from an event's frame, several times faster than by way of the whole event. Bytes that are no event say so. */
export function compactLineOfFrame(bytes: Uint8Array, options: CompactOptions = {}): string {
	let event: Event;
	try {
		event = decodeEvent(bytes, view);
	} catch {
		return `❓ unknown ${bytes.length} bytes that are no event`;
	}

	return compactLine(event, options);
}

function eventText(paint: Paint, event: Event, options: CompactOptions): string {
	const kind = kindOf(event);
	const node = event.node_name ?? '';
	const body: EventBody = kind === 'unknown' ? {} : (event[kind] ?? {});
	switch (kind) {
		case 'unknown': {
			const what = unknownCase(event);
			const words = what === '' ? 'event without content' : `event ${quotedWhenNeeded(what)}, newer than tetratop`;
			return `${head(paint, '❓', 'unknown')} ${paint.green(quotedWhenNeeded(node))} ${words}`;
		}

		case 'test': {
			return 'TEST EVENT';
		}

		case 'rate_limit_info': {
			const count = String(body['number_of_dropped_process_events'] ?? '0');
			return `${head(paint, '❓', 'rate_limit_info')} ${paint.green(quotedWhenNeeded(node))} ${quotedWhenNeeded(count)} events dropped by the exporter`;
		}

		case 'process_throttle': {
			return throttleText(paint, body);
		}

		default: {
			const line = `${processText(paint, kind, node, body, options)}`;
			return withCapabilities(paint, line, body.process);
		}
	}
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

function processText(paint: Paint, kind: string, node: string, body: EventBody, options: CompactOptions): string {
	const source = sourceAndBinary(paint, node, body.process);
	switch (kind) {
		case 'process_exec': {
			return `${head(paint, '🚀', 'process')} ${source} ${paint.cyan(text(body.process?.arguments))}`;
		}

		case 'process_exit': {
			const ended = paint.red(text(body.signal) || String(body.status ?? 0));
			return `${head(paint, '💥', 'exit')} ${source} ${paint.cyan(text(body.process?.arguments))} ${ended}`;
		}

		case 'process_loader': {
			const id = body['buildid'];
			const hex = typeof id === 'string' && id !== '' ? `${Buffer.from(id, 'base64').toString('hex')} ` : '';
			return `${head(paint, '🧬', 'loader')} ${source} ${hex}${paint.yellow(text(body['path']))}`;
		}

		case 'process_kprobe': {
			const name = typeof body.function_name === 'string' ? body.function_name : '';
			const {event, rest} = hookText(paint, withoutArch(name), name, argumentsIn(body));
			return rest === undefined ? `${event} ${source}` : `${event} ${source} ${rest}`;
		}

		case 'process_tracepoint': {
			if (body['subsys'] === 'raw_syscalls' && body['event'] === 'sys_enter') {
				return `${head(paint, '☎ ', 'syscall')} ${source} ${rawSyscall(argumentsIn(body), options.abi ?? ownAbi)}`;
			}

			return `${head(paint, '⁉️', 'tracepoint')} ${source} ${text(body['subsys'])} ${text(body['event'])}`;
		}

		case 'process_uprobe': {
			return `${head(paint, '🕵️', 'uprobe')} ${source} ${text(body['path'])} ${text(body['symbol'])}`;
		}

		case 'process_usdt': {
			return `${head(paint, '🕵️', 'usdt')} ${source} ${text(body['path'])} ${text(body['provider'])} ${text(body['name'])}`;
		}

		default: {
			return `${head(paint, '🔒', 'LSM')} ${source} ${text(body.function_name)}`;
		}
	}
}

const ownAbi = process.arch === 'arm64' ? 'arm64' : 'x64';

/** The number is the first argument, alone before v1.3; calls of other ABIs have its name in front and no arguments. */
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

/** Go prints a time that is not there as the epoch. */
function nineDigits(time: unknown): string {
	const match = typeof time === 'string' ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time) : null;
	return match === null ? '1970-01-01T00:00:00.000000000Z' : `${match[1]}.${(match[2] ?? '').padEnd(9, '0')}Z`;
}
