/** Reads who sent which signal to whom out of the event of a hook that sees signals. */
import {type Argument, bodyOf, type Event, kindOf} from '../../tetragon/event/event.js';
import {signalName} from './signal-names.js';

/** Functions that see a signal on its way: the kernel's own checks, the system calls, the tracepoints. */
const signalHooks =
	/(?:^|_)(?:task_kill|sys_kill|sys_tkill|sys_tgkill|group_send_sig_info|do_send_sig_info|signal_generate)$|signal\/signal_generate$|sys_enter_(?:kill|tkill|tgkill)$/;

/** Cheap: every hook event is asked. */
export function seesSignals(functionName: string): boolean {
	return signalHooks.test(functionName);
}

/** The numbers of a signal's hook; undefined: they are not in the event. */
export type SignalWords = {readonly target: number; readonly signal: string; readonly isContainerPid: boolean};

export function signalIn(event: Event): SignalWords | undefined {
	const body = bodyOf(event);
	const isTracepoint = kindOf(event) === 'process_tracepoint';
	const name = isTracepoint ? `${body?.['subsys']}/${body?.['event']}` : String(body?.function_name ?? '');
	const args = body?.args ?? [];
	// tgkill(tgid, tid, sig): the signal is the last number of all these calls. A tracepoint has its own order.
	const numbers = isTracepoint ? [] : args.map(numberOf).filter(number => number !== undefined);
	const target = labelled(args, /^(?:target|pid|tgid)$/i) ?? (numbers.length > 1 ? numbers[0] : undefined);
	const signal = labelled(args, /^(?:signal|sig)$/i) ?? (numbers.length > 1 ? numbers.at(-1) : undefined);
	const isContainerPid = /sys_(?:enter_)?t?g?kill$/.test(name);
	if (target === undefined || signal === undefined || signal <= 0 || signal > 64) {
		return undefined;
	}

	return {target, signal: signalName(signal), isContainerPid};
}

function labelled(args: readonly Argument[], label: RegExp): number | undefined {
	const found = args.find(argument => typeof argument.label === 'string' && label.test(argument.label));
	return found && numberOf(found);
}

function numberOf(argument: Argument): number | undefined {
	for (const name of ['int_arg', 'uint_arg', 'long_arg', 'size_arg']) {
		const value = argument[name];
		const number = typeof value === 'string' && value !== '' ? Number(value) : value;
		if (typeof number === 'number' && Number.isInteger(number)) {
			return number;
		}
	}

	return undefined;
}
